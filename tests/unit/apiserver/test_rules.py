"""The pure rules of the embedded API server. What clients see of them is in tests/conformance."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from titan_local.apiserver.rules.errors import ApiError
from titan_local.apiserver.rules.reads.grants import Attributes, covers, describe_rule, missing_pieces
from titan_local.apiserver.rules.reads.selectors import parse_field_selector, parse_label_selector
from titan_local.apiserver.rules.reads.tables import human_age
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.schemas.completion import complete
from titan_local.apiserver.rules.schemas.expressions import check_rules, plant_rules
from titan_local.apiserver.rules.schemas.validation import validate
from titan_local.apiserver.rules.writes.deletions import Leave, Mark, Remove, plan_deletion
from titan_local.apiserver.rules.writes.envelopes import changes_generation, seal_update
from titan_local.apiserver.rules.writes.patches import json_patch, merge_patch, strategic_merge_patch

from titan_api.quantities import QuantityError, parse_quantity

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
PODS = ResourceType("", "v1", "pods", "pod", "Pod", status_subresource=True)
THINGS = ResourceType("x.io", "v1", "things", "thing", "Thing", schema={"type": "object"}, status_subresource=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1"), ("500m", "0.5"), ("1Ki", "1024"), ("2e3", "2000"), ("1.5G", "1500000000"), ("100n", "1e-7"), ("-1", "-1"), (".5", "0.5")],
)  # fmt: skip
def test_quantities_are_numbers(text: str, number: str) -> None:
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "lots", "1 Gi", "1KiB", "1e", "--1", "1,5"])
def test_what_is_no_quantity_is_told(text: str) -> None:
    with pytest.raises(QuantityError, match="quantities must match the regular expression"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=-5), "0s"), (timedelta(0), "0s"), (timedelta(seconds=119), "119s"),
        (timedelta(minutes=3, seconds=12), "3m12s"), (timedelta(minutes=4), "4m"), (timedelta(minutes=59), "59m"),
        (timedelta(hours=3), "3h"), (timedelta(hours=5, minutes=7), "5h7m"), (timedelta(hours=30), "30h"),
        (timedelta(days=2, hours=3), "2d3h"), (timedelta(days=40), "40d"),
    ],
)  # fmt: skip
def test_ages_are_shown_as_kubectl_does(age: timedelta, shown: str) -> None:
    assert human_age((NOW - age).isoformat(), NOW) == shown


@given(VALUES, VALUES)
def test_a_merge_patch_leaves_no_nulls_where_it_was_applied(target: Any, patch: Any) -> None:
    result = merge_patch(target, patch)
    if isinstance(patch, dict):
        for key, value in patch.items():
            assert (key in result) is (value is not None)
    else:
        assert result == patch


@given(VALUES, st.dictionaries(st.text(max_size=3), VALUES, max_size=3))
def test_patching_twice_is_patching_once(target: Any, patch: Any) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


@given(
    st.dictionaries(st.text(max_size=3), VALUES, max_size=3), st.dictionaries(st.text(max_size=3), VALUES, max_size=3)
)
def test_patches_do_not_touch_what_they_are_given(target: Any, patch: Any) -> None:
    before = repr((target, patch))
    merge_patch(target, patch)
    strategic_merge_patch(target, patch)
    json_patch(target, [{"op": "add", "path": "/new", "value": patch}])
    assert repr((target, patch)) == before


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        ("none", 400), ([{"op": "test", "path": "/a", "value": 2}], 422), ([{"op": "jump", "path": "/a"}], 422),
        ([{"path": "/a"}], 422), ([{"op": "add", "path": "a", "value": 1}], 422), ([5], 422),
        ([{"op": "add", "path": "/l/7", "value": 1}], 422), ([{"op": "remove", "path": "/l/x"}], 422),
    ],
)  # fmt: skip
def test_a_json_patch_that_makes_no_sense_is_an_answer_and_no_crash(operations: Any, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        json_patch({"a": 1, "l": [1]}, operations)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("selector", "labels", "selected"),
    [
        ("", {}, True), ("a=1", {"a": "1"}, True), ("a=1", {}, False), ("a!=1", {}, True), ("a in (1,2)", {"a": "2"}, True),
        ("a notin (1)", {"a": "1"}, False), ("a", {"a": ""}, True), ("!a", {"a": ""}, False), ("a>3", {"a": "4"}, True),
        ("a<3", {"a": "x"}, False), ("a=1,b in (x),!c", {"a": "1", "b": "x"}, True),
    ],
)  # fmt: skip
def test_label_selectors_select(selector: str, labels: dict[str, str], selected: bool) -> None:
    predicate = parse_label_selector(selector)
    assert (predicate is None or predicate({"metadata": {"labels": labels}})) is selected


@pytest.mark.parametrize("selector", ["spec.no=1", "metadata.name", "=x"])
def test_field_selectors_know_their_fields(selector: str) -> None:
    with pytest.raises(ApiError):
        parse_field_selector(selector, PODS)


NESTED = {
    "type": "object",
    "properties": {
        "a": {"type": "object", "default": {}, "properties": {"b": {"type": "integer", "default": 1}}},
        "n": {"type": "string", "nullable": True},
        "l": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string", "default": "y"}}}},
    },
}


@pytest.mark.parametrize(
    ("given_", "stored", "dropped"),
    [
        ({}, {"a": {"b": 1}}, []),
        ({"a": None}, {"a": {"b": 1}}, []),
        ({"a": {"b": None}}, {"a": {"b": 1}}, []),
        ({"n": None}, {"n": None, "a": {"b": 1}}, []),
        ({"l": [{}, {"x": "z", "no": 1}]}, {"l": [{"x": "y"}, {"x": "z"}], "a": {"b": 1}}, ["l[1].no"]),
        ({"metadata": {"any": 1}, "kind": "K", "no": 1}, {"metadata": {"any": 1}, "kind": "K", "a": {"b": 1}}, ["no"]),
    ],
)
def test_completion_prunes_and_defaults(given_: Any, stored: Any, dropped: list[str]) -> None:
    assert complete(NESTED, given_) == (stored, dropped)


def test_completion_is_stable() -> None:
    once, _ = complete(NESTED, {"l": [{}]})
    assert complete(NESTED, once) == (once, [])


def test_what_is_the_very_same_is_not_walked_again() -> None:
    broken: dict[str, Any] = {"b": "would be refused, or pruned, if anybody looked"}
    old = {"a": broken}
    new, _ = complete(NESTED, {"a": broken, "n": "x"}, old)
    assert new["a"] is broken
    assert validate(NESTED, new, old) == []


COUNTER = plant_rules(
    {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "x-kubernetes-validations": [{"rule": "self >= oldSelf", "message": "n only grows"}]},
            "items": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["k"],
                "items": {"type": "object", "x-kubernetes-validations": [{"rule": "self.v == oldSelf.v", "message": "v is fixed"}]},
            },
            "m": {"type": "object", "additionalProperties": {"type": "string", "x-kubernetes-validations": [{"rule": "self != ''", "message": "no empty text"}]}},
        },
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "mistakes"),
    [
        (None, {"n": 1}, []),
        ({"n": 1}, {"n": 2}, []),
        ({"n": 2}, {"n": 1}, ['n: Invalid value: "integer": n only grows']),
        ({}, {"n": 1}, []),
        ({"items": [{"k": "a", "v": 1}]}, {"items": [{"k": "b", "v": 2}, {"k": "a", "v": 1}]}, []),
        ({"items": [{"k": "a", "v": 1}]}, {"items": [{"k": "b", "v": 1}, {"k": "a", "v": 2}]}, ['items[1]: Invalid value: "object": v is fixed']),
        (None, {"m": {"x": ""}}, ['m[x]: Invalid value: "string": no empty text']),
        ({"m": {"x": ""}}, {"m": {"x": "", "y": "1"}}, []),
    ],
)  # fmt: skip
def test_rules_compare_like_with_like(old: Any, new: Any, mistakes: list[str]) -> None:
    assert COUNTER is not None
    assert [str(error) for error in check_rules(COUNTER, new, old)] == mistakes


def test_a_rule_that_cannot_be_evaluated_does_not_hold() -> None:
    tree = plant_rules(
        {"type": "object", "x-kubernetes-validations": [{"rule": "self.a > 1", "message": "a is large"}]}
    )
    assert tree is not None
    (error,) = check_rules(tree, {}, None)
    assert str(error) == '<nil>: Invalid value: "object": no such key: a evaluating rule: a is large'


def test_schemas_without_rules_are_not_walked_at_all() -> None:
    assert plant_rules(NESTED) is None


def pod(phase: str = "Running", node: str = "n", **metadata: Any) -> dict[str, Any]:
    head = {"name": "p", "uid": "u", "resourceVersion": "5", "generation": 1, **metadata}
    spec = {"nodeName": node, "terminationGracePeriodSeconds": 30}
    return {"kind": "Pod", "metadata": head, "spec": spec, "status": {"phase": phase}}


@pytest.mark.parametrize(
    ("obj", "options", "expected"),
    [
        (pod(node=""), {}, Remove()),
        (pod("Succeeded"), {}, Remove()),
        (pod("Failed"), {"gracePeriodSeconds": 9}, Remove()),
        (pod(), {"gracePeriodSeconds": 0}, Remove()),
        (pod(finalizers=["a/b"]), {"gracePeriodSeconds": 0}, ("2030-01-01T12:00:00Z", 0)),
        (pod(), {}, ("2030-01-01T12:00:30Z", 30)),
        (pod(), {"gracePeriodSeconds": 5}, ("2030-01-01T12:00:05Z", 5)),
        (pod(deletionTimestamp="t", deletionGracePeriodSeconds=30), {}, Leave()),
        (pod(deletionTimestamp="t", deletionGracePeriodSeconds=30), {"gracePeriodSeconds": 7}, ("2030-01-01T12:00:07Z", 7)),
    ],
)  # fmt: skip
def test_deletion_is_decided_without_a_clock(obj: Any, options: Any, expected: Any) -> None:
    plan = plan_deletion(PODS, obj, options, NOW)
    if isinstance(plan, Mark):
        metadata = plan.object["metadata"]
        assert (metadata["deletionTimestamp"], metadata["deletionGracePeriodSeconds"]) == expected
    else:
        assert plan == expected


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"preconditions": {"uid": "other"}}, 409),
        ({"preconditions": {"resourceVersion": "4"}}, 409),
        ({"propagationPolicy": "Sideways"}, 422),
        ({"propagationPolicy": "Orphan", "orphanDependents": True}, 422),
    ],
)
def test_deletion_options_are_checked(options: Any, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        plan_deletion(PODS, pod(), options, NOW)
    assert refused.value.code == code


def test_an_update_cannot_touch_what_the_server_wrote() -> None:
    old = {
        "apiVersion": "x.io/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "uid": "1", "generation": 2},
        "status": {"s": 1},
    }
    new = {"metadata": {"name": "a", "uid": "2", "generation": 9, "labels": {}}, "spec": {"n": 1}, "status": {"s": 2}}
    sealed = seal_update(THINGS, old, new, "")
    assert sealed["metadata"] == {"name": "a", "uid": "1", "generation": 2}
    assert (sealed["status"], sealed["spec"], sealed["kind"]) == ({"s": 1}, {"n": 1}, "Thing")
    assert changes_generation(old, sealed)
    assert seal_update(THINGS, old, new, "status") == old | {"status": {"s": 2}}


RULE = {"apiGroups": ["a.io"], "resources": ["xs", "ys/status"], "verbs": ["get", "list"]}


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        (Attributes("get", "a.io", "xs"), True),
        (Attributes("delete", "a.io", "xs"), False),
        (Attributes("get", "b.io", "xs"), False),
        (Attributes("get", "a.io", "xs/status"), False),
        (Attributes("get", "a.io", "ys/status"), True),
        (Attributes("get", path="/x"), False),
    ],
)
def test_a_policy_rule_covers_what_it_lists(wanted: Attributes, allowed: bool) -> None:
    assert covers(RULE, wanted) is allowed


def test_paths_are_covered_by_their_beginning() -> None:
    rule = {"nonResourceURLs": ["/apis/*", "/version"], "verbs": ["get"]}
    asked = ("/apis/x/y", "/version", "/versions", "/api")
    assert [covers(rule, Attributes("get", path=path)) for path in asked] == [True, True, False, False]


def test_what_is_missing_is_named_piece_by_piece() -> None:
    missing = missing_pieces([RULE], [{"apiGroups": ["a.io"], "resources": ["xs"], "verbs": ["get", "delete"]}])
    assert [describe_rule(rule) for rule in missing] == ['{APIGroups:["a.io"], Resources:["xs"], Verbs:["delete"]}']
