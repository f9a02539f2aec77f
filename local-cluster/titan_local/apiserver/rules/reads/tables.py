"""Tables: what kubectl prints."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from titan_api.json_types import Raw
from titan_local.apiserver.rules.resources import Column, ResourceType

Cell = Callable[[Raw, datetime], Any]

_FILTER = re.compile(r'\[\?\(@\.([\w.]+)\s*==\s*["\']([^"\']*)["\']\)\]')


def table(
    resource: ResourceType, objects: Iterable[Raw], now: datetime, *, include_object: str, list_metadata: Raw
) -> dict[str, Any]:
    """A meta.k8s.io/v1 Table. ``include_object``: None, Metadata or Object."""
    columns = _columns(resource)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": dict(list_metadata),
        "columnDefinitions": [_definition(column) for column, _ in columns],
        "rows": [_row(columns, obj, now, include_object) for obj in objects],
    }


def human_age(since: str | None, now: datetime) -> str:
    """The time since a moment as kubectl prints it: 5s, 3m12s, 2d3h."""
    if not since:
        return "<unknown>"
    seconds = int((now - datetime.fromisoformat(since)).total_seconds())
    if seconds < 0:
        return "0s"
    if seconds < 120:
        return f"{seconds}s"
    minutes = seconds // 60
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    days = hours // 24
    return f"{days}d{hours % 24}h" if days < 8 and hours % 24 else f"{days}d"


def _columns(resource: ResourceType) -> list[tuple[Column, Cell]]:
    name = (Column("Name", "string", ".metadata.name", description="Name must be unique within a namespace."), _name)
    if resource.columns:
        return [name, *((column, _path_cell(column)) for column in resource.columns)]
    special = _BUILTIN.get(resource.plural, [])
    age = (Column("Age", "string", ".metadata.creationTimestamp"), _age)
    rows = [(Column(title, kind, "", priority), cell) for title, kind, priority, cell in special]
    visible = [row for row in rows if row[0].priority == 0]
    wide = [row for row in rows if row[0].priority > 0]
    if resource.plural == "events":
        return [*visible, *wide]
    if resource.plural == "customresourcedefinitions":
        return [name, *visible]
    return [name, *visible, age, *wide]


def _definition(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type,
        "format": "name" if column.name == "Name" else "",
        "description": column.description or f"{column.name} of the object",
        "priority": column.priority,
    }


def _row(columns: list[tuple[Column, Cell]], obj: Raw, now: datetime, include_object: str) -> dict[str, Any]:
    row: dict[str, Any] = {"cells": [cell(obj, now) for _, cell in columns]}
    if include_object == "Object":
        row["object"] = obj
    elif include_object != "None":
        row["object"] = {
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": obj.get("metadata", {}),
        }
    return row


def _path_cell(column: Column) -> Cell:
    if column.type == "date":
        return lambda obj, now: _date(_lookup(obj, column.json_path), now)
    return lambda obj, _: _lookup(obj, column.json_path)


def _date(value: Any, now: datetime) -> str | None:
    return human_age(str(value), now) if value else None


def _lookup(obj: Any, path: str) -> Any:
    """A value by Kubernetes' JSONPath, with filters of the form [?(@.type=="Ready")]."""
    match = _FILTER.search(path)
    if match is not None:
        items = _lookup(obj, path[: match.start()])
        found = [item for item in items or [] if str(_lookup(item, "." + match.group(1))) == match.group(2)]
        rest = path[match.end() :]
        return _lookup(found[0], rest) if found else None
    value = obj
    for token in re.findall(r"[^.\[\]]+", path.replace("\\.", "\0")):
        key = token.replace("\0", ".").strip("'\"")
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _name(obj: Raw, _: datetime) -> Any:
    return obj["metadata"]["name"]


def _age(obj: Raw, now: datetime) -> str:
    return human_age(obj["metadata"].get("creationTimestamp"), now)


def _pod_status(obj: Raw, _: datetime) -> str:
    status = obj.get("status", {})
    text = status.get("reason") or status.get("phase", "")
    for container in status.get("containerStatuses", []):
        state = container.get("state", {})
        if "waiting" in state:
            text = state["waiting"].get("reason") or text
        elif "terminated" in state:
            ended = state["terminated"]
            text = ended.get("reason") or f"ExitCode:{ended.get('exitCode')}"
    return "Terminating" if obj["metadata"].get("deletionTimestamp") else text


def _pod_ready(obj: Raw, _: datetime) -> str:
    states = obj.get("status", {}).get("containerStatuses", [])
    return f"{sum(bool(state.get('ready')) for state in states)}/{len(obj['spec']['containers'])}"


def _pod_restarts(obj: Raw, _: datetime) -> int:
    return sum(int(state.get("restartCount", 0)) for state in obj.get("status", {}).get("containerStatuses", []))


def _node_status(obj: Raw, _: datetime) -> str:
    conditions = obj.get("status", {}).get("conditions", [])
    ready = any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
    cordoned = ",SchedulingDisabled" if obj.get("spec", {}).get("unschedulable") else ""
    return ("Ready" if ready else "NotReady") + cordoned


def _path(path: str, default: Any = "<none>") -> Cell:
    return lambda obj, _: default if (value := _lookup(obj, path)) in (None, "") else value


def _count(field: str) -> Cell:
    return lambda obj, _: len(obj.get(field) or {})


def _last_seen(obj: Raw, now: datetime) -> str:
    return human_age(obj.get("lastTimestamp") or obj.get("eventTime") or obj["metadata"].get("creationTimestamp"), now)


def _event_object(obj: Raw, _: datetime) -> str:
    involved = obj.get("involvedObject", {})
    return f"{str(involved.get('kind', '')).lower()}/{involved.get('name', '')}"


def _deployment_ready(obj: Raw, _: datetime) -> str:
    return f"{obj.get('status', {}).get('readyReplicas', 0)}/{obj['spec']['replicas']}"


def _service_ports(obj: Raw, _: datetime) -> str:
    return ",".join(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in obj.get("spec", {}).get("ports", []))


_BUILTIN: dict[str, list[tuple[str, str, int, Cell]]] = {
    "pods": [
        ("Ready", "string", 0, _pod_ready),
        ("Status", "string", 0, _pod_status),
        ("Restarts", "string", 0, _pod_restarts),
        ("IP", "string", 1, _path(".status.podIP")),
        ("Node", "string", 1, _path(".spec.nodeName")),
        ("Nominated Node", "string", 1, _path(".status.nominatedNodeName")),
        ("Readiness Gates", "string", 1, _path(".spec.readinessGates")),
    ],
    "nodes": [
        ("Status", "string", 0, _node_status),
        ("Roles", "string", 0, _path(".metadata.labels.titan-role")),
        ("Version", "string", 0, _path(".status.nodeInfo.kubeletVersion")),
        ("Internal-IP", "string", 1, _path(".status.addresses[0].address")),
    ],
    "namespaces": [("Status", "string", 0, _path(".status.phase"))],
    "events": [
        ("Last Seen", "string", 0, _last_seen),
        ("Type", "string", 0, _path(".type")),
        ("Reason", "string", 0, _path(".reason")),
        ("Object", "string", 0, _event_object),
        ("Message", "string", 0, _path(".message", "")),
        ("Name", "string", 1, _name),
    ],
    "services": [
        ("Type", "string", 0, _path(".spec.type")),
        ("Cluster-IP", "string", 0, _path(".spec.clusterIP")),
        ("External-IP", "string", 0, _path(".spec.externalIPs")),
        ("Port(s)", "string", 0, _service_ports),
    ],
    "configmaps": [("Data", "integer", 0, _count("data"))],
    "secrets": [("Type", "string", 0, _path(".type")), ("Data", "integer", 0, _count("data"))],
    "leases": [("Holder", "string", 0, _path(".spec.holderIdentity", ""))],
    "priorityclasses": [
        ("Value", "integer", 0, _path(".value", 0)),
        ("Global-Default", "boolean", 0, _path(".globalDefault", False)),
    ],
    "customresourcedefinitions": [("Created At", "date", 0, _path(".metadata.creationTimestamp"))],
    "deployments": [
        ("Ready", "string", 0, _deployment_ready),
        ("Up-to-date", "integer", 0, _path(".status.updatedReplicas", 0)),
        ("Available", "integer", 0, _path(".status.availableReplicas", 0)),
    ],
}
