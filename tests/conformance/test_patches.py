"""The four kinds of PATCH."""

from typing import Any

import pytest
from conformance.api import JSON, JSON_PATCH, MERGE, STRATEGIC, Api
from conformance.objects import config_map, gadget, pod


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"data": {"b": "2"}}, {"a": "1", "b": "2"}),
        ({"data": {"a": None}}, {}),
        ({"data": {"a": "9"}}, {"a": "9"}),
        ({"data": None}, {}),
        ({"metadata": {"labels": {"x": "y"}}}, {"a": "1"}),
    ],
)
def test_merge_patch_merges_objects_and_null_removes(api: Api, config_maps: str, patch: Any, expected: Any) -> None:
    api.post(config_maps, config_map("m", {"a": "1"}))
    answer = api.patch(f"{config_maps}/m", patch)
    assert answer.status == 200 and answer.body.get("data", {}) == expected


def test_merge_patch_replaces_lists(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", {"log": ["1"], "ports": [{"name": "x"}, {"name": "y"}]}))
    assert api.patch(f"{gadgets}/a", {"spec": {"ports": [{"name": "z"}]}}).body["spec"]["ports"] == [{"name": "z"}]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "add", "path": "/data/b", "value": "2"}], {"a": "1", "b": "2"}),
        ([{"op": "replace", "path": "/data/a", "value": "2"}], {"a": "2"}),
        ([{"op": "remove", "path": "/data/a"}], {}),
        ([{"op": "copy", "from": "/data/a", "path": "/data/b"}], {"a": "1", "b": "1"}),
        ([{"op": "move", "from": "/data/a", "path": "/data/b"}], {"b": "1"}),
        (
            [{"op": "test", "path": "/data/a", "value": "1"}, {"op": "add", "path": "/data/c", "value": "3"}],
            {"a": "1", "c": "3"},
        ),
        ([{"op": "add", "path": "/data/x~1y~0z", "value": "e"}], None),
    ],
)
def test_json_patch_does_as_it_is_told(api: Api, config_maps: str, operations: Any, expected: Any) -> None:
    api.post(config_maps, config_map("m", {"a": "1"}))
    answer = api.patch(f"{config_maps}/m", operations, JSON_PATCH)
    if expected is None:  # The tokens are unescaped; the name that they make is not one that a ConfigMap may have.
        assert answer.status == 422 and "x/y~z" in answer.message
    else:
        assert answer.status == 200 and answer.body.get("data", {}) == expected


def test_a_json_patch_whose_test_fails_changes_nothing(api: Api, gadgets: str) -> None:
    before = api.post(gadgets, gadget("a", {"size": 1})).body
    wrong = [{"op": "test", "path": "/spec/size", "value": 2}, {"op": "remove", "path": "/spec/size"}]
    answer = api.patch(f"{gadgets}/a", wrong, JSON_PATCH)
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert api.get(f"{gadgets}/a").body == before


def test_a_json_patch_guards_itself_with_the_version(api: Api, gadgets: str) -> None:
    version = api.post(gadgets, gadget("a")).body["metadata"]["resourceVersion"]
    guarded = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": version},
        {"op": "add", "path": "/metadata/finalizers", "value": ["a.b/c"]},
    ]
    assert api.patch(f"{gadgets}/a", guarded, JSON_PATCH).status == 200
    assert api.patch(f"{gadgets}/a", guarded, JSON_PATCH).status == 422
    api.patch(f"{gadgets}/a", {"metadata": {"finalizers": None}})


@pytest.mark.parametrize(
    "operations",
    [[{"op": "remove", "path": "/spec/nothing"}], [{"op": "replace", "path": "/spec/no/where", "value": 1}]],
)
def test_a_json_patch_of_what_is_not_there_is_refused(api: Api, gadgets: str, operations: Any) -> None:
    api.post(gadgets, gadget("a"))
    assert api.patch(f"{gadgets}/a", operations, JSON_PATCH).status == 422


def test_strategic_merge_knows_the_keys_of_lists(api: Api, pods: str) -> None:
    side = {"name": "side", "image": "y"}
    api.post(pods, pod("p", {"name": "main", "image": "x"}, side))
    answer = api.patch(f"{pods}/p", {"spec": {"containers": [{"name": "main", "image": "new"}]}}, STRATEGIC)
    assert {item["name"]: item["image"] for item in answer.body["spec"]["containers"]} == {"main": "new", "side": "y"}


def test_strategic_merge_merges_conditions_finalizers_and_tolerations(api: Api, pods: str) -> None:
    api.post(pods, pod("p", finalizers=["a.b/one"]))
    for kind in ("Ready", "Other", "Ready"):
        condition = {"type": kind, "status": "True"}
        answer = api.patch(f"{pods}/p/status", {"status": {"conditions": [condition]}}, STRATEGIC)
    assert sorted(item["type"] for item in answer.body["status"]["conditions"]) == ["Other", "Ready"]
    answer = api.patch(f"{pods}/p", {"metadata": {"finalizers": ["a.b/two"]}}, STRATEGIC)
    assert sorted(answer.body["metadata"]["finalizers"]) == ["a.b/one", "a.b/two"]
    gone = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a.b/one", "a.b/two"]}}
    assert "finalizers" not in api.patch(f"{pods}/p", gone, STRATEGIC).body["metadata"]


def test_strategic_merge_deletes_and_replaces_by_directive(api: Api, config_maps: str) -> None:
    api.post(config_maps, config_map("m", {"a": "1", "b": "2"}))
    assert api.patch(f"{config_maps}/m", {"data": {"a": None}}, STRATEGIC).body["data"] == {"b": "2"}
    assert api.patch(f"{config_maps}/m", {"data": {"$patch": "replace", "c": "3"}}, STRATEGIC).body["data"] == {
        "c": "3"
    }


def test_custom_resources_know_no_strategic_merge(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    answer = api.patch(f"{gadgets}/a", {}, STRATEGIC)
    assert (answer.status, answer.reason) == (415, "UnsupportedMediaType")
    kinds = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
    assert kinds in answer.message
    assert api.patch(f"{gadgets}/a", {}, JSON).status == 415


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"text"'])
def test_a_merge_patch_that_is_no_object_is_a_bad_request(api: Api, config_maps: str, body: bytes) -> None:
    api.post(config_maps, config_map("m"))
    assert api.patch(f"{config_maps}/m", body, MERGE).status in (400, 422, 500)
    assert api.get(f"{config_maps}/m").status == 200


def test_labels_and_annotations_that_are_emptied_are_gone(api: Api, config_maps: str) -> None:
    api.post(config_maps, config_map("m", labels={"a": "b"}, annotations={"c": "d"}))
    metadata = api.patch(f"{config_maps}/m", {"metadata": {"labels": {"a": None}, "annotations": None}}).body[
        "metadata"
    ]
    assert "labels" not in metadata and "annotations" not in metadata
