"""Services: defaults, and what is wrong with them in the real server's words."""

from collections.abc import Iterator
from typing import Any

from titan_api.defaults import LARGEST_PORT
from titan_api.json_types import Json
from titan_local.apiserver.rules import mistakes
from titan_local.apiserver.rules.builtin.containers import PROTOCOLS, port_name_errors
from titan_local.apiserver.rules.names import dns_label_errors, label_errors

_TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]


def prepare_service(obj: Json, *, is_new: bool) -> Json:
    """The service with what the API server fills in."""
    spec = {"type": "ClusterIP", "sessionAffinity": "None", **(obj.get("spec") or {})}
    if spec.get("ports"):
        spec["ports"] = [{"protocol": "TCP", "targetPort": port.get("port", 0), **port} for port in spec["ports"]]
    return obj | {"spec": spec} | ({"status": {"loadBalancer": {}}} if is_new else {})


def service_errors(obj: Json) -> Iterator[mistakes.FieldError]:
    """Every mistake of a service."""
    spec = obj.get("spec") or {}
    ports = spec.get("ports") or []
    if not ports and spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName":
        yield mistakes.required("spec.ports")
    yield from mistakes.choice_errors("spec.type", spec.get("type"), _TYPES)
    yield from label_errors("spec.selector", spec.get("selector") or {})
    names: set[str] = set()
    taken: set[tuple[Any, Any]] = set()
    for n, port in enumerate(ports):
        yield from _port_errors(port, f"spec.ports[{n}]", names, is_alone=len(ports) == 1)
        identity = (port.get("protocol"), port.get("port"))
        if identity in taken:
            yield mistakes.duplicate(f"spec.ports[{n}]", _as_go(port))
        taken.add(identity)


def _port_errors(port: Json, path: str, names: set[str], *, is_alone: bool) -> Iterator[mistakes.FieldError]:
    name, number, target = port.get("name") or "", port.get("port") or 0, port.get("targetPort")
    if name:
        yield from dns_label_errors(f"{path}.name", name)
        if name in names:
            yield mistakes.duplicate(f"{path}.name", name)
        names.add(name)
    elif not is_alone:
        yield mistakes.required(f"{path}.name")
    yield from mistakes.range_errors(f"{path}.port", number, 1, LARGEST_PORT)
    if isinstance(target, str):
        yield from port_name_errors(f"{path}.targetPort", target)
    else:
        yield from mistakes.range_errors(f"{path}.targetPort", target, 1, LARGEST_PORT)
    yield from mistakes.choice_errors(f"{path}.protocol", port.get("protocol"), PROTOCOLS)


def _as_go(port: Json) -> Json:
    """What is the same about two ports, as the real server shows it."""
    same = {"Name": "", "Protocol": port.get("protocol"), "AppProtocol": None, "Port": port.get("port")}
    return same | {"TargetPort": 0, "NodePort": 0}
