"""TitanApprovals as the operator remembers them."""

from dataclasses import dataclass
from datetime import datetime

from titan_api import names
from titan_operator.records.objects import Condition, Key, Meta


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said; ``time`` is when the operator first saw it."""

    user: str
    verdict: str
    comment: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """status of a TitanApproval."""

    phase: str = "Scheduled"
    opened: datetime | None = None
    deadline: datetime | None = None
    decided: datetime | None = None
    decided_by: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    conditions: tuple[Condition, ...] = ()
    observed_generation: int = 0
    unproven: tuple[str, ...] = ()
    """Users whose decisions were made while nothing proved who decides: they do not count."""


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """A TitanApproval."""

    meta: Meta
    job: str
    job_uid: str
    message: str
    timeout_seconds: int
    required_approvals: int
    decisions: tuple[Decision, ...]
    status: ApprovalStatus
    dag: str | None = None
    """Name of the TitanDAG, for counting open gates."""
    round: int = 1
    """The run of the job for which it was made."""

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(names.KIND_APPROVAL, self.meta.namespace, self.meta.name)
