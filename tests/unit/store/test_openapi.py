"""The OpenAPI document and the application know the same routes; answers are checked in ``builders.store.stores``."""

from aiohttp import web
from builders.store.stores import DOCUMENT, Store
from jsonschema import Draft202012Validator
from titan_store.api import static


def routes_of(app: web.Application) -> set[tuple[str, str]]:
    """Without the one that refuses everything else, and the files of the page."""
    found = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    return {(method, path) for method, path in found if method != "*" and path not in static.PATHS}


def described_routes() -> set[tuple[str, str]]:
    methods = {"get", "put", "post", "delete", "head"}
    return {(name.upper(), path) for path, item in DOCUMENT["paths"].items() for name in item.keys() & methods}


async def test_every_route_is_described_and_every_described_route_exists(store: Store) -> None:
    assert routes_of(store.app) == described_routes()
    assert len(described_routes()) > 20


async def test_the_served_document_is_the_one_that_tests_use(store: Store) -> None:
    assert (await store.get("/openapi.json", token=None)).json == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"


def test_all_schemas_are_valid_and_every_reference_leads_somewhere() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in references(DOCUMENT):
        assert reference.removeprefix("#/components/schemas/") in DOCUMENT["components"]["schemas"]


def test_operations_have_distinct_names_a_summary_and_described_parameters() -> None:
    operations = [item[method.lower()] for method, path in described_routes() for item in [DOCUMENT["paths"][path]]]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert all(answer["description"] for answer in operation["responses"].values())


def test_whoever_needs_a_token_is_told_and_nobody_else() -> None:
    open_paths = {"/healthz", "/readyz", "/metrics", "/openapi.json"}
    # Whoever signs in shows a token in the body, so that is refused like any other although none is needed before.
    for method, path in described_routes() - {("POST", "/v1/session")}:
        operation = DOCUMENT["paths"][path][method.lower()]
        assert ("401" in operation["responses"]) == ("security" in operation) == (path not in open_paths)


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
