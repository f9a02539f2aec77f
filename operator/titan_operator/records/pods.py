"""The two sources of an attempt's end: its Pod, and the runner's record in the store."""

from dataclasses import dataclass
from datetime import datetime

from titan_operator.records.objects import Key, Meta

KIND_POD = "Pod"


@dataclass(frozen=True, slots=True)
class Termination:
    """How a pod's container ended."""

    exit_code: int
    reason: str
    message: str
    """The termination message: the runner's JSON, or free text."""
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class PodRecord:
    """A Pod of one attempt."""

    meta: Meta
    job: str
    job_uid: str
    attempt: int
    phase: str
    reason: str
    """status.reason, such as Evicted or DeadlineExceeded."""
    message: str
    node: str | None
    started: datetime | None
    disrupted: bool
    """Condition DisruptionTarget: the cluster, not the program, ended it."""
    unschedulable: str | None
    """The scheduler's words while it finds no node."""
    waiting: str | None
    """Why the container does not start, such as ``ErrImagePull: ...``."""
    termination: Termination | None
    """How its container ended, or for a container that was started again its former run."""
    serves: str = ""
    """uid of the TitanJob whose Deployment made it: then ``job_uid`` is empty, for it is the pod of no attempt."""

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(KIND_POD, self.meta.namespace, self.meta.name)

    @property
    def has_ended(self) -> bool:
        """Whether its containers have stopped for good."""
        return self.phase in ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The runner's durable record of one attempt in the store."""

    attempt: int
    phase: str
    """How far the runner came: fetch, run or publish."""
    exit_code: int | None
    reason: str
    message: str
    started: datetime | None
    ended: datetime | None
    conflicts: tuple[str, ...] = ()
    """Paths of which its parents left different versions."""

    @property
    def is_success(self) -> bool:
        """The program exited with 0 and everything was published."""
        return self.phase == "publish" and self.exit_code == 0

    @property
    def is_infrastructure(self) -> bool:
        """The runner, not the program, failed."""
        return not self.is_success and self.phase in ("fetch", "publish")
