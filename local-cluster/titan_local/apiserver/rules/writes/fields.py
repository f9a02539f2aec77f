"""Fields of objects as server-side apply sees them: every leaf has a path, and items of keyed lists have a name.

A path is written as in managedFields: ``f:NAME`` for a field, ``k:{"KEY":VALUE}`` for an item.
"""

import copy
import json
from typing import Any

from titan_api.json_types import Json

Path = tuple[str, ...]

_LIST_KEYS = {
    "containers": "name", "initContainers": "name", "volumes": "name", "env": "name", "ports": "containerPort",
    "volumeMounts": "mountPath", "ownerReferences": "uid", "conditions": "type",
}  # fmt: skip
"""Keys of the lists of built-in kinds; custom kinds say it in their schema."""


def show_path(path: Path) -> str:
    """A path as error messages write it: ``.spec.ports[name="web"].port``."""
    return "".join(map(_show_part, path))


def _show_part(part: str) -> str:
    if part.startswith("f:"):
        return f".{part[2:]}"
    pairs = (f"{key}={json.dumps(value)}" for key, value in json.loads(part[2:]).items())
    return f"[{','.join(pairs)}]"


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


def leaves(value: Any, schema: Json | None, path: Path = (), field: str = "") -> list[tuple[Path, Any]]:
    """Every leaf with its path; lists without a key are leaves."""
    if isinstance(value, dict) and value:
        pairs = (
            (name, item, None if name == "metadata" and not path else _child(schema, name))
            for name, item in value.items()
        )
        return [leaf for name, item, child in pairs for leaf in leaves(item, child, (*path, f"f:{name}"), name)]
    key = _list_key(field, schema)
    if isinstance(value, list) and key and value and all(isinstance(item, dict) and key in item for item in value):
        items = schema.get("items") if schema is not None else None
        return [
            leaf
            for item in value
            for leaf in leaves(item, items, (*path, "k:" + json.dumps({key: item[key]}, separators=(",", ":"))))
        ]
    return [(path, value)]


def fields_of(paths: set[Path]) -> Json:
    """Paths as the tree that managedFields hold."""
    tree: Json = {}
    for path in sorted(paths):
        node = tree
        for part in path:
            node = node.setdefault(part, {})
    return tree


def paths_of(tree: Json, prefix: Path = ()) -> set[Path]:
    """The paths of such a tree."""
    if not tree:
        return {prefix} if prefix else set()
    return {path for part, child in tree.items() for path in paths_of(child, (*prefix, part))}


def drop(node: Any, path: Path) -> None:
    """Remove a leaf, and list items and objects that become empty through it."""
    head, rest = path[0], path[1:]
    if head.startswith("k:"):
        wanted = json.loads(head[2:])
        if isinstance(node, list):
            item = next((i for i in node if all(i.get(k) == v for k, v in wanted.items())), None)
            if item is not None:
                if rest:
                    drop(item, rest)
                if set(item) <= set(wanted) and rest and rest[0][2:] in wanted:
                    node.remove(item)
        return
    name = head[2:]
    if not isinstance(node, dict) or name not in node:
        return
    if rest:
        drop(node[name], rest)
        if node[name] in ({}, []):
            del node[name]
    else:
        del node[name]


def merge(target: Any, wanted: Any, schema: Json | None, field: str = "") -> Any:
    """A value with what was applied: objects and keyed lists are merged, everything else is replaced."""
    if isinstance(wanted, dict):
        result = dict(target) if isinstance(target, dict) else {}
        for name, value in wanted.items():
            child = None if name == "metadata" and not field else _child(schema, name)
            result[name] = merge(result.get(name), value, child, name)
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
                merged[position] = merge(merged[position], item, items, field)
        return merged
    return copy.deepcopy(wanted)
