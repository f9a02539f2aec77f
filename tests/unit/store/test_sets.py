"""Sets: 1 for a new member, 0 for an old one, in order of addition, with any text."""

import asyncio

import pytest
from builders.store.stores import Store

MEMBERS = ["", "plain", "a,b", "line\nbreak", "nul\0", "größer", "😀", "[1, 2]", "x" * 2**20]


async def test_members_of_any_text_come_back_in_order_of_addition(store: Store) -> None:
    for member in MEMBERS:
        assert (await store.post("/set/add", {"key": "s"}, {"member": member})).json == {"added": 1}
    assert (await store.post("/set/add", {"key": "s"}, {"member": "a,b"})).json == {"added": 0}
    assert (await store.get("/set", {"key": "s"})).json == {"members": MEMBERS}


async def test_a_removed_member_goes_to_the_end_when_it_is_added_again(store: Store) -> None:
    for member in ("a", "b", "c"):
        await store.post("/set/add", {"key": "s"}, {"member": member})
    assert (await store.post("/set/remove", {"key": "s"}, {"member": "a"})).json == {"removed": 1}
    assert (await store.post("/set/remove", {"key": "s"}, {"member": "a"})).json == {"removed": 0}
    await store.post("/set/add", {"key": "s"}, {"member": "a"})
    assert (await store.get("/set", {"key": "s"})).json == {"members": ["b", "c", "a"]}


async def test_a_missing_set_is_empty_and_may_be_deleted(store: Store) -> None:
    assert (await store.get("/set", {"key": "none"})).json == {"members": []}
    assert (await store.call("DELETE", "/set", {"key": "none"})).status == 204


async def test_a_deleted_set_is_empty_and_its_neighbours_and_values_stay(store: Store) -> None:
    for key in ("s", "s2"):
        await store.post("/set/add", {"key": key}, {"member": "m"})
    await store.put_value("s", "a value of the same key")
    await store.call("DELETE", "/set", {"key": "s"})
    assert (await store.get("/set", {"key": "s"})).json == {"members": []}
    assert (await store.get("/set", {"key": "s2"})).json == {"members": ["m"]}
    assert (await store.get("/value", {"key": "s"})).text == "a value of the same key"


async def test_sets_are_listed_by_key_in_pages_with_the_number_of_their_members(store: Store) -> None:
    for key, count in {"a": 1, "run:1": 3, "run:2": 2, "run:ä": 1, "s": 1}.items():
        for member in range(count):
            await store.post("/set/add", {"key": key}, {"member": str(member)})
    await store.put_value("run:3", "a value is no set")
    first = (await store.get("/sets", {"prefix": "run:", "limit": "2"})).json
    assert first["items"] == [{"key": "run:1", "members": 3}, {"key": "run:2", "members": 2}]
    assert first["total"] == 3
    second = (await store.get("/sets", {"prefix": "run:", "limit": "2", "continue": first["continue"]})).json
    assert second == {"items": [{"key": "run:ä", "members": 1}], "total": 3}
    assert [item["key"] for item in (await store.get("/sets")).json["items"]] == ["a", "run:1", "run:2", "run:ä", "s"]
    assert (await store.get("/sets", {"prefix": "none"})).json == {"items": [], "total": 0}


async def test_of_many_who_add_the_same_member_at_once_exactly_one_is_told_that_it_was_new(store: Store) -> None:
    replies = await asyncio.gather(*(store.post("/set/add", {"key": "s"}, {"member": "m"}) for _ in range(40)))
    assert sum(reply.json["added"] for reply in replies) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"member": "\\ud800"}', 400),
        (b'{"member": 1}', 400),
        (b'{"member": null}', 400),
        (b'{"member": "a", "more": 1}', 400),
        (b"{}", 400),
        (b"[]", 400),
        (b"", 400),
        (b'{"member": ', 400),
        (b'{"member": "\xff"}', 400),
        (b'{"member": "' + b"x" * (2**20 + 1) + b'"}', 413),
        (b'{"member": "' + b"x" * 2**23 + b'"}', 413),
    ],
)
async def test_what_is_no_member_is_refused_and_changes_nothing(store: Store, body: bytes, status: int) -> None:
    reply = await store.call("POST", "/set/add", {"key": "s"}, data=body)
    assert reply.status == status
    assert (await store.get("/set", {"key": "s"})).json == {"members": []}
