"""The page's types tell of what the store answers, in the form in which it arrives."""

from titan_api.json_types import Json
from tools.page_types.answers import select_answers


def reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def content(name: str, media: str = "application/json") -> Json:
    return {"content": {media: {"schema": reference(name)}}}


def described(**schemas: Json) -> Json:
    operation = {
        "requestBody": content("Asked"),
        "responses": {"200": content("Told"), "202": content("Line", "application/x-ndjson"), "204": {}},
    }
    return {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/told": {"parameters": [], "post": operation}},
        "components": {"schemas": {name: {} for name in ("Asked", "Told", "Line")} | schemas},
    }


def fields_of(told: Json) -> Json:
    answered: Json = select_answers(described(Told={"properties": {"field": told}}))
    field: Json = answered["components"]["schemas"]["Told"]["properties"]["field"]
    return field


def test_only_answers_are_there_and_what_they_are_made_of() -> None:
    part = {"properties": {"again": reference("Told")}}
    document = described(Told={"properties": {"parts": {"items": reference("Part")}}}, Part=part)
    assert select_answers(document)["components"]["schemas"].keys() == {"Told", "Part"}


def test_a_field_without_a_value_is_absent_and_never_null() -> None:
    nullable = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Field"}
    assert fields_of(nullable) == {"type": "string"}


def test_a_field_of_several_types_keeps_all_but_null() -> None:
    kinds = [{"type": "string"}, {"type": "integer"}]
    assert fields_of({"anyOf": [*kinds, {"type": "null"}], "default": None}) == {"anyOf": kinds}


def test_a_default_that_is_told_stays() -> None:
    assert fields_of({"type": "string", "default": ""}) == {"type": "string", "default": ""}
