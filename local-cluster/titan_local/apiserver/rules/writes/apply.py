"""Server-side apply: fields belong to whoever applied them.

Only appliers are tracked. Other writers leave no managedFields behind (they would double the size of each object),
so a conflict is found between two appliers, and not between an applier and a plain update.
"""

import copy
from typing import Any

from titan_api.json_types import Json
from titan_local.apiserver.rules.errors import ApiError
from titan_local.apiserver.rules.writes.fields import Path, drop, fields_of, leaves, merge, paths_of, show_path

_IDENTITY = frozenset({("f:apiVersion",), ("f:kind",), ("f:metadata", "f:name"), ("f:metadata", "f:namespace")})
_NOT_APPLIED = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")


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
    """The object after an apply.

    Raises ApiError 409 when another applier owns a field with another value.
    """
    wanted = _wanted(applied, subresource)
    new_fields = {path: value for path, value in leaves(wanted, schema) if path not in _IDENTITY}
    entries: list[Json] = list(((live or {}).get("metadata") or {}).get("managedFields") or [])
    mine = next((entry for entry in entries if _is_of(entry, manager, subresource)), None)
    others = [entry for entry in entries if entry is not mine]
    current = dict(leaves(live, schema)) if live is not None else {}
    others = _settle(others, current, new_fields, force=force)
    result: Json = copy.deepcopy(live) if live is not None else {}
    if mine is not None:
        kept_by_others = {path for entry in others for path in paths_of(entry["fieldsV1"])}
        for path in sorted(paths_of(mine["fieldsV1"]) - set(new_fields) - kept_by_others, reverse=True):
            if not any(other[: len(path)] == path for other in [*new_fields, *kept_by_others]):
                drop(result, path)
    result = dict(merge(result, wanted, schema))
    entry: Json = {
        "manager": manager,
        "operation": "Apply",
        "apiVersion": applied["apiVersion"],
        "time": mine["time"] if mine is not None and paths_of(mine["fieldsV1"]) == set(new_fields) else now,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields_of(set(new_fields)),
    }
    if subresource:
        entry["subresource"] = subresource
    result["metadata"] = result["metadata"] | {"managedFields": _replaced(entries, others, mine, entry)}
    return result


def _wanted(applied: Json, subresource: str) -> Json:
    """What of an applied object counts: the status through its own door, everything else through the other."""
    head = {key: applied[key] for key in ("apiVersion", "kind")}
    metadata = {key: value for key, value in (applied.get("metadata") or {}).items() if key not in _NOT_APPLIED}
    if subresource == "status":
        return head | {"metadata": {"name": metadata.get("name")}} | {k: v for k, v in applied.items() if k == "status"}
    rest = {key: value for key, value in applied.items() if key not in ("status", "metadata")}
    return head | {"metadata": metadata} | rest


def _is_of(entry: Json, manager: str, subresource: str) -> bool:
    return bool(entry["manager"] == manager and entry.get("subresource", "") == subresource)


def _settle(others: list[Json], current: dict[Path, Any], new: dict[Path, Any], *, force: bool) -> list[Json]:
    """The other appliers' entries, without the fields that are taken from them. Raises ApiError 409."""
    conflicts: dict[str, list[Path]] = {}
    settled = []
    for entry in others:
        owned = paths_of(entry["fieldsV1"])
        # An empty object claims nothing of what is inside it, so nobody can disagree.
        differing = {path for path in owned & set(new) if new[path] != {} and current.get(path) != new[path]}
        if differing and not force:
            conflicts[entry["manager"]] = sorted(differing)
        if owned - differing:
            settled.append(entry | {"fieldsV1": fields_of(owned - differing)})
    if conflicts:
        raise _conflict(conflicts)
    return settled


def _replaced(entries: list[Json], others: list[Json], mine: Json | None, entry: Json) -> list[Json]:
    """The entries in the order in which their managers came."""
    if mine is None:
        return [*others, entry]
    kept = [(entry["manager"], entry.get("subresource", "")) for entry in others]
    position = sum(any(_is_of(other, *who) for who in kept) for other in entries[: entries.index(mine)])
    return [*others[:position], entry, *others[position:]]


def _conflict(conflicts: dict[str, list[Path]]) -> ApiError:
    pairs = [(manager, path) for manager, paths in conflicts.items() for path in paths]
    causes = [
        {"reason": "FieldManagerConflict", "message": f'conflict with "{manager}"', "field": show_path(path)}
        for manager, path in pairs
    ]
    if len(pairs) == 1:
        text = f'Apply failed with 1 conflict: conflict with "{pairs[0][0]}": {show_path(pairs[0][1])}'
    else:
        blocks = (
            "\n".join([f'conflicts with "{manager}":', *(f"- {show_path(path)}" for path in paths)])
            for manager, paths in sorted(conflicts.items())
        )
        text = f"Apply failed with {len(pairs)} conflicts: " + "\n".join(blocks)
    return ApiError(409, "Conflict", text, {"causes": causes})
