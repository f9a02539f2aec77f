"""PersistentVolumeClaims."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, choice_errors, prohibited, required

_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
_FIXED_TEXT = (
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
)


def prepare_claim(obj: Json, *, is_new: bool) -> Json:
    """The claim with what the API server fills in."""
    spec = {"volumeMode": "Filesystem", **(obj.get("spec") or {})}
    return obj | {"spec": spec} | ({"status": {"phase": "Pending"}} if is_new else {})


def claim_errors(obj: Json, old: Json | None) -> Iterator[FieldError]:
    """Every mistake of a claim."""
    spec = obj.get("spec") or {}
    modes = spec.get("accessModes") or []
    if not modes:
        yield required("spec.accessModes", "at least 1 access mode is required")
    for mode in modes:
        yield from choice_errors("spec.accessModes", mode, _MODES)
    if "storage" not in ((spec.get("resources") or {}).get("requests") or {}):
        yield required("spec.resources[storage]")
    if old is not None and _fixed(old["spec"]) != _fixed(spec):
        yield prohibited("spec", _FIXED_TEXT)


def _fixed(spec: Json) -> Json:
    return {key: value for key, value in spec.items() if key not in ("resources", "volumeName")}
