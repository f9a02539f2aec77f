"""Events have two faces: core/v1 (how they are stored) and events.k8s.io/v1."""

from typing import Any

Json = dict[str, Any]

_PAIRS = (
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("reportingComponent", "reportingController"),
)


def event_from_store(obj: Json) -> Json:
    """A stored event as events.k8s.io/v1."""
    return _renamed(obj, dict(_PAIRS)) | {"apiVersion": "events.k8s.io/v1"}


def event_to_store(obj: Json) -> Json:
    """An event of events.k8s.io/v1 as it is stored."""
    return _renamed(obj, {new: old for old, new in _PAIRS}) | {"apiVersion": "events.k8s.io/v1"}


def _renamed(obj: Json, names: dict[str, str]) -> Json:
    return {names.get(key, key): value for key, value in obj.items()}
