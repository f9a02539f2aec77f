"""What an action asks a real API server, with whose token, and what it makes of the answers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from builders.store.api_answers import OWN_TOKEN, connected
from titan_store.cluster.kubernetes import KubernetesCluster
from titan_store.errors import Forbidden, StoreError, Unauthenticated, Unavailable

from titan_api import names
from titan_api.json_types import Json

JOBS = "/apis/titan.io/v1alpha1/namespaces/team/titanjobs"
DAG = "/apis/titan.io/v1alpha1/namespaces/team/titandags/nightly"


class FakeServer:
    """Answers in order what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Json]] = []
        self.asked: list[tuple[str, str, Json, Any]] = []
        self.tokens: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path, dict(request.query), body))
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        code, content = self.answers.pop(0)
        return web.json_response(content, status=code)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
async def cluster(server: FakeServer) -> AsyncIterator[KubernetesCluster]:
    async with connected(server) as cluster:
        yield cluster


async def test_each_actor_shows_its_own_token(cluster: KubernetesCluster, server: FakeServer) -> None:
    server.answers = [(200, {"metadata": {}})] * 3
    for token in (None, "of-alice", None):
        await cluster.acting_as(token).read(names.KIND_DAG, "team", "nightly")
    assert server.tokens == [OWN_TOKEN, "of-alice", OWN_TOKEN]


async def test_all_pages_of_a_dags_jobs_are_read(cluster: KubernetesCluster, server: FakeServer) -> None:
    mine, other = {"spec": {"dag": "nightly"}}, {"spec": {"dag": "a name with the same label"}}
    server.answers = [
        (200, {"items": [mine, other], "metadata": {"continue": "next"}}),
        (200, {"items": [mine], "metadata": {}}),
    ]
    assert await cluster.acting_as("t").jobs_of("team", "nightly") == [mine, mine]
    selector = {"labelSelector": "titan.io/dag=nightly", "limit": "500"}
    assert server.asked == [("GET", JOBS, selector, None), ("GET", JOBS, selector | {"continue": "next"}, None)]


async def test_changes_name_their_manager_and_creations_too(cluster: KubernetesCluster, server: FakeServer) -> None:
    job = {"kind": names.KIND_JOB, "metadata": {"name": "nightly-a"}}
    server.answers = [(200, {}), (201, job), (200, {})]
    actor = cluster.acting_as(None)
    await actor.change(names.KIND_DAG, "team", "nightly", {"spec": {"cancel": True}})
    assert await actor.create("team", job) == job
    await actor.delete(names.KIND_DAG, "team", "nightly", "its-uid")
    manager = {"fieldManager": "titan-store"}
    assert server.asked[0] == ("PATCH", DAG, manager, {"spec": {"cancel": True}})
    assert server.asked[1] == ("POST", JOBS, manager, job)
    assert server.asked[2][3]["preconditions"] == {"uid": "its-uid"}


@pytest.mark.parametrize("code", [404, 409])
async def test_what_is_gone_or_was_changed_by_others_is_no_error(
    cluster: KubernetesCluster, server: FakeServer, code: int
) -> None:
    server.answers = [(code, {}), (code, {})]
    actor = cluster.acting_as(None)
    assert await actor.change(names.KIND_DAG, "team", "nightly", {}) is None
    await actor.delete(names.KIND_DAG, "team", "nightly", "its-uid")


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (401, Unauthenticated, "sign in again"),
        (403, Forbidden, "alice cannot do that"),
        (422, Forbidden, "alice cannot do that"),
        (429, Unavailable, "429"),
        (500, Unavailable, "500"),
    ],
)
async def test_a_refusal_is_told_in_the_api_servers_words(
    cluster: KubernetesCluster, server: FakeServer, code: int, error: type[StoreError], words: str
) -> None:
    server.answers = [(code, {"message": "alice cannot do that"})]
    with pytest.raises(error) as refusal:
        await cluster.acting_as("of-alice").create("team", {"kind": names.KIND_JOB, "metadata": {"name": "x"}})
    assert words in refusal.value.message
