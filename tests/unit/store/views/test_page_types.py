"""The page and the store speak of the same shapes: ``types.ts`` against the OpenAPI document."""

import pytest
from builders.dashboard.page_types import read_interfaces
from builders.store.stores import DOCUMENT

INTERFACES = read_interfaces()
SCHEMAS = DOCUMENT["components"]["schemas"]
OTHERWISE = {
    "Attempt": "AttemptItem",
    "Capacity": "CapacityItem",
    "Comment": "CommentItem",
    "Condition": "ConditionItem",
    "Decision": "GivenDecision",
    "Graph": "GraphAnswer",
    "LeftFile": "DagFile",
    "Namespaces": "NamespaceList",
    "Stage": "StageItem",
}
"""Interfaces that the document calls otherwise."""
PAGES = {"DagPage", "JobPage", "GatePage", "RunPage", "DagFilePage"}
NOT_ANSWERED = {"Page", "Change", "Changes"}
"""A generic one, and those of the stream."""


@pytest.mark.parametrize("interface", sorted(INTERFACES.keys() - NOT_ANSWERED))
def test_an_interface_has_the_fields_that_the_store_answers(interface: str) -> None:
    schema = SCHEMAS[OTHERWISE.get(interface, interface)]
    required = set(schema.get("required", ()))
    always = {
        name: name in required or field.get("default") is not None for name, field in schema["properties"].items()
    }
    assert INTERFACES[interface] == always


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_listing_is_a_page(page: str) -> None:
    assert INTERFACES["Page"].keys() == SCHEMAS[page]["properties"].keys()
