"""Lists: order, selectors, pages, versions, Tables."""

import pytest
from conformance.api import TABLE, Answer, Api
from conformance.objects import CRDS, config_map, gadget, pod


@pytest.fixture
def five(api: Api, config_maps: str) -> str:
    for number in range(5):
        api.post(config_maps, config_map(f"m{number}", labels={"n": str(number), "odd": str(number % 2)}))
    return config_maps


def names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.message
    return [item["metadata"]["name"] for item in answer.body["items"] if item["metadata"]["name"].startswith("m")]


def test_a_list_says_what_it_is_and_of_which_moment(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    body = api.get(gadgets).body
    assert (body["kind"], body["apiVersion"]) == ("GadgetList", "conformance.titan.io/v1")
    assert body["metadata"]["resourceVersion"].isdigit() and body["items"][0]["kind"] == "Gadget"


def test_items_of_built_in_lists_carry_no_kind(api: Api, five: str) -> None:
    assert all("kind" not in item and "apiVersion" not in item for item in api.get(five).body["items"])


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("n=2", "2"), ("n==2", "2"), ("n!=2", "0134"), ("n in (1,3)", "13"), ("n notin (1, 3)", "024"),
        ("n", "01234"), ("!n", ""), ("odd=1,n!=3", "1"), ("odd in (1),n", "13"), ("missing!=x", "01234"),
        ("n>2", "34"), ("n<1", "0"),
    ],
)  # fmt: skip
def test_labels_select(api: Api, five: str, selector: str, expected: str) -> None:
    assert names(api.get(five, labelSelector=selector)) == [f"m{digit}" for digit in expected]


@pytest.mark.parametrize("selector", ["a in (", "=x", "a=b=c", "n in 1", "bad key=1"])
def test_a_selector_that_is_none_is_a_bad_request(api: Api, five: str, selector: str) -> None:
    answer = api.get(five, labelSelector=selector)
    assert (answer.status, answer.reason) == (400, "BadRequest")


def test_fields_select(api: Api, pods: str) -> None:
    for name in ("m1", "m2"):
        api.post(pods, pod(name))
    api.patch(f"{pods}/m2/status", {"status": {"phase": "Running"}})
    assert names(api.get(pods, fieldSelector="metadata.name=m1")) == ["m1"]
    assert names(api.get(pods, fieldSelector="status.phase=Running")) == ["m2"]
    assert names(api.get(pods, fieldSelector="status.phase!=Running,spec.nodeName=")) == ["m1"]
    answer = api.get(pods, fieldSelector="spec.bogus=1")
    assert (answer.status, "field label not supported: spec.bogus" in answer.message) == (400, True)


def test_a_definition_says_which_fields_select(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("m1", {"mode": "fast"}))
    api.post(gadgets, gadget("m2"))
    assert names(api.get(gadgets, fieldSelector="spec.mode=fast")) == ["m1"]
    assert api.get(gadgets, fieldSelector="spec.size=1").status == 400


def test_pages_show_one_moment(api: Api, five: str) -> None:
    first = api.get(five, limit=2, labelSelector="n")
    assert names(first) == ["m0", "m1"] and "remainingItemCount" not in first.body["metadata"]
    api.delete(f"{five}/m2")
    api.post(five, config_map("m25", labels={"n": "25"}))
    second = api.get(five, limit=2, labelSelector="n", **{"continue": first.body["metadata"]["continue"]})
    assert names(second) == ["m2", "m3"]
    assert second.body["metadata"]["resourceVersion"] == first.body["metadata"]["resourceVersion"]
    third = api.get(five, limit=2, labelSelector="n", **{"continue": second.body["metadata"]["continue"]})
    assert names(third) == ["m4"] and "continue" not in third.body["metadata"]


def test_a_page_without_selector_says_how_much_remains(api: Api, gadgets: str) -> None:
    for number in range(3):
        api.post(gadgets, gadget(f"m{number}"))
    assert api.get(gadgets, limit=1).body["metadata"]["remainingItemCount"] == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"continue": "junk"}, 400),
        ({"resourceVersion": "junk"}, 400),
        ({"limit": "many"}, 400),
        ({"resourceVersionMatch": "Exact"}, 422),
        ({"resourceVersionMatch": "Roughly", "resourceVersion": "1"}, 422),
        ({"sendInitialEvents": "true"}, 422),
    ],
)
def test_options_that_make_no_sense_are_refused(api: Api, gadgets: str, query: dict, status: int) -> None:
    assert api.get(gadgets, **query).status == status


def test_a_list_of_an_exact_version_shows_the_past(api: Api, five: str) -> None:
    version = api.get(five).body["metadata"]["resourceVersion"]
    api.delete(f"{five}/m1")
    api.patch(f"{five}/m2", {"data": {"new": "yes"}})
    then = api.get(five, resourceVersion=version, resourceVersionMatch="Exact")
    assert names(then) == ["m0", "m1", "m2", "m3", "m4"] and "data" not in then.body["items"][-3]
    assert names(api.get(five, resourceVersion=version, resourceVersionMatch="NotOlderThan")) == [
        "m0",
        "m2",
        "m3",
        "m4",
    ]
    assert names(api.get(five, resourceVersion="0")) in (["m0", "m2", "m3", "m4"], ["m0", "m1", "m2", "m3", "m4"])


def test_a_version_of_the_future_is_not_there_yet(api: Api, gadgets: str) -> None:
    version = int(api.get(gadgets).body["metadata"]["resourceVersion"]) + 1_000_000
    answer = api.get(gadgets, resourceVersion=str(version))
    assert (answer.status, answer.reason) == (504, "Timeout")
    assert "Too large resource version" in answer.message


def test_all_namespaces_are_one_list(api: Api, gadgets: str) -> None:
    uid = api.post(gadgets, gadget("a")).body["metadata"]["uid"]
    everywhere = api.get("/apis/conformance.titan.io/v1/gadgets").body["items"]
    assert uid in [item["metadata"]["uid"] for item in everywhere]


def test_a_table_has_the_columns_of_the_definition(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    api.patch(f"{gadgets}/a/status", {"status": {"conditions": [{"type": "Ready", "status": "True"}]}})
    for path in (gadgets, f"{gadgets}/a"):
        table = api.get(path, accept=TABLE).body
        assert table["kind"] == "Table"
        assert [(column["name"], column["type"], column["priority"]) for column in table["columnDefinitions"]] == [
            ("Name", "string", 0), ("Mode", "string", 0), ("Ready", "string", 0), ("Limit", "integer", 1), ("Age", "date", 0),
        ]  # fmt: skip
        (row,) = table["rows"]
        assert row["cells"][:4] == ["a", "slow", "True", 3] and row["cells"][4].endswith("s")
        assert row["object"]["kind"] == "PartialObjectMetadata" and row["object"]["metadata"]["name"] == "a"


def test_a_table_carries_as_much_of_the_object_as_is_asked_for(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    assert api.get(gadgets, accept=TABLE, includeObject="Object").body["rows"][0]["object"]["kind"] == "Gadget"
    assert not api.get(gadgets, accept=TABLE, includeObject="None").body["rows"][0].get("object")


def test_built_in_kinds_have_tables_too(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    table = api.get(pods, accept=TABLE).body
    visible = [column["name"] for column in table["columnDefinitions"] if column["priority"] == 0]
    assert visible == ["Name", "Ready", "Status", "Restarts", "Age"]
    assert table["rows"][0]["cells"][:3] == ["p", "0/1", "Pending"]


def test_a_table_of_definitions_says_since_when(api: Api) -> None:
    table = api.get(CRDS, accept=TABLE).body
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Created At"]


def test_metadata_alone_is_served_for_those_who_want_no_more(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", labels={"x": "y"}))
    partial = "application/json;as=PartialObjectMetadata{};v=v1;g=meta.k8s.io"
    one = api.get(f"{gadgets}/a", accept=partial.format("")).body
    assert one["kind"] == "PartialObjectMetadata" and one["metadata"]["labels"] == {"x": "y"} and "spec" not in one
    many = api.get(gadgets, accept=partial.format("List")).body
    assert many["kind"] == "PartialObjectMetadataList" and many["items"][0]["metadata"]["name"] == "a"
