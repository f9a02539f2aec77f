"""Custom resources against their schema: pruning, defaults, validation and rules, in the server's own words."""

from typing import Any

import pytest
from conformance.api import JSON_PATCH, Api, until
from conformance.objects import CRDS, definition, gadget, serves


@pytest.mark.parametrize(
    ("spec", "stored"),
    [
        (None, {"mode": "slow", "retry": {"limit": 3}}),
        ({}, {"mode": "slow", "retry": {"limit": 3}}),
        ({"mode": "fast", "retry": {}}, {"mode": "fast", "retry": {"limit": 3}}),
        ({"mode": None, "size": None}, {"mode": "slow", "retry": {"limit": 3}}),
        ({"note": None}, {"mode": "slow", "retry": {"limit": 3}, "note": None}),
        ({"unknown": 1, "retry": {"limit": 1, "x": 2}}, {"mode": "slow", "retry": {"limit": 1}}),
        ({"free": {"any": {"thing": [1, None]}}}, {"mode": "slow", "retry": {"limit": 3}, "free": {"any": {"thing": [1, None]}}}),
        ({"tags": {"a": "b"}}, {"mode": "slow", "retry": {"limit": 3}, "tags": {"a": "b"}}),
    ],
)  # fmt: skip
def test_what_is_stored(api: Api, gadgets: str, spec: Any, stored: Any) -> None:
    answer = api.post(gadgets, gadget("a", spec))
    assert answer.status == 201, answer.message
    assert answer.body["spec"] == stored == api.get(f"{gadgets}/a").body["spec"]


@pytest.mark.parametrize(
    ("spec", "mistake"),
    [
        ({"mode": "x"}, 'spec.mode: Unsupported value: "x": supported values: "slow", "fast"'),
        ({"min": "1"}, 'spec.min: Invalid value: "string": spec.min in body must be of type integer: "string"'),
        ({"min": 1.5}, 'spec.min: Invalid value: "number": spec.min in body must be of type integer: "number"'),
        ({"min": True}, 'spec.min: Invalid value: "boolean": spec.min in body must be of type integer: "boolean"'),
        ({"ports": {}}, 'spec.ports: Invalid value: "object": spec.ports in body must be of type array: "object"'),
        ({"tags": {"a": 1}}, 'spec.tags.a: Invalid value: "integer": spec.tags.a in body must be of type string: "integer"'),
        ({"count": True}, 'spec.count in body must be of type integer,string: "boolean"'),
        ({"size": 0}, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
        ({"size": 2000000}, "spec.size: Invalid value: 2000000: spec.size in body should be less than or equal to 1000000"),
        ({"code": "ABC"}, "spec.code: Invalid value: \"ABC\": spec.code in body should match '^[a-z]+$'"),
        ({"code": "a"}, 'spec.code: Invalid value: "a": spec.code in body should be at least 2 chars long'),
        ({"code": "abcdef"}, "spec.code: Too long: may not be more than 5 bytes"),
        ({"ports": [{}]}, "spec.ports[0].name: Required value"),
        ({"ports": [{"name": "a"}, {"name": "a"}]}, 'spec.ports[1]: Duplicate value: {"name":"a"}'),
        ({"ports": [{"name": c} for c in "abcd"]}, "spec.ports: Too many: 4: must have at most 3 items"),
        ({"min": 2, "max": 1}, 'spec: Invalid value: "object": min exceeds max'),
        ({"size": 13}, "spec.size: Forbidden: size is unlucky"),
    ],
)  # fmt: skip
def test_what_is_refused_and_how(api: Api, gadgets: str, spec: Any, mistake: str) -> None:
    answer = api.post(gadgets, gadget("a", spec))
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert mistake in answer.message
    assert answer.body["details"]["kind"] == "Gadget" and answer.body["details"]["causes"]


def test_one_mistake_is_told_alone_and_several_as_a_list(api: Api, gadgets: str) -> None:
    one = api.post(gadgets, gadget("a", {"size": 0})).message
    assert one == (
        'Gadget.conformance.titan.io "a" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater '
        "than or equal to 1"
    )
    two = api.post(gadgets, gadget("a", {"size": 0, "mode": "x"})).message
    assert two.startswith('Gadget.conformance.titan.io "a" is invalid: [spec.') and two.endswith("]")


def test_rules_of_transition_compare_with_what_was(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", {"fixed": "x", "log": ["1"]}))
    answer = api.patch(f"{gadgets}/a", {"spec": {"fixed": "y"}})
    assert (answer.status, 'spec.fixed: Invalid value: "string": fixed is immutable' in answer.message) == (422, True)
    assert api.patch(f"{gadgets}/a", {"spec": {"log": ["1", "2"]}}).status == 200
    answer = api.patch(f"{gadgets}/a", {"spec": {"log": ["2"]}})
    assert (answer.status, 'spec: Invalid value: "object": log is append-only' in answer.message) == (422, True)
    assert api.patch(f"{gadgets}/a/status", {"status": {"phase": "Up"}}).status == 200


def test_the_status_is_validated_at_its_own_door(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    answer = api.patch(f"{gadgets}/a/status", {"status": {"phase": 1}})
    assert (answer.status, "status.phase" in answer.message) == (422, True)
    assert api.patch(f"{gadgets}/a/status", {"status": {"phase": "Up", "unknown": 1}}).body["status"] == {"phase": "Up"}


def test_unknown_fields_are_refused_only_by_those_who_want_that(api: Api, gadgets: str) -> None:
    answer = api.post(gadgets, gadget("a", {"unknown": 1}), fieldValidation="Strict")
    assert (answer.status, answer.reason) == (400, "BadRequest")
    assert 'strict decoding error: unknown field "spec.unknown"' in answer.message
    warned = api.post(gadgets, gadget("a", {"unknown": 1}))
    assert warned.status == 201 and warned.headers["Warning"] == '299 - "unknown field \\"spec.unknown\\""'
    assert "Warning" not in api.post(gadgets, gadget("b", {"unknown": 1}), fieldValidation="Ignore").headers


def test_a_rule_that_became_stricter_leaves_old_objects_writable(api: Api, namespace: str) -> None:
    group = f"{namespace}.conformance.titan.io"
    loose = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer"}, "m": {"type": "integer"}}}},
    }
    crd = definition("ratchets", "Ratchet", loose, group=group)
    assert api.post(CRDS, crd).status == 201
    path = f"/apis/{group}/v1/namespaces/{namespace}/ratchets"
    serves(api, group, "v1", "ratchets")
    body = {"apiVersion": f"{group}/v1", "kind": "Ratchet", "metadata": {"name": "r"}, "spec": {"n": 5}}
    assert api.post(path, body).status == 201
    schema = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/n/maximum"
    tighten = [{"op": "add", "path": schema, "value": 3}]
    assert api.patch(f"{CRDS}/ratchets.{group}", tighten, JSON_PATCH).status == 200
    until(lambda: api.post(path, body | {"metadata": {"name": "s"}}, dryRun="All").status == 422, what="the new limit")
    assert api.patch(f"{path}/r", {"spec": {"m": 1}}).status == 200
    assert api.patch(f"{path}/r", {"spec": {"n": 6}}).status == 422
    api.delete(f"{CRDS}/ratchets.{group}")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"metadata": {"name": "wrong.name"}}, 'metadata.name: Invalid value: "wrong.name": must be spec.names.plural'),
        ({"rule": "self.x >"}, "compilation failed"),
        ({"default": "text"}, "default"),
        ({"default": None}, ""),
    ],
)
def test_definitions_are_checked_too(api: Api, namespace: str, change: Any, text: str) -> None:
    x: Any = {"type": "integer"}
    if "rule" in change:
        x["x-kubernetes-validations"] = [{"rule": change["rule"], "message": "m"}]
    if change.get("default"):
        x["default"] = change["default"]
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"x": x}}}}
    crd = definition("bads", "Bad", schema, group=f"{namespace}.conformance.titan.io")
    crd["metadata"] |= change.get("metadata", {})
    answer = api.post(CRDS, crd, dryRun="All")
    assert (answer.status == 422, text in answer.message) == (bool(text), True)


def test_a_definition_is_served_when_it_says_so_and_gone_with_its_objects(api: Api, namespace: str) -> None:
    group = f"{namespace}.conformance.titan.io"
    name = f"things.{group}"
    api.post(CRDS, definition("things", "Thing", group=group))
    serves(api, group, "v1", "things")
    status = api.get(f"{CRDS}/{name}").body["status"]
    conditions = {item["type"]: item["status"] for item in status["conditions"]}
    assert (conditions["Established"], conditions["NamesAccepted"]) == ("True", "True")
    assert status["storedVersions"] == ["v1"] and status["acceptedNames"]["kind"] == "Thing"
    path = f"/apis/{group}/v1/namespaces/{namespace}/things"
    body = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": {"name": "t"}, "any": {"field": 1}}
    assert api.post(path, body).body["any"] == {"field": 1}
    api.delete(f"{CRDS}/{name}")
    until(lambda: api.get(path).status == 404, what="the end of the kind")
