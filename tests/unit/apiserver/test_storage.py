"""The storage: versions, the past, and what is on the disk."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from titan_local.apiserver.persistence.databases import FIRST_VERSION, StorageError, encode
from titan_local.apiserver.persistence.storage import Event, Storage
from titan_local.apiserver.rules.reads.selectors import find_carried, parse_label_selector


def thing(name: str, namespace: str = "n", **fields: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace}, **fields}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "objects.db"


def names(objects: list[dict[str, Any]]) -> list[str]:
    return [f"{item['metadata']['namespace']}/{item['metadata']['name']}" for item in objects]


def test_every_write_has_a_version_of_its_own(path: Path) -> None:
    storage = Storage(path)
    first = storage.put("things", thing("a"))["metadata"]["resourceVersion"]
    second = storage.put("things", thing("a", n=2))["metadata"]["resourceVersion"]
    last = storage.remove("things", "n", "a")["metadata"]["resourceVersion"]
    assert [int(first), int(second), int(last)] == [FIRST_VERSION + 1, FIRST_VERSION + 2, FIRST_VERSION + 3]
    storage.close()


def test_objects_come_sorted_and_by_namespace(path: Path) -> None:
    storage = Storage(path)
    for namespace, name in (("b", "x"), ("a", "z"), ("a", "y"), ("ab", "w")):
        storage.put("things", thing(name, namespace))
    assert names(storage.select("things")) == ["a/y", "a/z", "ab/w", "b/x"]
    assert names(storage.select("things", "a")) == ["a/y", "a/z"]
    assert storage.select("others") == []
    storage.close()


def test_a_closed_storage_opens_as_it_was_and_its_past_is_forgotten(path: Path) -> None:
    storage = Storage(path)
    storage.put("things", thing("a", text="ä"))
    storage.put("things", thing("b"))
    storage.remove("things", "n", "b")
    version = storage.version
    storage.close()
    again = Storage(path)
    assert (names(again.select("things")), again.version, again.oldest) == (["n/a"], version, version)
    found = again.get("things", "n", "a")
    assert found is not None and found["text"] == "ä" and again.encoded("things", found) == encode(found)
    again.close()


def test_listeners_hear_of_their_resource_until_they_stop(path: Path) -> None:
    storage = Storage(path)
    heard: list[Event] = []
    stop = storage.listen("things", heard.append)
    storage.put("things", thing("a"))
    storage.put("others", thing("a"))
    storage.put("things", thing("a", n=2))
    stop()
    storage.remove("things", "n", "a")
    assert [(event.type, event.previous is None) for event in heard] == [("ADDED", True), ("MODIFIED", False)]
    assert heard[1].body == encode(heard[1].object)
    storage.close()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12), st.integers(0, 12))
def test_the_past_can_be_listed(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, bool]], moment: int
) -> None:
    storage = Storage(tmp_path_factory.mktemp("past") / "objects.db")
    snapshots = [(storage.version, storage.select("things"))]
    for number, (name, is_removal) in enumerate(writes):
        if not is_removal:
            storage.put("things", thing(name, n=number))
        elif storage.get("things", "n", name) is not None:
            storage.remove("things", "n", name)
        snapshots.append((storage.version, storage.select("things")))
    version, objects = snapshots[min(moment, len(snapshots) - 1)]
    assert storage.select("things", version=version) == objects
    assert storage.select("things", "n", version=version) == objects
    storage.close()


LABELS = st.fixed_dictionaries({}, optional={"a": st.sampled_from("12"), "b": st.sampled_from("12")})
SELECTORS = ["a=1", "b==2", "a in (1,2)", "a in (2),b=1", "b=2,a in (1, 3)", "a!=1", "a", "a notin (1),b=1"]


@given(st.lists(st.tuples(st.sampled_from("pqrstu"), st.sampled_from("nm"), LABELS | st.none()), max_size=30))
def test_a_selection_by_label_is_the_same_with_the_index_as_without(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, str, dict[str, str] | None]]
) -> None:
    storage = Storage(tmp_path_factory.mktemp("labels") / "objects.db")
    for name, namespace, labels in writes:
        if labels is not None:
            obj = thing(name, namespace)
            obj["metadata"]["labels"] = labels
            storage.put("things", obj)
        elif storage.get("things", namespace, name) is not None:
            storage.remove("things", namespace, name)
        for selector in SELECTORS:
            selects = parse_label_selector(selector)
            for where in ("n", None):
                found = storage.select("things", where, carrying=find_carried(selector))
                assert list(filter(selects, found)) == list(filter(selects, storage.select("things", where)))
    storage.close()


def test_of_many_objects_only_those_with_the_label_are_looked_at(path: Path) -> None:
    storage = Storage(path)
    for number in range(10):
        storage.put("things", {"metadata": {"name": str(number), "namespace": "n", "labels": {"of": str(number)}}})
    assert names(storage.select("things", "n", carrying=find_carried("of in (3, 7)"))) == ["n/3", "n/7"]
    storage.close()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("something else" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        Storage(path)
