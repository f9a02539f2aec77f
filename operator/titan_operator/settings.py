"""Everything that can be set from outside, in one frozen object; ``--config`` names a JSON file of these fields."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from titan_api import defaults, names
from titan_api.profiles import DEFAULT_PROFILES, Profile
from titan_operator.errors import ConfigurationError
from titan_operator.plan.observed import PodSettings

STORE_SERVICE = r"^$|^[a-z0-9-]+/(https?:)?[a-z][a-z0-9-]*:[a-z0-9-]*$"
Seconds = Annotated[float, Field(gt=0)]


def _alias(field: str) -> str:
    camel = to_camel(field)
    return camel[:-3] + "URL" if field.endswith("_url") else camel.replace("CaFile", "CAFile")


class _Model(BaseModel):
    model_config = ConfigDict(
        alias_generator=_alias, populate_by_name=True, frozen=True, extra="forbid", use_attribute_docstrings=True
    )


class LeaderElectionSettings(_Model):
    """Which of several operators works; the others stand by with a warm cache."""

    enabled: bool = False
    """Off: there is only one operator, and a start need not wait for the Lease of a killed process to expire."""
    namespace: str = names.SYSTEM_NAMESPACE
    """Where the Lease is."""
    name: str = "titan-operator"
    """Operators that name the same Lease elect one among themselves."""
    lease_duration_seconds: Seconds = 15.0
    """A standby takes over when the Lease has not changed for so long: the longest pause after a crash."""
    renew_deadline_seconds: Seconds = 10.0
    """A leader that could not renew for so long stops writing."""
    retry_period_seconds: Seconds = 2.0
    """Pause between tries: each is two requests."""

    @model_validator(mode="after")
    def check_order(self) -> "LeaderElectionSettings":
        """Each must leave room for the one before."""
        if not self.retry_period_seconds < self.renew_deadline_seconds < self.lease_duration_seconds:
            raise ValueError("retryPeriodSeconds < renewDeadlineSeconds < leaseDurationSeconds must hold")
        return self


class Settings(_Model):
    """One operator process."""

    store_url: str = "http://titan-store.titan-system.svc:9090"
    """Where pods and the operator reach the store."""
    store_token_file: Path | None = None
    """A token with audience titan-store, read again for each request. Absent: the store is asked without one."""
    store_ca_file: Path | None = None
    """PEM of the authority that vouches for a store with https, read again when it changes; pods are given it, too.
    Absent: the machine's own authorities."""
    store_service: Annotated[str, Field(pattern=STORE_SERVICE)] = ""
    """Where people reach the store through the API server, "NAMESPACE/https:SERVICE:PORT"; written on each namespace's
    ServiceAccount titan-client. Empty: nothing is written, and clients try titan-system/titan-store:api."""
    approvals: Literal["Require", "Allow"] = "Allow"
    """Without the admission policies that prove who decides: Require counts no decision, Allow only says so."""
    runner_image: str = "titan-runner:latest"
    """Image of pods that name none; it must hold Titan's runner."""
    namespaces: list[str] = []
    """Serve only these; empty: all. With a list, rights on cluster-wide objects are not needed."""
    probe_host: str = "127.0.0.1"
    """Address of /healthz, /readyz and /metrics; in a pod 0.0.0.0, so that the kubelet reaches it."""
    probe_port: Annotated[int, Field(ge=0, le=defaults.LARGEST_PORT)] = 0
    """Port of the probes; 0 takes a free one and logs it."""
    profiles: dict[str, Profile] = {}
    """By requirement tag; they replace or join GENERAL, PYTHON, GPU and HIGH_MEM."""
    service_host: str = ""
    """Host at which pods reach every service. Empty: by DNS, NAME.NAMESPACE.svc; only a cluster without it needs one."""
    infrastructure_limit: Annotated[int, Field(ge=0)] = 10
    """Attempts of one job that may be lost through no fault of the program before the job fails."""
    finished_pod_seconds: Annotated[float, Field(ge=0)] = 600.0
    """How long pods of ended jobs stay for kubectl logs; more of them cost API server memory."""
    running_write_seconds: Annotated[float, Field(ge=0)] = 0.5
    """A job that ends sooner gets no Running write; smaller shows Running earlier and costs one API write a job."""
    resync_seconds: Seconds = 300.0
    """Pause between complete comparisons of the cache with the API server."""
    page_size: Annotated[int, Field(ge=1)] = 500
    """Objects a page of a list; bigger is quicker and costs the API server more memory."""
    request_seconds: Seconds = 10.0
    """Longest wait for one answer of the API server; a write of unknown fate is read back after it."""
    leader_election: LeaderElectionSettings = LeaderElectionSettings()
    """For more than one replica."""
    parallel_passes: Annotated[int, Field(ge=1)] = 32
    """Passes at once; each waits for at most one API call at a time."""

    @property
    def longest_request_seconds(self) -> float:
        """``requestSeconds``, but with an election less than what is left of a Lease when its holder stops writing."""
        election = self.leader_election
        if not election.enabled:
            return self.request_seconds
        return min(self.request_seconds, 0.8 * (election.lease_duration_seconds - election.renew_deadline_seconds))

    def pods(self) -> PodSettings:
        """What the planner needs of them."""
        return PodSettings(
            image=self.runner_image,
            store_url=self.store_url,
            profiles={**DEFAULT_PROFILES, **self.profiles},
            service_host=self.service_host,
            infrastructure_limit=self.infrastructure_limit,
            finished_pod_seconds=self.finished_pod_seconds,
            running_write_seconds=self.running_write_seconds,
        )


def load_settings(file: Path | None) -> Settings:
    """The settings of a JSON file; defaults for what it leaves out. Raises ConfigurationError with a sentence."""
    if file is None:
        return Settings()
    try:
        return Settings.model_validate_json(file.read_text())
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigurationError(f"{file}: {where}: {first['msg']}") from error
