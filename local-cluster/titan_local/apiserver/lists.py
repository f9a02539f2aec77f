"""Lists: selected, paged, sorted by name."""

import base64
import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules.errors import bad_request
from titan_local.apiserver.rules.selectors import Predicate
from titan_local.apiserver.storage import Storage

Json = dict[str, Any]


def list_page(
    storage: Storage, stored_as: str, namespace: str | None, selects: Predicate | None, limit: int, token: str
) -> tuple[list[Json], Json]:
    """One page of objects and the list's metadata. Raises ApiError 400 for a token that is none."""
    start, version = _decode_token(token) if token else (None, str(storage.version))
    objects: Iterable[Json] = storage.select(stored_as, namespace)
    if start is not None:
        objects = (obj for obj in objects if _place(obj) > start)
    if selects is not None:
        objects = filter(selects, objects)
    page = list(islice(objects, limit + 1 if limit else None))
    metadata: Json = {"resourceVersion": version}
    if limit and len(page) > limit:
        page = page[:limit]
        metadata["continue"] = _encode_token(_place(page[-1]), version)
    return page, metadata


def as_list(resource: ResourceType, objects: list[Json], metadata: Json) -> Json:
    """The list object; items carry no kind of their own in built-in lists, as on the real server."""
    items = (
        objects
        if resource.is_custom
        else [{k: v for k, v in o.items() if k not in ("kind", "apiVersion")} for o in objects]
    )
    kind = resource.list_kind or f"{resource.kind}List"
    return {"kind": kind, "apiVersion": resource.api_version, "metadata": metadata, "items": items}


def _place(obj: Json) -> tuple[str, str]:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _encode_token(place: tuple[str, str], version: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([*place, version]).encode()).decode()


def _decode_token(token: str) -> tuple[tuple[str, str], str]:
    try:
        namespace, name, version = json.loads(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise bad_request("continue key is not valid") from error
    return (namespace, name), version
