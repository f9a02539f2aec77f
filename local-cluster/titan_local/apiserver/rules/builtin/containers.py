"""Containers of pods: their defaults, and what is wrong with them in the real server's words."""

import re
from collections.abc import Iterator
from typing import Any

from titan_api.defaults import LARGEST_PORT
from titan_api.json_types import Json
from titan_local.apiserver.rules import mistakes
from titan_local.apiserver.rules.builtin.probes import default_probe, probe_errors
from titan_local.apiserver.rules.builtin.resource_amounts import amount_errors
from titan_local.apiserver.rules.names import dns_label_errors, subdomain_errors
from titan_local.apiserver.rules.warnings import Warn

PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
PROTOCOLS = ["SCTP", "TCP", "UDP"]
_PULL_POLICIES = ["Always", "IfNotPresent", "Never"]
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef")
_POD_FIELDS = frozenset({
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
})  # fmt: skip
_POD_MAPS = re.compile(r"metadata\.(annotations|labels)\['.+'\]")


def default_container(container: Json) -> Json:
    """The container with what the API server fills in."""
    image = str(container.get("image") or "")
    tag = image.rpartition("/")[2]
    is_latest = tag.endswith(":latest") or (":" not in tag and "@" not in tag)
    defaults: Json = {
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "Always" if is_latest else "IfNotPresent",
    }
    result: Json = defaults | container
    limits = result["resources"].get("limits")
    if limits:
        requests = {**limits, **(result["resources"].get("requests") or {})}
        result["resources"] = result["resources"] | {"requests": requests}
    if result.get("ports"):
        result["ports"] = [{**port, "protocol": port.get("protocol", "TCP")} for port in result["ports"]]
    if result.get("env"):
        result["env"] = [_default_variable(variable) for variable in result["env"]]
    return result | {name: default_probe(result[name]) for name in PROBES if name in result}


def container_errors(container: Json, path: str, volumes: set[Any]) -> Iterator[mistakes.FieldError]:
    """Every mistake of one container, but for its name's being taken."""
    yield from dns_label_errors(f"{path}.name", str(container.get("name") or ""))
    image = container.get("image") or ""
    if not image:
        yield mistakes.required(f"{path}.image")
    elif image.strip() != image:
        yield mistakes.invalid_value(f"{path}.image", image, "must not have leading or trailing whitespace")
    yield from mistakes.choice_errors(f"{path}.imagePullPolicy", container.get("imagePullPolicy"), _PULL_POLICIES)
    yield from _port_errors(container.get("ports") or [], f"{path}.ports")
    for n, variable in enumerate(container.get("env") or []):
        yield from _variable_errors(variable, f"{path}.env[{n}]")
    for n, source in enumerate(container.get("envFrom") or []):
        yield from _source_errors(source, f"{path}.envFrom", n)
    yield from _mount_errors(container.get("volumeMounts") or [], f"{path}.volumeMounts", volumes)
    for name in PROBES:
        if container.get(name) is not None:
            yield from probe_errors(container[name], f"{path}.{name}")
    yield from amount_errors(container.get("resources") or {}, f"{path}.resources")


def warn_of_container(container: Json, path: str, warn: Warn) -> None:
    """Tell of what is legal and probably a mistake."""
    seen: list[str] = []
    for n, variable in enumerate(container.get("env") or []):
        if variable.get("name") in seen:
            name = variable["name"]
            warn(f'{path}.env[{n}]: hides previous definition of "{name}", which may be dropped when using apply')
        seen.append(variable.get("name"))
    ports = [
        (port.get("containerPort"), port.get("protocol"), port.get("hostIP")) for port in container.get("ports") or []
    ]
    for n, port in enumerate(ports):
        if port in ports[:n]:
            warn(f"{path}.ports[{n}]: duplicate port definition with {path}.ports[{ports.index(port)}]")
    for group in ("limits", "requests"):
        amount = ((container.get("resources") or {}).get(group) or {}).get("memory", "")
        if str(amount).endswith("m"):
            text = f'fractional byte value "{amount}" is invalid, must be an integer'
            warn(f"{path}.resources.{group}[memory]: {text}")


def port_name_errors(path: str, name: str) -> Iterator[mistakes.FieldError]:
    """A port's name, which services refer to."""
    if len(name) > 15:
        yield mistakes.invalid_value(path, name, "must be no more than 15 characters")
    if not re.fullmatch(r"[-a-z0-9]+", name):
        yield mistakes.invalid_value(
            path, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        )
    if not re.search(r"[a-z]", name):
        yield mistakes.invalid_value(path, name, "must contain at least one letter (a-z)")


def _default_variable(variable: Json) -> Json:
    field = (variable.get("valueFrom") or {}).get("fieldRef")
    if field is None:
        return variable
    return variable | {"valueFrom": variable["valueFrom"] | {"fieldRef": {"apiVersion": "v1", **field}}}


def _port_errors(ports: list[Json], path: str) -> Iterator[mistakes.FieldError]:
    names: set[str] = set()
    for n, port in enumerate(ports):
        number, name = port.get("containerPort") or 0, port.get("name") or ""
        if name:
            yield from port_name_errors(f"{path}[{n}].name", name)
            if name in names:
                yield mistakes.duplicate(f"{path}[{n}].name", name)
            names.add(name)
        if number == 0:
            yield mistakes.required(f"{path}[{n}].containerPort")
        else:
            yield from mistakes.range_errors(f"{path}[{n}].containerPort", number, 1, LARGEST_PORT)
        yield from mistakes.choice_errors(f"{path}[{n}].protocol", port.get("protocol"), PROTOCOLS)


def _variable_errors(variable: Json, path: str) -> Iterator[mistakes.FieldError]:
    name, source = variable.get("name") or "", variable.get("valueFrom")
    if not name:
        yield mistakes.required(f"{path}.name")
    elif "=" in name:
        text = "a valid environment variable name must consist only of printable ASCII characters other than '='"
        yield mistakes.invalid_value(f"{path}.name", name, text)
    if source is None:
        return
    if not any(source.get(kind) for kind in _SOURCES):
        text = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        yield mistakes.invalid_value(f"{path}.valueFrom", "", text)
    elif variable.get("value"):
        yield mistakes.invalid_value(f"{path}.valueFrom", "", "may not be specified when `value` is not empty")
    for kind in ("configMapKeyRef", "secretKeyRef"):
        if source.get(kind) is not None and not source[kind].get("key"):
            yield mistakes.required(f"{path}.valueFrom.{kind}.key")
    field = (source.get("fieldRef") or {}).get("fieldPath")
    if field and field not in _POD_FIELDS and not _POD_MAPS.fullmatch(field):
        text = f"error converting fieldPath: field label not supported: {field}"
        yield mistakes.invalid_value(f"{path}.valueFrom.fieldRef.fieldPath", field, text)


def _source_errors(source: Json, path: str, position: int) -> Iterator[mistakes.FieldError]:
    given = [kind for kind in ("configMapRef", "secretRef") if source.get(kind) is not None]
    if not given:
        yield mistakes.invalid_value(path, "", "must specify one of: `configMapRef` or `secretRef`")
    for kind in given:
        yield from subdomain_errors(f"{path}[{position}].{kind}.name", source[kind].get("name") or "")


def _mount_errors(mounts: list[Json], path: str, volumes: set[Any]) -> Iterator[mistakes.FieldError]:
    taken: set[str] = set()
    for n, mount in enumerate(mounts):
        where = mount.get("mountPath") or ""
        if not mount.get("name"):
            yield mistakes.required(f"{path}[{n}].name")
        if mount.get("name") not in volumes:
            yield mistakes.FieldError(f"{path}[{n}].name", "Not found", mount.get("name") or "")
        if not where:
            yield mistakes.required(f"{path}[{n}].mountPath")
        elif where in taken:
            yield mistakes.invalid_value(f"{path}[{n}].mountPath", where, "must be unique")
        taken.add(where)
