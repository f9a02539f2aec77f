"""Volumes of pods."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, duplicate, invalid_value, prohibited, required
from titan_local.apiserver.rules.names import dns_label_errors

_REQUIRED = {"persistentVolumeClaim": "claimName", "configMap": "name", "secret": "secretName", "hostPath": "path"}
_MODE = 0o644
_SHORTEST_TOKEN_SECONDS = 600
_TOKEN_SECONDS = 3600


def default_volume(volume: Json) -> Json:
    """The volume with what the API server fills in: one of no kind is an empty directory."""
    kinds = [key for key in volume if key != "name"]
    if not kinds:
        return volume | {"emptyDir": {}}
    result = dict(volume)
    for kind in ("configMap", "secret", "projected"):
        if isinstance(volume.get(kind), dict):
            result[kind] = {"defaultMode": _MODE, **volume[kind]}
    if "projected" in result:
        sources = [_default_source(source) for source in result["projected"].get("sources") or []]
        result["projected"] = result["projected"] | {"sources": sources}
    if isinstance(volume.get("hostPath"), dict):
        result["hostPath"] = {"type": "", **volume["hostPath"]}
    return result


def volume_errors(volumes: list[Json]) -> Iterator[FieldError]:
    """Every mistake of a pod's volumes."""
    names: set[str] = set()
    for n, volume in enumerate(volumes):
        path, name = f"spec.volumes[{n}]", str(volume.get("name") or "")
        yield from dns_label_errors(f"{path}.name", name)
        if name and name in names:
            yield duplicate(f"{path}.name", name)
        names.add(name)
        kinds = [key for key in volume if key != "name"]
        for kind in kinds[1:]:
            yield prohibited(f"{path}.{kind}", "may not specify more than 1 volume type")
        for kind in kinds[:1]:
            field = _REQUIRED.get(kind)
            if field is not None and not volume[kind].get(field):
                yield required(f"{path}.{kind}.{field}")
        for position, source in enumerate((volume.get("projected") or {}).get("sources") or []):
            yield from _token_errors(source, f"{path}.projected.sources[{position}].serviceAccountToken")


def _default_source(source: Json) -> Json:
    token = source.get("serviceAccountToken")
    return source | {"serviceAccountToken": {"expirationSeconds": _TOKEN_SECONDS, **token}} if token else source


def _token_errors(source: Json, path: str) -> Iterator[FieldError]:
    token = source.get("serviceAccountToken")
    if token is None:
        return
    seconds = token.get("expirationSeconds", _TOKEN_SECONDS)
    if seconds < _SHORTEST_TOKEN_SECONDS:
        yield invalid_value(f"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
    if not token.get("path"):
        yield required(f"{path}.path")
