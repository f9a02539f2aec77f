"""Watches: what happened, in order, from a version on; bookmarks; selections; the past that is forgotten."""

from conformance.api import TABLE, Api
from conformance.objects import config_map, gadget

from titan_api.json_types import Json


def shown(events: list[Json]) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in events]


def version_of(api: Api, path: str) -> str:
    return str(api.get(path).body["metadata"]["resourceVersion"])


def test_a_watch_tells_what_happens(api: Api, gadgets: str) -> None:
    with api.watching(gadgets, resourceVersion=version_of(api, gadgets)) as stream:
        api.post(gadgets, gadget("a"))
        api.patch(f"{gadgets}/a", {"spec": {"size": 2}})
        api.patch(f"{gadgets}/a", {"spec": {"size": 2}})  # No write, hence no event.
        api.delete(f"{gadgets}/a")
        events = stream.wait_for(3)
    assert shown(events) == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert versions == sorted(set(versions))


def test_a_watch_from_an_older_version_replays_what_came_after(api: Api, gadgets: str) -> None:
    version = version_of(api, gadgets)
    api.post(gadgets, gadget("a"))
    between = api.post(gadgets, gadget("b")).body["metadata"]["resourceVersion"]
    api.delete(f"{gadgets}/a")
    assert shown(api.events(gadgets, resourceVersion=version)) == [("ADDED", "a"), ("ADDED", "b"), ("DELETED", "a")]
    assert shown(api.events(gadgets, resourceVersion=between)) == [("DELETED", "a")]


def test_a_watch_from_nowhere_begins_with_what_is_there(api: Api, gadgets: str) -> None:
    for name in ("a", "b"):
        api.post(gadgets, gadget(name))
    for query in ({}, {"resourceVersion": "0"}):
        assert sorted(shown(api.events(gadgets, **query))) == [("ADDED", "a"), ("ADDED", "b")]


def test_a_forgotten_version_is_an_error_event_of_code_410(api: Api, gadgets: str) -> None:
    answer = api.get(gadgets, watch="true", resourceVersion="1", timeoutSeconds="1")
    assert answer.status == 200
    event = answer.body
    assert event["type"] == "ERROR" and event["object"]["code"] == 410 and event["object"]["reason"] == "Expired"
    assert event["object"]["message"].startswith("too old resource version: 1 (")


def test_a_streamed_list_ends_with_a_bookmark(api: Api, gadgets: str) -> None:
    for name in ("a", "b"):
        api.post(gadgets, gadget(name))
    query = {"sendInitialEvents": "true", "allowWatchBookmarks": "true", "resourceVersionMatch": "NotOlderThan"}
    with api.watching(gadgets, **query) as stream:
        stream.wait_for(3)
        api.post(gadgets, gadget("c"))
        events = stream.wait_for(4)
    assert sorted(shown(events[:2])) == [("ADDED", "a"), ("ADDED", "b")]
    bookmark = events[2]
    assert (bookmark["type"], bookmark["object"]["kind"]) == ("BOOKMARK", "Gadget")
    assert bookmark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert bookmark["object"]["metadata"]["resourceVersion"].isdigit()
    assert shown(events[3:]) == [("ADDED", "c")]


def test_options_of_watches_that_make_no_sense_are_refused(api: Api, gadgets: str) -> None:
    answer = api.get(gadgets, watch="true", sendInitialEvents="true", timeoutSeconds="1")
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan" in answer.message
    answer = api.get(gadgets, watch="true", resourceVersionMatch="NotOlderThan", timeoutSeconds="1")
    assert "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided" in answer.message
    assert api.get(gadgets, watch="true", resourceVersion="junk", timeoutSeconds="1").status == 500
    assert api.get(gadgets, watch="true", timeoutSeconds="soon").status == 400


def test_who_enters_the_selection_is_added_and_who_leaves_is_deleted(api: Api, config_maps: str) -> None:
    with api.watching(config_maps, labelSelector="in=yes", resourceVersion=version_of(api, config_maps)) as stream:
        api.post(config_maps, config_map("a", labels={"in": "no"}))
        api.patch(f"{config_maps}/a", {"metadata": {"labels": {"in": "yes"}}})
        api.patch(f"{config_maps}/a", {"data": {"x": "y"}})
        left = api.patch(f"{config_maps}/a", {"metadata": {"labels": {"in": "no"}}}).body
        events = stream.wait_for(3)
    assert shown(events) == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    last = events[2]["object"]["metadata"]
    assert last["labels"] == {"in": "yes"} and last["resourceVersion"] == left["metadata"]["resourceVersion"]


def test_a_watch_of_one_name_hears_of_no_other(api: Api, gadgets: str) -> None:
    with api.watching(gadgets, fieldSelector="metadata.name=b", resourceVersion=version_of(api, gadgets)) as stream:
        for name in ("a", "b", "c"):
            api.post(gadgets, gadget(name))
        api.delete(f"{gadgets}/b")
        events = stream.wait_for(2)
    assert shown(events) == [("ADDED", "b"), ("DELETED", "b")]


def test_the_first_row_of_a_watched_table_brings_the_columns(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    api.post(gadgets, gadget("b"))
    first, second = api.events(gadgets, accept=TABLE)
    assert first["object"]["kind"] == "Table" and first["object"]["columnDefinitions"][0]["name"] == "Name"
    assert {event["object"]["rows"][0]["cells"][0] for event in (first, second)} == {"a", "b"}
    assert first["object"]["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


def test_several_watches_hear_the_same(api: Api, gadgets: str) -> None:
    version = version_of(api, gadgets)
    with api.watching(gadgets, resourceVersion=version) as one, api.watching(gadgets, resourceVersion=version) as two:
        for number in range(20):
            api.post(gadgets, gadget(f"g{number}"))
        assert shown(one.wait_for(20)) == shown(two.wait_for(20))


def test_definitions_and_namespaces_are_watched_like_anything_else(api: Api) -> None:
    for path in ("/api/v1/namespaces", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"):
        existing = {item["metadata"]["name"] for item in api.get(path).body["items"][:3]}
        assert existing <= {event["object"]["metadata"]["name"] for event in api.events(path)}
