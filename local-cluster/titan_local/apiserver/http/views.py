"""Events have two forms: core/v1, in which they are stored, and events.k8s.io/v1. All other objects have one."""

from titan_api.json_types import Json
from titan_local.apiserver.rules.resources import ResourceType

EVENTS_GROUP = "events.k8s.io"
_NEW_NAMES = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_OLD_NAMES = {new: old for old, new in _NEW_NAMES.items()}


def has_other_form(resource: ResourceType) -> bool:
    """Whether clients of a resource see another form than the stored one."""
    return resource.group == EVENTS_GROUP


def to_client(resource: ResourceType, obj: Json) -> Json:
    """A stored object as clients of a resource see it."""
    if not has_other_form(resource):
        return obj
    return _renamed(obj, _NEW_NAMES) | {"apiVersion": f"{EVENTS_GROUP}/v1"}


def to_store(resource: ResourceType, obj: Json) -> Json:
    """What a client of a resource sent, as it is stored."""
    if not has_other_form(resource):
        return obj
    return _renamed(obj, _OLD_NAMES) | {"apiVersion": "v1"}


def _renamed(obj: Json, names: dict[str, str]) -> Json:
    return {names.get(key, key): value for key, value in obj.items()}
