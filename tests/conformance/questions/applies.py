"""Server-side apply: whose field it is, and what is said when two want it."""

from typing import Any

from conformance.api import APPLY, MERGE
from conformance.objects import API_VERSION, config_map, gadget
from conformance.questions.asking import Question
from conformance.questions.metadata import GADGETS, MAPS

from titan_api.json_types import Json

ONE, MAP = f"{GADGETS}/{{x}}", f"{MAPS}/{{x}}"
SHOWS = ("spec", "data", "metadata.managedFields")


def applies(title: str, spec: Any, manager: str, *before: Question, **query: Any) -> Question:
    body = gadget("{x}") | ({"spec": spec} if spec is not None else {})
    given = {"fieldManager": manager, **query} if manager else query
    return Question(title, "PATCH", ONE, body, kind=APPLY, query=given, before=before, shows=SHOWS)


def maps(title: str, data: Json, manager: str, *before: Question, **query: Any) -> Question:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{x}"}, "data": data}
    query = {"fieldManager": manager, **query}
    return Question(title, "PATCH", MAP, body, kind=APPLY, query=query, before=before, shows=SHOWS)


def raw(title: str, body: Any, **query: Any) -> Question:
    return Question(title, "PATCH", ONE, body, kind=APPLY, query={"fieldManager": "one", **query}, shows=SHOWS)


ONE_SIZE = applies("one", {"size": 1}, "one")
POSTED = Question("posted", "POST", GADGETS, gadget("{x}", {"size": 1}), query={"fieldManager": "poster"})
PATCHED = Question("patched", "PATCH", ONE, {"spec": {"size": 5}}, kind=MERGE, query={"fieldManager": "patcher"})
MAP_ONE = maps("one", {"a": "1"}, "one")

QUESTIONS = (
    applies("a new object", {"size": 1}, "one"),
    applies("nothing but a name", None, "one"),
    applies("no manager", {"size": 1}, ""),
    applies("a manager's name that is too long", {"size": 1}, "x" * 129),
    applies("a mistake", {"size": 0}, "one"),
    applies("an unknown field", {"nonsense": 1}, "one"),
    applies("an unknown field, strictly", {"nonsense": 1}, "one", fieldValidation="Strict"),
    applies("a field of the schema's wrong type", {"ports": {"a": 1}}, "one"),
    applies("two items of one key", {"ports": [{"name": "a"}, {"name": "a"}]}, "one"),
    applies("an item without its key", {"ports": [{"port": 1}]}, "one"),
    applies("the same again", {"size": 1}, "one", ONE_SIZE),
    applies("another value of the same manager", {"size": 2}, "one", ONE_SIZE),
    applies("another value of another manager", {"size": 2}, "two", ONE_SIZE),
    applies("another value of another manager, by force", {"size": 2}, "two", ONE_SIZE, force="true"),
    applies("the same value of another manager", {"size": 1}, "two", ONE_SIZE),
    applies("another field of another manager", {"code": "abc"}, "two", ONE_SIZE),
    applies("two fields of another manager", {"size": 2, "code": "xyz"}, "two", applies("both", {"size": 1, "code": "abc"}, "one")),
    applies("a field goes with its manager's wish", {}, "one", ONE_SIZE),
    applies("an object that was posted", {"size": 2}, "two", POSTED),
    applies("an object that was posted, the same", {"size": 1}, "two", POSTED),
    applies("an object that was patched", {"size": 2}, "one", ONE_SIZE, PATCHED),
    applies("an item of a keyed list of another manager", {"ports": [{"name": "y", "port": 2}]}, "two", applies("x", {"ports": [{"name": "x", "port": 1}]}, "one")),
    applies("a conflict in an item of a keyed list", {"ports": [{"name": "x", "port": 2}]}, "two", applies("x", {"ports": [{"name": "x", "port": 1}]}, "one")),
    applies("a conflict in a map", {"tags": {"a": "2"}}, "two", applies("tags", {"tags": {"a": "1"}}, "one")),
    applies("a conflict in a list", {"log": ["a", "b"]}, "two", applies("log", {"log": ["a"]}, "one")),
    applies("an update by merge patch shows its manager", {"size": 7}, "one", ONE_SIZE, PATCHED, force="true"),
    Question("who posted", "POST", GADGETS, gadget("{x}", {"size": 1}), query={"fieldManager": "poster"}, shows=SHOWS),
    Question("who patched", "PATCH", ONE, {"spec": {"size": 5}}, kind=MERGE, query={"fieldManager": "patcher"}, before=(POSTED,), shows=SHOWS),
    Question("who patched the status", "PATCH", f"{ONE}/status", {"status": {"phase": "Up"}}, kind=MERGE, query={"fieldManager": "patcher"}, before=(POSTED,), shows=SHOWS),
    Question("who patched what an applier owns", "PATCH", ONE, {"spec": {"size": 5}}, kind=MERGE, query={"fieldManager": "patcher"}, before=(ONE_SIZE,), shows=SHOWS),
    Question("the managed fields of a posted map", "POST", MAPS, config_map("{x}", {"a": "1"}), query={"fieldManager": "poster"}, shows=SHOWS),
    Question("a status is applied", "PATCH", f"{ONE}/status", gadget("{x}") | {"status": {"phase": "Up"}}, kind=APPLY, query={"fieldManager": "one"}, before=(POSTED,), shows=(*SHOWS, "status")),
    Question("a status is applied to what is not there", "PATCH", f"{ONE}/status", gadget("{x}") | {"status": {"phase": "Up"}}, kind=APPLY, query={"fieldManager": "one"}),
    raw("no kind", {"metadata": {"name": "{x}"}}),
    raw("no version", {"kind": "Gadget", "metadata": {"name": "{x}"}}),
    raw("another kind", {"apiVersion": API_VERSION, "kind": "Widget", "metadata": {"name": "{x}"}}),
    raw("another version", {"apiVersion": "conformance.titan.io/v2", "kind": "Gadget", "metadata": {"name": "{x}"}}),
    raw("another name", {"apiVersion": API_VERSION, "kind": "Gadget", "metadata": {"name": "other"}}),
    raw("no name", {"apiVersion": API_VERSION, "kind": "Gadget", "metadata": {}}),
    raw("managed fields in an apply", gadget("{x}", managedFields=[])),
    raw("managed fields of somebody in an apply", gadget("{x}", managedFields=[{"manager": "a", "operation": "Apply", "apiVersion": API_VERSION, "fieldsType": "FieldsV1", "fieldsV1": {}}])),
    raw("a uid of what is not there", gadget("{x}", uid="1")),
    raw("a list", b"[]"),
    raw("no YAML", b"a: ["),
    raw("nothing", b""),
    raw("a dry run", gadget("{x}", {"size": 1}), dryRun="All"),
    maps("a new map", {"a": "1"}, "one"),
    maps("another value of a map of another manager", {"a": "2"}, "two", MAP_ONE),
    maps("another key of a map of another manager", {"b": "2"}, "two", MAP_ONE),
    maps("a number in a map", {"a": 1}, "one"),
    Question("force without an apply", "PATCH", ONE, {"spec": {"size": 2}}, kind=MERGE, query={"force": "true"}, before=(POSTED,)),
)  # fmt: skip
