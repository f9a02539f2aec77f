"""What the store asks a real API server, and what it makes of the answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from titan_store.auth.identities import Attributes, BoundPod, Identity, PodFacts
from titan_store.auth.kubernetes import KubernetesReviewer, open_reviewer
from titan_store.errors import Unavailable

from titan_kube.config import Config
from titan_kube.credentials import Credentials

TOKEN_REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
POD = {"metadata": {"uid": "pod-uid", "labels": {"titan.io/attempt": "1"}}}
USER = {
    "username": "system:serviceaccount:team:titan-job",
    "uid": "u",
    "groups": ["system:serviceaccounts"],
    "extra": {
        "authentication.kubernetes.io/pod-name": ["a-1"],
        "authentication.kubernetes.io/pod-uid": ["pod-uid"],
    },
}


class FakeServer:
    """Answers what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, Any, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path, body, request.headers["Authorization"]))
        code, content = self.answers[request.path]
        if isinstance(content, str):
            return web.Response(status=code, text=content)
        return web.json_response(content, status=code)


@asynccontextmanager
async def reviewing(server: FakeServer, token: str | Path = "own-token") -> AsyncIterator[KubernetesReviewer]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    config = Config(f"http://127.0.0.1:{runner.addresses[0][1]}", token=token)
    async with open_reviewer(Credentials(lambda: config)) as reviewer:
        yield reviewer
    await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"authenticated": False}, None),
        ({}, None),
        ({"authenticated": True, "user": {"username": "u"}}, None),
        ({"authenticated": True, "user": {"username": "u"}, "audiences": []}, None),
        ({"authenticated": True, "user": {"username": "u"}, "audiences": ["https://kubernetes"]}, None),
        ({"authenticated": True, "user": {"username": "u"}, "audiences": ["titan-store"]}, Identity("u")),
        (
            {"authenticated": True, "user": USER, "audiences": ["other", "titan-store"]},
            Identity(
                "system:serviceaccount:team:titan-job",
                "u",
                ("system:serviceaccounts",),
                BoundPod("team", "a-1", "pod-uid"),
            ),
        ),
        (
            {"authenticated": True, "user": USER | {"username": "mallory"}, "audiences": ["titan-store"]},
            Identity("mallory", "u", ("system:serviceaccounts",)),
        ),
    ],
)
async def test_a_token_counts_only_if_it_was_made_for_the_store(
    status: dict[str, object], expected: Identity | None
) -> None:
    server = FakeServer()
    server.answers[TOKEN_REVIEWS] = 201, {"status": status}
    async with reviewing(server) as reviewer:
        assert await reviewer.review_token("theirs") == expected
    method, _, body, authorization = server.asked[0]
    assert (method, authorization) == ("POST", "Bearer own-token")
    assert body["spec"] == {"token": "theirs", "audiences": ["titan-store"]}


@pytest.mark.parametrize("is_allowed", [True, False])
async def test_rights_are_asked_by_verb_and_kind(is_allowed: bool) -> None:
    server = FakeServer()
    server.answers[ACCESS_REVIEWS] = 201, {"status": {"allowed": is_allowed}}
    async with reviewing(server) as reviewer:
        who = Identity("ann", "uid-a", ("devs",))
        assert await reviewer.review_access(who, Attributes("files", "get", "team")) == is_allowed
    wanted = {"group": "store.titan.io", "resource": "files", "verb": "get", "namespace": "team"}
    assert server.asked[0][2]["spec"] == {
        "user": "ann",
        "uid": "uid-a",
        "groups": ["devs"],
        "resourceAttributes": wanted,
    }


async def test_namespaces_and_pods_are_there_or_not() -> None:
    server = FakeServer()
    server.answers = {
        "/api/v1/namespaces/team": (200, {"metadata": {"uid": "n"}}),
        "/api/v1/namespaces/none": (404, {"message": "not found"}),
        "/api/v1/namespaces/team/pods/a-1": (200, POD),
        "/api/v1/namespaces/team/pods/b-1": (404, {"message": "not found"}),
    }
    async with reviewing(server) as reviewer:
        assert await reviewer.get_namespace_uid("team") == "n"
        assert await reviewer.get_namespace_uid("none") is None
        assert await reviewer.get_pod("team", "a-1") == PodFacts("pod-uid", {"titan.io/attempt": "1"})
        assert await reviewer.get_pod("team", "b-1") is None


@pytest.mark.parametrize(
    "answer",
    [
        (401, {"message": "own token expired"}),
        (403, {"message": "no right"}),
        (500, {}),
        (503, "down"),
        (200, "<html>"),
    ],
)
async def test_an_api_server_that_does_not_answer_properly_is_away_and_refuses_nobody(answer: tuple[int, Any]) -> None:
    server = FakeServer()
    server.answers = dict.fromkeys((TOKEN_REVIEWS, "/api/v1/namespaces/team"), answer)
    async with reviewing(server) as reviewer:
        with pytest.raises(Unavailable):
            await reviewer.review_token("theirs")
        with pytest.raises(Unavailable):
            await reviewer.get_namespace_uid("team")


async def test_nobody_listening_is_an_outage() -> None:
    async with open_reviewer(Credentials(lambda: Config("http://127.0.0.1:1", token="t"))) as reviewer:
        with pytest.raises(Unavailable):
            await reviewer.review_token("theirs")


async def test_a_rotated_token_file_is_read_again(tmp_path: Path) -> None:
    server = FakeServer()
    server.answers["/api/v1/namespaces/team"] = 200, {"metadata": {"uid": "n"}}
    file = tmp_path / "token"
    async with reviewing(server, file) as reviewer:
        for token in ("first", "second"):
            file.write_text(token + "\n")
            await reviewer.get_namespace_uid("team")
    assert [asked[3] for asked in server.asked] == ["Bearer first", "Bearer second"]
