"""Webhooks hear of gates: at least once, over restarts and failures, and in the form that they want."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from builders.store.clusters import FakeCluster
from builders.store.stores import FakeClock, Store, running_store
from titan_store.gates.notices import DECIDED, OPENED, find_notice, is_news, render
from titan_store.settings import GENERIC, SLACK, Webhook

URL = "https://titan.example.com"


@dataclass
class Receiver:
    """A web server that remembers what it was told, and answers what a test wants."""

    status: int = 200
    url: str = ""
    got: list[tuple[dict[str, str], Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.json()))
        return web.Response(status=self.status)

    def events(self) -> list[str]:
        return [body["event"] for _, body in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    there = Receiver()
    app = web.Application()
    app.router.add_post("/hook", there.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield there
    await runner.cleanup()


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


@asynccontextmanager
async def telling(tmp_path: Path, clock: FakeClock, cluster: FakeCluster, *webhooks: Webhook) -> AsyncIterator[Store]:
    async with running_store(
        tmp_path / "data", clock=clock, cluster=cluster, webhooks=webhooks, public_url=URL
    ) as store:
        yield store


async def until(receiver: Receiver, count: int) -> None:
    async with asyncio.timeout(20):
        while len(receiver.got) < count:
            await asyncio.sleep(0.01)


def close(cluster: FakeCluster, gate: dict[str, Any], phase: str = "Approved") -> None:
    given = {"user": "alice", "verdict": "Approve", "comment": "fine"}
    gate["spec"]["decisions"] = [given]
    gate["status"] |= {"phase": phase, "decidedTime": "2026-01-02T03:30:00.000000Z", "decidedBy": ["alice"]}
    cluster.change(gate)


async def test_a_webhook_hears_when_a_gate_opens_and_when_it_is_decided(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, receiver: Receiver
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    async with telling(tmp_path, clock, cluster, Webhook(receiver.url, GENERIC, tmp_path / "secret")):
        gate = cluster.add_gate(requestedBy="bob", phase="Scheduled")
        gate["status"] |= {"phase": "Pending", "openTime": "2026-01-02T03:04:00.000000Z", "deadline": "later"}
        cluster.change(gate)
        await until(receiver, 1)
        clock.pass_time(minutes=30)
        close(cluster, gate)
        await until(receiver, 2)
    headers, opened = receiver.got[0]
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["X-Titan-Event"] == opened["event"] == OPENED
    assert opened["link"] == f"{URL}/#/approvals/team/nightly-extract"
    expected = {"namespace": "team", "dag": "nightly", "job": "nightly-extract", "gate": "nightly-extract"}
    assert expected.items() <= opened.items()
    assert (opened["message"], opened["deadline"], opened["requestedBy"]) == ("Ship it?", "later", "bob")
    decided = receiver.got[1][1]
    assert (decided["event"], decided["verdict"], decided["decidedBy"]) == (DECIDED, "Approved", ["alice"])
    assert decided["decisions"][0]["comment"] == "fine"


async def test_the_same_news_again_is_told_once_also_over_a_restart(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, receiver: Receiver
) -> None:
    gate = cluster.add_gate()
    for _ in range(2):
        async with telling(tmp_path, clock, cluster, Webhook(receiver.url)) as store:
            await until(receiver, 1)
            cluster.change(gate)
            await store.settle()
    async with telling(tmp_path, clock, cluster, Webhook(receiver.url)):
        clock.pass_time(minutes=30)
        close(cluster, gate)
        await until(receiver, 2)
    assert receiver.events() == [OPENED, DECIDED]


async def test_what_was_not_taken_is_told_again_after_a_restart(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, receiver: Receiver
) -> None:
    receiver.status = 500
    cluster.add_gate()
    async with telling(tmp_path, clock, cluster, Webhook(receiver.url)):
        await until(receiver, 1)
    receiver.status = 200
    cluster.gates.clear()
    clock.pass_time(minutes=1)
    async with telling(tmp_path, clock, cluster, Webhook(receiver.url)):
        await until(receiver, 2)
    assert receiver.events() == [OPENED, OPENED]
    assert receiver.got[0][0]["X-Titan-Delivery"] == receiver.got[1][0]["X-Titan-Delivery"]


async def test_a_webhook_that_fails_delays_neither_another_nor_the_store(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, receiver: Receiver
) -> None:
    away = Webhook("http://127.0.0.1:1/hook")
    async with telling(tmp_path, clock, cluster, away, Webhook(receiver.url)) as store:
        cluster.add_gate()
        await until(receiver, 1)
        assert (await store.put_value("k", "v")).status == 204


async def test_a_new_webhook_hears_of_gates_that_wait_and_not_of_old_verdicts(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, receiver: Receiver
) -> None:
    close(cluster, cluster.add_gate("old"))
    clock.pass_time(hours=1)
    cluster.add_gate("waiting")
    async with telling(tmp_path, clock, cluster, Webhook(receiver.url)) as store:
        await until(receiver, 1)
        await store.settle()
    assert [body["gate"] for _, body in receiver.got] == ["waiting"]


def test_slack_gets_text_with_its_escapes() -> None:
    gate = FakeCluster().add_gate(message="Ship <it> & go?\nReally?")
    notice = find_notice(gate, URL)
    assert notice is not None
    text = json.loads(render(notice.content, SLACK))["text"]
    assert "> Ship &lt;it&gt; &amp; go?\n> Really?" in text
    assert f"<{URL}/#/approvals/team/nightly-extract|Open>" in text
    decided = copy.deepcopy(gate)
    close(FakeCluster(), decided, "Rejected")
    notice = find_notice(decided, URL)
    assert notice is not None
    assert "Rejected by alice" in json.loads(render(notice.content, SLACK))["text"]


@pytest.mark.parametrize("phase", ["Scheduled", "Unheard"])
def test_a_gate_that_neither_waits_nor_is_decided_is_no_news(phase: str) -> None:
    assert find_notice(FakeCluster().add_gate(phase=phase), URL) is None
    assert find_notice({"metadata": {}, "spec": {}}, URL) is None


@pytest.mark.parametrize(("age", "since", "news"), [(1, 2, True), (2, 1, True), (8, 30, False), (9, 1, False)], ids=str)
def test_old_openings_are_history(age: int, since: int, news: bool) -> None:
    """Ages are in days."""
    now = datetime(2026, 2, 1, tzinfo=UTC)
    gate = FakeCluster().add_gate()
    gate["status"]["openTime"] = (now - timedelta(days=age)).isoformat()
    notice = find_notice(gate, URL)
    assert notice is not None
    assert is_news(notice, now - timedelta(days=since), now) is news
