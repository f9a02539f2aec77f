"""The store's HTTP API, from the OpenAPI document that the store serves."""

from titan_store.api.catalog import OPERATIONS
from titan_store.api.http import openapi

from reference_pages.tables import code, prose, render_table
from titan_api.json_types import Json

INTRODUCTION = """# Store HTTP API

The store serves its OpenAPI 3.1 document at `/openapi.json`; this page is made from it. Keys and names are query
parameters in percent-encoded UTF-8, never a part of the path. A token travels as `Authorization: Bearer TOKEN` or, through
the API server's service proxy, as `X-Titan-Token: TOKEN`. A change is answered when it is durable.

Every refusal has the body `{"error": {"code": "…", "message": "one sentence"}}`. 429 and 503 come with `Retry-After`.
"""


def render_page() -> str:
    """The whole page."""
    document = openapi.build(OPERATIONS)
    parts = [INTRODUCTION]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parts.append(_describe(method, path, operation))
    return "\n".join([*parts, "## Bodies\n", *map(_schema, sorted(document["components"]["schemas"].items()))])


def _describe(method: str, path: str, operation: Json) -> str:
    parameters = [
        (code(one["name"]), one["in"], prose(one["description"]) + (" Required." if one.get("required") else ""))
        for one in operation["parameters"]
    ]
    answers = [(status, _answer(answer)) for status, answer in sorted(operation["responses"].items())]
    body = operation.get("requestBody")
    return "\n".join(
        [
            f"## {method.upper()} `{path}`\n",
            f"{prose(operation['summary'])} {prose(operation.get('description', ''))}\n",
            render_table(["parameter", "in", ""], parameters),
            f"Body: {_content(body['content'])}.\n" if body else "",
            render_table(["status", "answer"], answers),
        ]
    )


def _answer(answer: Json) -> str:
    headers = ", ".join(code(name) for name in answer.get("headers", ()))
    words = prose(answer["description"]).rstrip(".")
    content = _content(answer["content"]) if "content" in answer else ""
    return "; ".join(filter(None, [words, content, f"headers {headers}" if headers else ""]))


def _content(content: Json) -> str:
    """The media type, and the name of the model with a link to it."""
    ((media, described),) = content.items()
    reference: str | None = described.get("schema", {}).get("$ref")
    if reference is None:
        return code(media)
    name = reference.rsplit("/", 1)[1]
    return f"[{name}](#{name.lower()})"


def _schema(named: tuple[str, Json]) -> str:
    name, schema = named
    required = schema.get("required", ())
    rows = [
        (code(field), _type(described), prose(described.get("description", "")), "yes" if field in required else "")
        for field, described in schema.get("properties", {}).items()
    ]
    table = render_table(["field", "type", "", "required"], rows)
    return f"### {name}\n\n{prose(schema.get('description', ''))}\n\n{table}"


def _type(described: Json) -> str:
    if "$ref" in described:
        name = described["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in described:
        return " or ".join(_type(one) for one in described["anyOf"])
    if described.get("type") == "array":
        return f"list of {_type(described.get('items', {}))}"
    if "enum" in described:
        return ", ".join(code(one) for one in described["enum"])
    return str(described.get("type", "anything"))
