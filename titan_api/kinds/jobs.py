"""TitanJob: one unit of work, in a DAG or alone."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from titan_api import defaults
from titan_api.job_fields import default_of
from titan_api.kinds.fields import (
    UID,
    ApprovalTerms,
    Conditions,
    Count,
    Digest,
    JobID,
    LongText,
    MicroTime,
    Model,
    ObjectName,
    Quantity,
    RelativePath,
    ShortText,
    UserName,
    within,
)

Argument = Annotated[str, StringConstraints(max_length=defaults.LONGEST_ARGUMENT)]
LabelKey = Annotated[str, StringConstraints(min_length=1, max_length=317)]
LabelValue = Annotated[str, StringConstraints(max_length=63)]
ResourceName = Annotated[str, StringConstraints(min_length=1, max_length=317)]


class InlineSource(Model):
    """A short script inside the object itself."""

    file_name: RelativePath
    content: Annotated[str, StringConstraints(max_length=defaults.INLINE_SOURCE_LIMIT)]


class ScriptSource(Model):
    """A script in the store, by digest."""

    file_name: RelativePath
    digest: Digest


class ArchiveSource(Model):
    """A zip in the store, by digest, and the script inside it."""

    digest: Digest
    entrypoint: RelativePath


class ContainerSource(Model):
    """An image that runs as it is, without Titan's runner."""

    image: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    command: Annotated[list[Argument], Field(max_length=64)] = []


class Source(Model):
    """What runs: exactly one of the four."""

    rules: ClassVar[list[tuple[str, str]]] = [
        (
            "[has(self.inline), has(self.script), has(self.archive), has(self.container)]"
            ".filter(given, given).size() == 1",
            "source needs exactly one of inline, script, archive, container",
        ),
    ]

    inline: InlineSource | None = None
    script: ScriptSource | None = None
    archive: ArchiveSource | None = None
    container: ContainerSource | None = None


class ParentReference(Model):
    """A job that must have succeeded before this one starts."""

    job_id: JobID
    """The parent's id inside the same DAG."""
    name: ObjectName | None = None
    """Name of the TitanJob, for a parent of an earlier DAG; resolved once, at submission."""
    uid: UID | None = None
    """uid of that TitanJob."""


class RetrySpec(Model):
    """How often a failed attempt is repeated."""

    limit: Annotated[int, within("retries")] = defaults.RETRY_LIMIT
    """Attempts after the first."""
    backoff_seconds: Annotated[int, within("backoff")] = defaults.BACKOFF_SECONDS
    """Pause before the second attempt; doubles each time, up to maxBackoffSeconds."""
    max_backoff_seconds: Annotated[int, within("max_backoff")] = default_of("max_backoff")
    """Longest pause between two attempts."""


class EnvVar(Model):
    """One environment variable of the program."""

    name: Annotated[
        str, StringConstraints(pattern=f"^{defaults.VARIABLE_NAME}$", max_length=defaults.LONGEST_VARIABLE_NAME)
    ]
    value: Annotated[str, StringConstraints(max_length=32_768)] = ""


class Resources(Model):
    """As in a container's resources; limits that are absent equal the requests of extended resources."""

    requests: Annotated[dict[ResourceName, Quantity], Field(max_length=16)] = {}
    limits: Annotated[dict[ResourceName, Quantity], Field(max_length=16)] = {}


class Toleration(Model):
    """As in core/v1."""

    key: LabelKey | None = None
    operator: Literal["Exists", "Equal"] | None = None
    value: LabelValue | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    toleration_seconds: Annotated[int, Field(ge=0)] | None = None


class VolumeOverride(Model):
    """A volume of one of the three permitted kinds and where it is mounted."""

    rules: ClassVar[list[tuple[str, str]]] = [
        (
            "[has(self.persistentVolumeClaim), has(self.configMap), has(self.emptyDirSizeLimit)]"
            ".filter(given, given).size() == 1",
            "a volume needs exactly one of persistentVolumeClaim, configMap, emptyDirSizeLimit",
        ),
    ]

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
    mount_path: Annotated[str, StringConstraints(pattern=r"^/", max_length=1024)]
    read_only: bool = False
    persistent_volume_claim: ObjectName | None = None
    config_map: ObjectName | None = None
    empty_dir_size_limit: Quantity | None = None


class PodOverrides(Model):
    """What a user may set on the pod beyond the typed fields: an allow-list without hostPath or ServiceAccount."""

    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=32)] = {}
    annotations: Annotated[dict[LabelKey, ShortText], Field(max_length=32)] = {}
    tolerations: Annotated[list[Toleration], Field(max_length=16)] = []
    node_selector: Annotated[dict[LabelKey, LabelValue], Field(max_length=16)] = {}
    volumes: Annotated[list[VolumeOverride], Field(max_length=16)] = []
    scheduler_name: Annotated[str, StringConstraints(max_length=defaults.LONGEST_NAME)] | None = None
    runtime_class_name: Annotated[str, StringConstraints(max_length=defaults.LONGEST_NAME)] | None = None


class TitanJobSpec(Model):
    """What was asked for. Immutable but for cancel and suspend."""

    mutable_fields: ClassVar[frozenset[str]] = frozenset({"cancel", "suspend"})
    rules: ClassVar[list[tuple[str, str]]] = [
        ("self.type == 'Run' || has(self.port)", "a job of type Service needs spec.port"),
        ("self.type == 'Run' || !has(self.approval)", "a job of type Service cannot have an approval"),
    ]

    dag: ObjectName | None = None
    """Name of the TitanDAG. Absent: the job stands alone."""
    job_id: JobID
    """The user's own id, unique inside the DAG."""
    source: Source
    args: Annotated[list[Argument], Field(max_length=defaults.MOST_ARGUMENTS)] = []
    type: Literal["Run", "Service"] = "Run"
    parents: Annotated[list[ParentReference], Field(max_length=defaults.MOST_PARENTS)] = []
    requirement: Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)] = (
        defaults.REQUIREMENT
    )
    """A capability profile of the operator's settings, or a tag that nodes carry as a label."""
    priority: Annotated[int, within("priority")] = defaults.PRIORITY
    """Higher first; the scheduler knows the classes 1 to 10."""
    delay_milliseconds: Annotated[int, within("delay")] = 0
    """Counted from the moment the parents are done."""
    affinity: bool = False
    """Prefer the nodes on which the parents ran."""
    port: Annotated[int, Field(ge=1, le=defaults.LARGEST_PORT)] | None = None
    retry: RetrySpec = RetrySpec()
    active_deadline_seconds: Annotated[int, within("timeout")] | None = None
    """Longest time of one attempt."""
    approval: ApprovalTerms | None = None
    """A gate behind the job: its children wait until people approved."""
    env: Annotated[
        list[EnvVar],
        Field(
            max_length=128,
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = []
    secrets: Annotated[list[ObjectName], Field(max_length=16)] = []
    """Names of Secrets whose keys become environment variables."""
    resources: Resources = Resources()
    image: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    """Image with Python >= 3.9 for the program. Absent: the profile's."""
    pod_overrides: PodOverrides = PodOverrides()
    suspend: bool = False
    """No new attempt is started."""
    cancel: bool = False
    requested_by: UserName | None = None
    """The API server's name of who created this object."""


JobPhase = Literal["Pending", "Running", "Serving", "Succeeded", "Failed", "Cancelled"]


class Attempt(Model):
    """One pod's try at the job."""

    number: Annotated[int, Field(ge=1, le=100_000)]
    pod: ObjectName
    pod_uid: UID | None = None
    node_name: ObjectName | None = None
    start_time: MicroTime | None = None
    end_time: MicroTime | None = None
    """Absent while the attempt lasts."""
    exit_code: Annotated[int, Field(ge=-1_000, le=1_000)] | None = None
    reason: Annotated[str, StringConstraints(max_length=64)] | None = None
    message: LongText | None = None


class WorkspaceInput(Model):
    """An attempt that succeeded, whose files another job finds in its workspace."""

    job: UID
    """uid of the TitanJob."""
    attempt: Annotated[int, Field(ge=1, le=100_000)]


class ParentOutcome(Model):
    """What became of a parent, copied so that the parent's expiry is harmless."""

    job_id: JobID
    node_name: ObjectName | None = None
    completion_time: MicroTime | None = None
    inputs: Annotated[list[WorkspaceInput], Field(max_length=1_000)] = []
    """Whose files it left: its own, or its parents' if it ran without Titan's runner."""


class TitanJobStatus(Model):
    """Written by the operator alone."""

    observed_generation: Annotated[int, Field(ge=0)] = 0
    phase: JobPhase = "Pending"
    run: Count = 0
    """The DAG's spec.run that the other fields speak of."""
    attempt: Count = 0
    """Number of the newest attempt; 0 before the first."""
    failures: Count = 0
    """Attempts of this run that the program itself failed; counted against spec.retry.limit."""
    infrastructure_failures: Count = 0
    """Attempts of this run that were lost through no fault of the program."""
    attempts: Annotated[list[Attempt], Field(max_length=10)] = []
    """The last ten, oldest first."""
    node_name: ObjectName | None = None
    """Node of the newest attempt."""
    ready_time: MicroTime | None = None
    """When the parents were done; delayMilliseconds counts from here."""
    start_time: MicroTime | None = None
    completion_time: MicroTime | None = None
    parent_outcomes: Annotated[list[ParentOutcome], Field(max_length=defaults.MOST_PARENTS)] = []
    approval: Literal["Scheduled", "Pending", "Approved", "Rejected", "TimedOut"] | None = None
    """Verdict of the gate behind the job."""
    address: Annotated[str, StringConstraints(max_length=512)] | None = None
    """host:port at which other pods reach a service, while it runs."""
    conditions: Conditions = []


class TitanJob(Model):
    """One job."""

    spec: TitanJobSpec
    status: TitanJobStatus = TitanJobStatus()
