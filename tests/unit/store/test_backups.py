"""A backup taken under writes holds all that was acknowledged before it, and a restored store is whole."""

import asyncio
import json
import signal
import sys
import tarfile
from asyncio.subprocess import PIPE
from pathlib import Path

import aiohttp
import pytest
from builders.store.load import WRITERS, Acknowledged, Load, file_content, whole_log
from builders.store.process import answering_api, explain, launch, running_process
from builders.store.reviewers import CLIENT, JOB
from builders.store.stores import BASE, Store, running_store
from titan_store.backups.restoring import restore
from titan_store.backups.saving import save
from titan_store.directory.removals import hold_removals
from titan_store.errors import BadRequest

HEADERS = {"Authorization": f"Bearer {CLIENT}"}


async def run(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "titan_store", *arguments, stdout=PIPE, stderr=PIPE
    )
    _, words = await process.communicate()
    assert process.returncode is not None
    return process.returncode, words.decode()


async def test_a_backup_under_writes_restores_to_all_that_was_acknowledged_before_it(tmp_path: Path) -> None:
    seen, file = Acknowledged(), tmp_path / "store.tar"
    async with answering_api(tmp_path) as kubeconfig:
        async with running_process(tmp_path / "data", kubeconfig) as store, aiohttp.ClientSession(store.url) as session:
            load = asyncio.ensure_future(Load(session, seen).run())
            while seen.writes < 200:
                await asyncio.sleep(0.01)
            before = {kind: dict(counts) for kind, counts in vars(seen).items()}
            assert await run("backup", "--data-dir", str(tmp_path / "data"), "--to", str(file)) == (0, "")
            writes, old_id = seen.writes, await read_id(session)
            while seen.writes < writes + 50:
                await asyncio.sleep(0.01)
            assert not load.done(), "the store goes on"
            await store.end(signal.SIGKILL)
            await load
        assert await run("restore", "--from", str(file), "--data-dir", str(tmp_path / "new")) == (0, "")
        async with running_process(tmp_path / "new", kubeconfig) as store, aiohttp.ClientSession(store.url) as session:
            assert await read_id(session) != old_id
            for writer in range(WRITERS):
                assert int(await read(session, "value", key=f"counter {writer}")) >= before["values"][writer] - 1
                members = json.loads(await read(session, "set", key=f"set {writer}"))["members"]
                assert members == [str(number) for number in range(len(members))]
                assert len(members) >= before["members"][writer]
                content = await read(session, "file", name=f"file {writer}")
                later = range(before["files"][writer] - 1, seen.files[writer] + 1)
                assert content in [file_content(writer, number) for number in later]
                log = await read(session, "log", job=JOB, attempt=str(writer + 1))
                assert len(log) >= len(whole_log(writer, before["logs"][writer]))
                assert whole_log(writer, seen.logs[writer] + 1).startswith(log)
            assert await Load(session, seen).put_value(0, 1)


async def read(session: aiohttp.ClientSession, path: str, **query: str) -> bytes:
    async with session.get(f"{BASE}/{path}", params=query, headers=HEADERS) as reply:
        assert reply.status == 200, await reply.text()
        return await reply.read()


async def read_id(session: aiohttp.ClientSession) -> str:
    headers = {"Authorization": "Bearer operator-token"}
    async with session.get("/v1/outcomes", headers=headers) as reply:
        return str(json.loads(await reply.content.readline())["storeID"])


@pytest.fixture
async def backup(tmp_path: Path) -> Path:
    """Of a store with a file, a blob's worth of log and a value."""
    async with running_store(tmp_path / "data") as store:
        await store.put("/file", {"name": "f"}, b"content")
        await store.append(0, b"log")
        await store.put_value("k", "v")
        assert await asyncio.to_thread(save, tmp_path / "data", tmp_path / "b.tar") == []
    return tmp_path / "b.tar"


async def test_a_restored_store_has_everything(tmp_path: Path, backup: Path) -> None:
    restore(backup, tmp_path / "new")
    async with running_store(tmp_path / "new") as store:
        assert (await store.get("/file", {"name": "f"})).body == b"content"
        assert (await store.get("/log", {"job": JOB})).body == b"log"
        assert (await store.get("/value", {"key": "k"})).text == "v"
        assert (await store.append(3, b" more")).json == {"size": 8}


async def test_what_is_deleted_during_a_backup_is_removed_later(store: Store, tmp_path: Path) -> None:
    await store.put("/file", {"name": "f"}, b"old")
    with hold_removals(tmp_path / "data"):
        await store.put("/file", {"name": "f"}, b"new")
        there = [path.read_bytes() for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
        assert sorted(there) == [b"new", b"old"]


async def test_a_directory_that_is_not_empty_is_not_restored_into(tmp_path: Path, backup: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    code, words = await run("restore", "--from", str(backup), "--data-dir", str(tmp_path / "full"))
    assert (code, len(words.splitlines())) == (1, 1)
    assert "not empty" in words
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["something"]


@pytest.mark.parametrize("damage", ["truncated", "changed", "no tar", "escaping", "link", "no database"])
async def test_a_bad_backup_is_refused_and_leaves_nothing(tmp_path: Path, backup: Path, damage: str) -> None:
    spoil(backup, damage)
    with pytest.raises(BadRequest):
        restore(backup, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def spoil(backup: Path, damage: str) -> None:
    whole = backup.read_bytes()
    match damage:
        case "truncated":
            backup.write_bytes(whole[: whole.index(b"content")])
        case "changed":
            backup.write_bytes(whole.replace(b"content", b"CONTENT"))
        case "no tar":
            backup.write_bytes(b"hello" * 1000)
        case _:
            with tarfile.open(backup, "w") as archive:
                member = tarfile.TarInfo({"escaping": "files/../../evil", "link": "files/a"}.get(damage, "files/b"))
                if damage == "link":
                    member.type, member.linkname = tarfile.SYMTYPE, "/etc"
                archive.addfile(member)


async def test_what_cannot_be_backed_up_is_said_in_one_sentence(tmp_path: Path) -> None:
    code, words = await run("backup", "--data-dir", str(tmp_path / "none"), "--to", str(tmp_path / "b.tar"))
    assert (code, len(words.splitlines())) == (1, 1)
    assert str(tmp_path / "none") in words
    assert not (tmp_path / "b.tar").exists()


async def test_missing_bytes_are_named_and_the_rest_is_saved(tmp_path: Path) -> None:
    async with running_store(tmp_path / "data") as store:
        await store.put("/file", {"name": "f"}, b"content")
        await store.put_value("k", "v")
    for path in (tmp_path / "data" / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    code, words = await run("backup", "--data-dir", str(tmp_path / "data"), "--to", str(tmp_path / "b.tar"))
    assert (code, "is missing" in words) == (1, True)
    assert (tmp_path / "b.tar").exists()


async def test_a_store_does_not_start_on_a_half_restored_directory(tmp_path: Path) -> None:
    (tmp_path / "data" / "restoring").mkdir(parents=True)
    async with answering_api(tmp_path) as kubeconfig:
        process = await launch(tmp_path / "data", kubeconfig)
        assert "restore" in await explain(process)
        assert await process.wait() == 1
