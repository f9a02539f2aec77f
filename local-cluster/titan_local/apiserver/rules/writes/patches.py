"""JSON merge patch (RFC 7396), JSON patch (RFC 6902) and Kubernetes' strategic merge patch."""

import copy
from typing import Any

from titan_api.json_types import Json
from titan_local.apiserver.rules.errors import ApiError, bad_request
from titan_local.apiserver.rules.mistakes import go_kind

_MERGE_KEYS: dict[str, str] = {
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "volumes": "name", "env": "name",
    "volumeMounts": "mountPath", "ports": "containerPort", "conditions": "type", "ownerReferences": "uid",
    "imagePullSecrets": "name", "addresses": "type", "secrets": "name", "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
}  # fmt: skip
"""List fields of the built-in kinds that are merged by a key; all others are replaced."""
_MERGED_PRIMITIVES = frozenset({"finalizers"})


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396; the target is not changed."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def json_patch(target: Json, operations: Any) -> Json:
    """RFC 6902; raises ApiError 422 when a test or a path fails, 400 when it is no list of operations."""
    if not isinstance(operations, list):
        kind = go_kind(operations)
        text = f"error decoding patch: json: cannot unmarshal {kind} into Go value of type []handlers.jsonPatchOp"
        raise bad_request(text)
    result = copy.deepcopy(target)
    for operation in operations:
        try:
            result = _apply_operation(result, operation)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            message = "the server rejected our request due to an error in our request"
            raise ApiError(422, "Invalid", message) from error
    return result


def strategic_merge_patch(target: Any, patch: Any, field: str = "") -> Any:
    """Merges lists of objects by their merge keys; honours $patch and $deleteFromPrimitiveList."""
    if isinstance(patch, dict):
        return _merge_objects(target if isinstance(target, dict) else {}, patch)
    if isinstance(patch, list) and field in _MERGE_KEYS and _MERGE_KEYS[field]:
        return _merge_lists(target if isinstance(target, list) else [], patch, _MERGE_KEYS[field])
    if isinstance(patch, list) and field in _MERGED_PRIMITIVES:
        return list(dict.fromkeys([*(target or []), *patch]))
    return copy.deepcopy(patch)


def _merge_objects(target: Json, patch: Json) -> Json:
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    result = dict(target)
    for key, value in patch.items():
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            result[name] = [item for item in result.get(name) or [] if item not in value]
        elif key == "$retainKeys":
            result = {name: kept for name, kept in result.items() if name in value}
        elif key.startswith("$"):
            continue
        elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
            result.pop(key, None)
        else:
            result[key] = strategic_merge_patch(result.get(key), value, key)
    return result


def _merge_lists(target: list[Any], patch: list[Any], key: str) -> list[Any]:
    if any(isinstance(item, dict) and item.get("$patch") == "replace" for item in patch):
        return [copy.deepcopy(item) for item in patch if item.get("$patch") != "replace"]
    result = list(target)
    for item in patch:
        position = next((index for index, old in enumerate(result) if old.get(key) == item.get(key)), None)
        if item.get("$patch") == "delete":
            if position is not None:
                del result[position]
        elif position is None:
            result.append(strategic_merge_patch({}, item))
        else:
            result[position] = strategic_merge_patch(result[position], item)
    return result


def _apply_operation(document: Any, operation: Json) -> Any:
    kind, tokens = operation["op"], _tokens(operation["path"])
    match kind:
        case "test":
            if _find(document, tokens) != operation.get("value"):
                raise ValueError(f"testing value {operation['path']} failed")
            return document
        case "add" | "replace":
            return _set(document, tokens, copy.deepcopy(operation.get("value")), must_exist=kind == "replace")
        case "remove":
            return _remove(document, tokens)
        case "copy":
            value = copy.deepcopy(_find(document, _tokens(operation["from"])))
            return _set(document, tokens, value, must_exist=False)
        case "move":
            source = _tokens(operation["from"])
            value = _find(document, source)
            return _set(_remove(document, source), tokens, value, must_exist=False)
    raise ValueError(f"unknown operation {kind!r}")


def _tokens(path: str) -> list[str]:
    if path and not path.startswith("/"):
        raise ValueError(f"path {path!r} does not begin with /")
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def _find(document: Any, tokens: list[str]) -> Any:
    for token in tokens:
        document = document[int(token)] if isinstance(document, list) else document[token]
    return document


def _set(document: Any, tokens: list[str], value: Any, *, must_exist: bool) -> Any:
    if not tokens:
        return value
    parent, last = _find(document, tokens[:-1]), tokens[-1]
    if isinstance(parent, list):
        index = len(parent) if last == "-" else int(last)
        if index > len(parent) or (must_exist and index >= len(parent)):
            raise IndexError(f"index {last} is out of range")
        if must_exist:
            parent[index] = value
        else:
            parent.insert(index, value)
    else:
        parent[last] = value
    return document


def _remove(document: Any, tokens: list[str]) -> Any:
    parent, last = _find(document, tokens[:-1]), tokens[-1]
    if isinstance(parent, list):
        del parent[int(last)]
    else:
        del parent[last]
    return document
