"""Values and sets: right answers, and none that is invented."""

import pytest
from builders.sdk.sdk_store import FakeStore

from titan_sdk.data.values import Values
from titan_sdk.errors import TitanConflict, TitanNotFound, TitanUnavailable


def values(backend):
    return Values(backend.store())


@pytest.mark.parametrize("text", ["v", "", "1,2\n3", "größe 数据 😀", "x" * 1024 * 1024])
def test_a_value_comes_back_as_it_was_put(text):
    backend = FakeStore()
    values(backend).put("key/with ?&=ü", text)
    assert values(backend).get("key/with ?&=ü") == text


def test_a_missing_key_is_not_found():
    with pytest.raises(TitanNotFound, match="no key 'k'"):
        values(FakeStore()).get("k")
    assert values(FakeStore()).find("k") is None
    assert values(FakeStore()).delete("k") is False


def test_keys_are_listed_page_by_page():
    backend = FakeStore(values={f"n{number:05}": "" for number in range(2_500)} | {"other": ""})
    assert values(backend).list("n") == [f"n{number:05}" for number in range(2_500)]


def test_a_member_is_new_once():
    backend = FakeStore()
    assert [values(backend).sadd("s", member) for member in ("a,b\n", "ü", "a,b\n")] == [1, 1, 0]
    assert values(backend).smembers("s") == ["a,b\n", "ü"]
    assert values(backend).smembers("none") == []


def test_a_set_addition_whose_answer_got_lost_is_not_answered_by_a_guess():
    backend = FakeStore()
    backend.transport.fail("lost", "POST", "/set/add")
    with pytest.raises(TitanUnavailable, match="'m' is in the set 's', but whether it was new is unknown"):
        values(backend).sadd("s", "m")
    assert backend.sets["s"] == ["m"]


@pytest.mark.parametrize("kind", ["unsent", "503", "500"])
def test_a_set_addition_that_was_not_done_is_done_again(kind):
    backend = FakeStore()
    backend.transport.fail(kind, "POST", "/set/add")
    assert values(backend).sadd("s", "m") == 1


def test_an_increment_is_never_counted_twice():
    backend = FakeStore()
    backend.transport.fail("lost", "POST", "/value/increment")
    with pytest.raises(TitanUnavailable):
        values(backend).increment("n")
    assert values(backend).increment("n", 5) == 6


def test_an_increment_that_nobody_heard_is_repeated():
    backend = FakeStore()
    backend.transport.fail("unsent", "POST", "/value/increment")
    assert values(backend).increment("n") == 1


def test_text_that_is_no_number_cannot_be_incremented():
    with pytest.raises(TitanConflict, match="no integer"):
        values(FakeStore(values={"n": "x"})).increment("n")


@pytest.mark.parametrize(
    ("present", "expected", "stored"),
    [(None, None, True), ("a", "a", True), ("a", "b", False), ("a", None, False), (None, "a", False), ("", "", True)],
)
def test_compare_and_set_stores_only_what_was_expected(present, expected, stored):
    backend = FakeStore(values={} if present is None else {"k": present})
    assert values(backend).compare_and_set("k", expected, "new") is stored
    assert backend.values.get("k") == ("new" if stored else present)


def test_compare_and_set_loses_to_whoever_was_quicker():
    backend = FakeStore(values={"k": "a"})
    backend.transport.before("PUT", "/value", lambda _: backend.values.update(k="theirs"))
    assert values(backend).compare_and_set("k", "a", "mine") is False
    assert backend.values["k"] == "theirs"


def test_an_unknown_end_of_compare_and_set_is_not_called_a_success():
    backend = FakeStore()
    backend.transport.fail("lost", "PUT", "/value")
    with pytest.raises(TitanUnavailable):
        values(backend).compare_and_set("lock", None, "me")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda v: v.put("", "x"), "a key must not be empty"),
        (lambda v: v.put("k" * 2_000, "x"), "a key may have 1024 characters"),
        (lambda v: v.put("k", "x" * 1_048_577), "a value may have 1048576 bytes, but this has 1048577"),
        (lambda v: v.put("k", "ü" * 600_000), "1200000"),
        (lambda v: v.put("k", b"x"), "not bytes"),
        (lambda v: v.put("k", "\ud800"), "surrogate"),
        (lambda v: v.get("a\0b"), "without NUL"),
        (lambda v: v.get(7), "must be a string, not int"),
        (lambda v: v.sadd("s", "x" * 1_048_577), "a member of a set may have"),
    ],
)
def test_what_the_store_cannot_take_is_refused_before_it_is_sent(call, words):
    backend = FakeStore()
    with pytest.raises(ValueError, match=words):
        call(values(backend))
    assert backend.transport.asked == []


def test_a_store_that_is_away_is_given_up_within_seconds():
    backend = FakeStore()
    backend.transport.fail("unsent", times=10_000)
    store = backend.store()
    began = store.clock.now()
    with pytest.raises(TitanUnavailable):
        Values(store).get("k")
    assert store.clock.now() - began < 10
