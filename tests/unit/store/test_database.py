"""Group commit: shared transactions, one refusal spares the others, and a full disk is survived."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from titan_store.errors import Conflict, InsufficientStorage, Unavailable
from titan_store.sqlite.database import Database


@asynccontextmanager
async def opened(path: Path, groups: list[int] | None = None) -> AsyncIterator[Database]:
    database = Database(path, lambda size, seconds: groups.append(size) if groups is not None else None)
    try:
        yield database
    finally:
        await database.close()


def insert(name: str, content: str = "x") -> object:
    return lambda connection: connection.execute("INSERT INTO facts VALUES (?, ?)", (name, content)).rowcount


def refuse(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO facts VALUES ('by a refused write', '')")
    raise Conflict("Conflict", "no")


def names_in(path: Path) -> set[str]:
    """What somebody else sees, who opens the file."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name FROM facts").fetchall()
    connection.close()
    return {row[0] for row in rows} - {"store_id", "forgotten_sequence"}


async def test_writes_that_come_together_share_transactions(tmp_path: Path) -> None:
    groups: list[int] = []
    async with opened(tmp_path / "db", groups) as database:
        await asyncio.gather(*(database.write(insert(f"n{number}")) for number in range(200)))
        assert len(names_in(tmp_path / "db")) == 200
    assert sum(groups) == 200
    assert len(groups) <= 3


async def test_a_write_is_there_for_everybody_when_it_is_answered(tmp_path: Path) -> None:
    async with opened(tmp_path / "db") as database:
        await database.write(insert("a"))
        assert names_in(tmp_path / "db") == {"a"}
        assert database.read("SELECT 1 FROM facts WHERE name = ?", ("a",))
        assert await database.scan("SELECT 1 FROM facts WHERE name = ?", ("a",))


async def test_who_reads_again_and_again_sees_every_change_when_it_is_answered(tmp_path: Path) -> None:
    query = "SELECT content FROM facts WHERE name = ?"
    seen: list[int] = []

    async def watch(database: Database, writing: "asyncio.Task[None]") -> None:
        while not writing.done():
            seen.append(int(database.read(query, ("n",))[0][0]))
            await asyncio.sleep(0)

    async with opened(tmp_path / "db") as database:
        await database.write(insert("n", "0"))

        async def count() -> None:
            for number in map(str, range(1, 50)):
                await database.write(
                    lambda connection, text=number: (
                        connection.execute("UPDATE facts SET content = ? WHERE name = 'n'", (text,)).rowcount
                    )
                )
                assert database.read(query, ("n",)) == [(number,)]
                assert database.read(query, ("n",)) == [(number,)]

        writing = asyncio.create_task(count())
        await watch(database, writing)
        await writing
        assert database.read(query, ("missing",)) == []
        await database.write(insert("missing"))
        assert database.read(query, ("missing",)) == [("x",)]
    assert seen == sorted(seen)


async def test_a_refused_write_leaves_nothing_and_spares_its_group(tmp_path: Path) -> None:
    async with opened(tmp_path / "db") as database:
        writes = [database.write(write) for write in (insert("a"), refuse, insert("b"), insert("a"), insert("c"))]
        first, refused, second, double, third = await asyncio.gather(*writes, return_exceptions=True)
        assert (first, second, third) == (1, 1, 1)
        assert isinstance(refused, Conflict)
        assert isinstance(double, Unavailable)
    assert names_in(tmp_path / "db") == {"a", "b", "c"}


async def test_a_defect_in_one_write_is_told_to_its_caller_and_the_writer_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "db") as database:
        writes = [database.write(write) for write in (insert("before"), lambda connection: 1 // 0, insert("beside"))]
        results = await asyncio.gather(*writes, return_exceptions=True)
        assert [type(result) for result in results] == [int, ZeroDivisionError, int]
        await database.write(insert("after"))
    assert names_in(tmp_path / "db") == {"before", "beside", "after"}


async def test_a_full_disk_refuses_what_does_not_fit_and_takes_the_rest(tmp_path: Path) -> None:
    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    def free(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 1000000")

    async with opened(tmp_path / "db") as database:
        await database.write(limit)
        writes = [insert("small"), insert("huge", "x" * 10**6), insert("also small")]
        results = await asyncio.gather(*(database.write(write) for write in writes), return_exceptions=True)
        assert [type(result) for result in results] == [int, InsufficientStorage, int]
        await database.write(lambda connection: connection.execute("DELETE FROM facts WHERE name = 'small'"))
        await database.write(free)
        await database.write(insert("huge", "x" * 10**6))
    assert names_in(tmp_path / "db") == {"also small", "huge"}


async def test_what_was_accepted_is_written_before_the_database_closes(tmp_path: Path) -> None:
    async with opened(tmp_path / "db") as database:
        writes = [asyncio.ensure_future(database.write(insert(f"n{number}"))) for number in range(50)]
        await asyncio.sleep(0)
    assert [await write for write in writes] == [1] * 50
    assert len(names_in(tmp_path / "db")) == 50


async def test_a_caller_who_leaves_does_not_disturb_the_others(tmp_path: Path) -> None:
    async with opened(tmp_path / "db") as database:
        leaving = asyncio.ensure_future(database.write(insert("left")))
        staying = asyncio.ensure_future(database.write(insert("stayed")))
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying == 1


async def test_a_database_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Unavailable, match="version 99"):
        Database(tmp_path / "db", lambda size, seconds: None)
