"""Values: what a program puts is what it gets, whatever the text, and conditions hold."""

import pytest
from builders.store.stores import FakeClock, Store

KEYS = [
    "plain",
    "a/b/../c",
    "..",
    "/",
    "with\nnewline",
    "nul\0nul",
    "schlüssel",
    "🜚𝔘",
    "%2F",
    "+ &=?#",
    " ",
    "😀" * 1024,
]


@pytest.mark.parametrize("key", KEYS)
async def test_any_key_holds_its_own_value(store: Store, key: str) -> None:
    assert (await store.put_value(key, f"of {key[:9]}")).status == 204
    await store.put_value(key[:1023] + "x", "a neighbour")
    reply = await store.get("/value", {"key": key})
    assert (reply.status, reply.text) == (200, f"of {key[:9]}")
    listed = await store.get("/values", {"prefix": key})
    assert key in [item["key"] for item in listed.json["items"]]


@pytest.mark.parametrize("text", ["", "NULL", "commas, and\nnewlines", "🜚 größer\0", "x" * 2**20])
async def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    await store.put_value("k", text)
    reply = await store.get("/value", {"key": "k"})
    assert (reply.text, reply.headers["Content-Type"]) == (text, "text/plain; charset=utf-8")


async def test_a_missing_key_is_named_in_the_error(store: Store) -> None:
    for reply in (await store.get("/value", {"key": "köy"}), await store.call("DELETE", "/value", {"key": "köy"})):
        assert (reply.status, reply.code) == (404, "KeyNotFound")
        assert "köy" in reply.json["error"]["message"]


async def test_a_deleted_value_is_gone(store: Store) -> None:
    await store.put_value("k", "v")
    assert (await store.call("DELETE", "/value", {"key": "k"})).status == 204
    assert (await store.get("/value", {"key": "k"})).status == 404


async def test_each_write_gives_another_version_even_of_the_same_text(store: Store) -> None:
    tags = {(await store.put_value("k", "same")).headers["ETag"] for _ in range(5)}
    assert len(tags) == 5
    assert (await store.get("/value", {"key": "k"})).headers["ETag"] in tags


@pytest.mark.parametrize(
    ("exists", "condition", "status"),
    [
        (True, {"If-Match": "current"}, 204),
        (True, {"If-Match": '"other", current'}, 204),
        (True, {"If-Match": '"other"'}, 412),
        (True, {"If-Match": "*"}, 204),
        (True, {"If-None-Match": "*"}, 412),
        (False, {"If-Match": '"other"'}, 412),
        (False, {"If-Match": "*"}, 412),
        (False, {"If-None-Match": "*"}, 204),
        (True, {"If-Match": "without quotes"}, 400),
        (True, {"If-Match": 'W/"weak"'}, 400),
        (True, {"If-Match": ""}, 400),
        (True, {"If-None-Match": '"other"'}, 400),
    ],
)
async def test_a_conditional_write_happens_only_if_its_condition_holds(
    store: Store, exists: bool, condition: dict[str, str], status: int
) -> None:
    before = await store.put_value("k", "old") if exists else None
    current = before.headers["ETag"] if before else ""
    headers = {name: value.replace("current", current) for name, value in condition.items()}
    reply = await store.put("/value", {"key": "k"}, b"new", headers=headers)
    assert reply.status == status
    after = await store.get("/value", {"key": "k"})
    assert after.text == "new" if status == 204 else after.status == 404 or after.text == "old"


async def test_a_delete_of_another_version_is_refused(store: Store) -> None:
    await store.put_value("k", "v")
    reply = await store.call("DELETE", "/value", {"key": "k"}, headers={"If-Match": '"other"'})
    assert (reply.status, reply.code) == (412, "PreconditionFailed")
    assert (await store.get("/value", {"key": "k"})).text == "v"


@pytest.mark.parametrize(
    ("before", "by", "status", "after"),
    [
        (None, 5, 200, "5"),
        ("41", 1, 200, "42"),
        ("-3", -4, 200, "-7"),
        ("+7", 0, 200, "7"),
        ("seven", 1, 409, "seven"),
        ("", 1, 409, ""),
        ("1.5", 1, 409, "1.5"),
        (" 1", 1, 409, " 1"),
        ("9223372036854775807", 1, 400, "9223372036854775807"),
        ("10", 2**80, 400, "10"),
    ],
)
async def test_increment_adds_to_integers_only(
    store: Store, before: str | None, by: int, status: int, after: str
) -> None:
    if before is not None:
        await store.put_value("n", before)
    reply = await store.post("/value/increment", {"key": "n"}, {"by": by})
    assert reply.status == status
    assert status != 200 or reply.json == {"value": int(after)}
    assert (await store.get("/value", {"key": "n"})).text == after


async def test_a_value_vanishes_when_its_time_is_over(store: Store, clock: FakeClock) -> None:
    await store.put_value("short", "s", ttlSeconds="10")
    await store.put_value("long", "l", ttlSeconds="3600")
    clock.pass_time(seconds=9.9)
    assert (await store.get("/value", {"key": "short"})).text == "s"
    clock.pass_time(seconds=0.1)
    assert (await store.get("/value", {"key": "short"})).status == 404
    assert (await store.call("DELETE", "/value", {"key": "short"})).status == 404
    assert [item["key"] for item in (await store.get("/values")).json["items"]] == ["long"]
    assert (await store.put("/value", {"key": "short"}, b"again", headers={"If-None-Match": "*"})).status == 204


async def test_an_increment_keeps_the_end_and_a_plain_write_removes_it(store: Store, clock: FakeClock) -> None:
    for key in ("counted", "written"):
        await store.put_value(key, "1", ttlSeconds="10")
    await store.post("/value/increment", {"key": "counted"}, {"by": 1})
    await store.put_value("written", "2")
    clock.pass_time(seconds=11)
    assert [item["key"] for item in (await store.get("/values")).json["items"]] == ["written"]


async def test_a_listing_is_sorted_paged_and_says_how_big_values_are(store: Store, clock: FakeClock) -> None:
    await store.put_value("run/b", "22", ttlSeconds="60")
    for key in ("run/a", "run/c", "run0", "ru", "run/é", "run/\U0010ffff"):
        await store.put_value(key, "1")
    first = (await store.get("/values", {"prefix": "run/", "limit": "2"})).json
    assert [(item["key"], item["size"], item.get("expireTime")) for item in first["items"]] == [
        ("run/a", 1, None),
        ("run/b", 2, "2026-01-02T03:05:05.000000Z"),
    ]
    rest = (await store.get("/values", {"prefix": "run/", "continue": first["continue"]})).json
    assert [item["key"] for item in rest["items"]] == ["run/c", "run/é", "run/\U0010ffff"]
    assert "continue" not in rest


async def test_a_thousand_keys_are_listed_page_by_page_without_loss(store: Store) -> None:
    for number in range(120):
        await store.put_value(f"k{number:04}", "v")
    found, token = [], ""
    while True:
        page = (await store.get("/values", {"limit": "50", "continue": token})).json
        found += [item["key"] for item in page["items"]]
        token = page.get("continue", "")
        if not token:
            break
    assert found == [f"k{number:04}" for number in range(120)]
