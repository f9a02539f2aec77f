"""Server-side apply: fields belong to whoever applied them.

Only appliers are tracked. Other writers leave no managedFields behind (they would double the size of each object),
so a conflict is found between two appliers, and not between an applier and a plain update.
"""

import copy
import json
from typing import Any

from titan_local.apiserver.rules.errors import ApiError

Json = dict[str, Any]
Path = tuple[str, ...]

_IDENTITY = frozenset({("f:apiVersion",), ("f:kind",), ("f:metadata", "f:name"), ("f:metadata", "f:namespace")})
_LIST_KEYS = {
    "containers": "name", "initContainers": "name", "volumes": "name", "env": "name", "ports": "containerPort",
    "volumeMounts": "mountPath", "ownerReferences": "uid", "conditions": "type",
}  # fmt: skip


def apply(
    live: Json | None,
    applied: Json,
    manager: str,
    *,
    force: bool,
    schema: Json | None,
    now: str,
    subresource: str = "",
) -> Json:
    """The object after an apply. Raises ApiError 409 when another applier owns a field with another value."""
    skipped = "spec" if subresource == "status" else "status"
    wanted = {key: value for key, value in applied.items() if key != skipped}
    wanted["metadata"] = {k: v for k, v in (wanted.get("metadata") or {}).items() if k != "managedFields"}
    new_fields = {path: value for path, value in _leaves(wanted, schema) if path not in _IDENTITY}
    entries: list[Json] = list(((live or {}).get("metadata") or {}).get("managedFields") or [])
    current = dict(_leaves(live, schema)) if live is not None else {}
    conflicts: dict[str, list[Path]] = {}
    for entry in entries:
        if entry["manager"] != manager:
            shared = _paths(entry["fieldsV1"]) & set(new_fields)
            differing = [path for path in shared if current.get(path) != new_fields[path]]
            if differing and force:
                entry["fieldsV1"] = _fields(_paths(entry["fieldsV1"]) - set(differing))
            elif differing:
                conflicts[entry["manager"]] = sorted(differing)
    if conflicts:
        raise _conflict(conflicts)
    mine = next((entry for entry in entries if entry["manager"] == manager), None)
    others = [entry for entry in entries if entry is not mine and entry["fieldsV1"]]
    kept_by_others = {path for entry in others for path in _paths(entry["fieldsV1"])}
    result: Json = copy.deepcopy(live) if live is not None else {}
    if mine is not None:
        for path in sorted(_paths(mine["fieldsV1"]) - set(new_fields) - kept_by_others, reverse=True):
            _drop(result, path)
    result = dict(_merge(result, wanted, schema))
    entry = {
        "manager": manager,
        "operation": "Apply",
        "apiVersion": applied.get("apiVersion"),
        "time": mine["time"] if mine is not None and _paths(mine["fieldsV1"]) == set(new_fields) else now,
        "fieldsType": "FieldsV1",
        "fieldsV1": _fields(set(new_fields)),
    }
    result["metadata"]["managedFields"] = [*others, entry]
    return result


def _conflict(conflicts: dict[str, list[Path]]) -> ApiError:
    count = sum(map(len, conflicts.values()))
    listed = "; ".join(
        f'conflict with "{manager}": ' + ", ".join("".join(_shown(part) for part in path) for path in paths)
        for manager, paths in conflicts.items()
    )
    plural = "conflict" if count == 1 else "conflicts"
    return ApiError(409, "Conflict", f"Apply failed with {count} {plural}: {listed}")


def _shown(part: str) -> str:
    return f".{part[2:]}" if part.startswith("f:") else f"[{part[2:]}]"


def _list_key(field: str, schema: Json | None) -> str | None:
    if schema is not None:
        keys = schema.get("x-kubernetes-list-map-keys") or [None]
        return str(keys[0]) if len(keys) == 1 and keys[0] else None
    return _LIST_KEYS.get(field)


def _child(schema: Json | None, name: str) -> Json | None:
    if schema is None:
        return None
    extra = schema.get("additionalProperties")
    found = schema.get("properties", {}).get(name, extra if isinstance(extra, dict) else {})
    return dict(found)


def _leaves(value: Any, schema: Json | None, path: Path = (), field: str = "") -> list[tuple[Path, Any]]:
    """Every leaf with its path; lists without a key are leaves."""
    if isinstance(value, dict) and value:
        pairs = (
            (name, item, None if name == "metadata" and not path else _child(schema, name))
            for name, item in value.items()
        )
        return [leaf for name, item, child in pairs for leaf in _leaves(item, child, (*path, f"f:{name}"), name)]
    key = _list_key(field, schema)
    if isinstance(value, list) and key and value and all(isinstance(item, dict) and key in item for item in value):
        items = schema.get("items") if schema is not None else None
        return [
            leaf
            for item in value
            for leaf in _leaves(item, items, (*path, "k:" + json.dumps({key: item[key]}, separators=(",", ":"))))
        ]
    return [(path, value)]


def _fields(paths: set[Path]) -> Json:
    tree: Json = {}
    for path in sorted(paths):
        node = tree
        for part in path:
            node = node.setdefault(part, {})
    return tree


def _paths(tree: Json, prefix: Path = ()) -> set[Path]:
    if not tree:
        return {prefix} if prefix else set()
    return {path for part, child in tree.items() for path in _paths(child, (*prefix, part))}


def _drop(node: Any, path: Path) -> None:
    """Remove a leaf, and list items and objects that become empty through it."""
    head, rest = path[0], path[1:]
    if head.startswith("k:"):
        wanted = json.loads(head[2:])
        if isinstance(node, list):
            item = next((i for i in node if all(i.get(k) == v for k, v in wanted.items())), None)
            if item is not None:
                if rest:
                    _drop(item, rest)
                if set(item) <= set(wanted) and rest and rest[0][2:] in wanted:
                    node.remove(item)
        return
    name = head[2:]
    if not isinstance(node, dict) or name not in node:
        return
    if rest:
        _drop(node[name], rest)
        if node[name] in ({}, []):
            del node[name]
    else:
        del node[name]


def _merge(target: Any, wanted: Any, schema: Json | None, field: str = "") -> Any:
    if isinstance(wanted, dict):
        result = dict(target) if isinstance(target, dict) else {}
        for name, value in wanted.items():
            child = None if name == "metadata" and not field else _child(schema, name)
            result[name] = _merge(result.get(name), value, child, name)
        return result
    key = _list_key(field, schema)
    if isinstance(wanted, list) and isinstance(target, list) and key:
        items = schema.get("items") if schema is not None else None
        merged = list(target)
        for item in wanted:
            position = next((n for n, old in enumerate(merged) if old.get(key) == item.get(key)), None)
            if position is None:
                merged.append(copy.deepcopy(item))
            else:
                merged[position] = _merge(merged[position], item, items, field)
        return merged
    return copy.deepcopy(wanted)
