"""Probes of containers."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, prohibited, required

_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_PERIODS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def default_probe(probe: Json) -> Json:
    """The probe with what the API server fills in."""
    filled = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    return {**probe, **{key: probe.get(key) or value for key, value in filled.items()}}


def probe_errors(probe: Json, path: str) -> Iterator[FieldError]:
    """Every mistake of one probe."""
    handlers = [name for name in _HANDLERS if probe.get(name) is not None]
    if not handlers:
        yield required(path, "must specify a handler type")
    for name in handlers[1:]:
        yield prohibited(f"{path}.{name}", "may not specify more than 1 handler type")
    for name in ("tcpSocket", "httpGet"):
        port = (probe.get(name) or {}).get("port")
        if isinstance(port, int) and not 1 <= port <= 65535:
            yield invalid_value(f"{path}.{name}.port", port, "must be between 1 and 65535, inclusive")
    for field in _PERIODS:
        if probe.get(field, 0) < 0:
            yield invalid_value(f"{path}.{field}", probe[field], "must be greater than or equal to 0")
