"""What every object has: where it lives, its metadata and its conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from titan_api.times import format_time


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
