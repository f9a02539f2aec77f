"""The part of the OpenAPI document that tells what the store answers to a page, in the form in which it arrives."""

from collections.abc import Iterator
from typing import Any

from titan_api.json_types import Json

READ = ("application/json", "text/event-stream")
"""Media types of answers that a page reads."""
NULL = {"type": "null"}


def select_answers(document: Json) -> Json:
    """A document of nothing but the schemas of answers and of what they are made of."""
    schemas = document["components"]["schemas"]
    waiting = [name for item in document["paths"].values() for name in _find_answers(item)]
    found: Json = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting += _find_references(schemas[name])
    answered = {name: _as_answered(found[name]) for name in sorted(found)}
    return {key: document[key] for key in ("openapi", "info")} | {"paths": {}, "components": {"schemas": answered}}


def _find_answers(item: Json) -> Iterator[str]:
    operations = [operation for method, operation in item.items() if method != "parameters"]
    for operation in operations:
        for answer in operation["responses"].values():
            contents = answer.get("content", {})
            yield from _find_references([contents[media] for media in READ if media in contents])


def _find_references(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"].rpartition("/")[2]
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from _find_references(part)


def _as_answered(schema: Json) -> Json:
    """Titles only repeat the names."""
    described = {key: value for key, value in schema.items() if key != "title"}
    if "properties" in schema:
        described["properties"] = {name: _as_sent(field) for name, field in schema["properties"].items()}
    return described


def _as_sent(field: Json) -> Json:
    """A field without a value is left out of an answer, see ``titan_store.api.http.operations.to_json``: never null."""
    described = {key: value for key, value in field.items() if key != "title"}
    if "default" in field and field["default"] is None:
        del described["default"], described["anyOf"]
        kinds = [kind for kind in field["anyOf"] if kind != NULL]
        described |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return described
