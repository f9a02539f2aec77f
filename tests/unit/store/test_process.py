"""``python -m titan_store``: starts, says what is wrong in one sentence, ends in good order."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from builders.store.process import answering_api, explain, launch, running_process, write_kubeconfig
from builders.store.reviewers import CLIENT, JOB, OPERATOR


@pytest.fixture
async def kubeconfig(tmp_path: Path) -> AsyncIterator[Path]:
    async with answering_api(tmp_path) as path:
        yield path


async def test_sigterm_ends_open_streams_and_the_process_in_good_order(tmp_path: Path, kubeconfig: Path) -> None:
    base = "/v1/namespaces/team"
    async with running_process(tmp_path / "data", kubeconfig) as store, aiohttp.ClientSession(store.url) as session:
        runner, client, operator = ({"Authorization": f"Bearer {token}"} for token in ("runner-1", CLIENT, OPERATOR))
        append = f"{base}/log?job={JOB}&attempt=1&offset=0"
        assert (await session.post(append, data=b"line\n", headers=runner)).status == 200
        log = await session.get(f"{base}/log?job={JOB}&follow=true&timeoutSeconds=600", headers=client)
        waiting = asyncio.ensure_future(
            session.get(f"{base}/log?job=other&follow=true&timeoutSeconds=600", headers=client)
        )
        outcomes = await session.get("/v1/outcomes?watch=true&timeoutSeconds=600", headers=operator)
        assert await log.content.readline() == b"line\n"
        assert await outcomes.content.readline()
        await asyncio.sleep(0.1)
        assert await store.end(signal.SIGTERM) == 0
        assert await log.read() == b""
        assert await outcomes.read() == b""
        assert (await waiting).status == 404


async def test_a_second_process_on_the_same_directory_is_refused(tmp_path: Path, kubeconfig: Path) -> None:
    async with running_process(tmp_path / "data", kubeconfig):
        second = await launch(tmp_path / "data", kubeconfig)
        assert "in use by another store process" in await explain(second)
        assert await second.wait() == 1
    async with running_process(tmp_path / "data", kubeconfig):
        pass


async def test_a_taken_port_is_named(tmp_path: Path, kubeconfig: Path) -> None:
    async with running_process(tmp_path / "data", kubeconfig) as store:
        port = int(store.url.rpartition(":")[2])
        second = await launch(tmp_path / "other", kubeconfig, port)
        words = await explain(second)
        assert str(port) in words
        assert "Traceback" not in words
        assert await second.wait() == 1


@pytest.mark.parametrize("obstacle", ["data", "kubeconfig"])
async def test_what_cannot_be_used_is_said_without_a_traceback(tmp_path: Path, obstacle: str) -> None:
    data, config = tmp_path / "data", write_kubeconfig(tmp_path, "http://127.0.0.1:1")
    if obstacle == "data":
        data.write_text("a file, not a directory")
    else:
        config.unlink()
    process = await launch(data, config)
    words = await explain(process)
    assert str(data if obstacle == "data" else config) in words
    assert len(words.splitlines()) == 1
    assert await process.wait() == 1


async def test_the_store_starts_and_is_ready_while_the_api_server_is_away(tmp_path: Path) -> None:
    config = write_kubeconfig(tmp_path, "http://127.0.0.1:1")
    async with running_process(tmp_path / "data", config) as store, aiohttp.ClientSession(store.url) as session:
        assert (await session.get("/readyz")).status == 200
        reply = await session.get("/v1/namespaces/team/value?key=k", headers={"Authorization": "Bearer t"})
        assert reply.status == 503
