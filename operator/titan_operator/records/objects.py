"""What every object has: where it lives, its metadata, its conditions, and times as the API writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

Raw = Mapping[str, Any]


class Key(NamedTuple):
    """Where an object lives."""

    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The part of metadata that matters."""

    namespace: str
    name: str
    uid: str
    resource_version: int
    generation: int
    created: datetime
    deleting: bool
    labels: Mapping[str, str]
    owner_uid: str | None
    """uid of the controlling owner."""


@dataclass(frozen=True, slots=True)
class Condition:
    """As in metav1.Condition."""

    type: str
    status: str
    reason: str
    message: str
    since: datetime

    def to_dict(self, generation: int) -> dict[str, Any]:
        """The JSON form; the generation is that of the object observed."""
        return {
            "type": self.type,
            "status": self.status,
            "reason": self.reason,
            "message": self.message,
            "lastTransitionTime": format_time(self.since),
            "observedGeneration": generation,
        }


def format_time(moment: datetime) -> str:
    """MicroTime: RFC 3339 in UTC with six digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: object) -> datetime | None:
    """A Time or MicroTime of the Kubernetes API; None for an absent or unreadable one."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
