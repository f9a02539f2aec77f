"""What the store asks a real API server, and what it makes of the answers."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from titan_store.auth.identities import Attributes, BoundPod, Identity, PodFacts
from titan_store.auth.kubeconfigs import Access, KubeconfigError, find_access, read_kubeconfig
from titan_store.auth.kubernetes import KubernetesReviewer, open_reviewer
from titan_store.errors import Unavailable

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
    async with open_reviewer(Access(f"http://127.0.0.1:{runner.addresses[0][1]}", None, token)) as reviewer:
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
    async with open_reviewer(Access("http://127.0.0.1:1", None, "t")) as reviewer:
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


def kubeconfig(user: dict[str, object], cluster: dict[str, object]) -> dict[str, object]:
    return {
        "current-context": "b",
        "clusters": [{"name": "x", "cluster": {"server": "https://wrong"}}, {"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "b", "context": {"cluster": "c", "user": "u"}}],
    }


PEM = "-----BEGIN CERTIFICATE-----\n"
CLUSTER = {"server": "https://api:6443/", "certificate-authority-data": base64.b64encode(PEM.encode()).decode()}


@pytest.mark.parametrize("is_yaml", [False, True])
def test_a_kubeconfig_in_json_or_yaml_gives_server_authority_and_token(tmp_path: Path, is_yaml: bool) -> None:
    path = tmp_path / "config"
    content = kubeconfig({"token": "secret"}, CLUSTER)
    path.write_text("# yaml\n" * is_yaml + json.dumps(content))
    access = find_access({"KUBECONFIG": str(path)})
    assert access == Access("https://api:6443", PEM, "secret")
    assert "secret" not in repr(access)


def test_certificates_and_tokens_may_be_files(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_text(PEM)
    (tmp_path / "token").write_text("from a file\n")
    path = tmp_path / "config"
    cluster: dict[str, object] = {"server": "https://api", "certificate-authority": "ca.crt"}
    path.write_text(json.dumps(kubeconfig({"tokenFile": str(tmp_path / "token")}, cluster)))
    access = read_kubeconfig(path)
    assert (access.authority, access.read_token()) == (PEM, "from a file")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{", "neither JSON nor YAML"),
        ("just text", "no mapping"),
        ("{}", "lacks"),
        (json.dumps(kubeconfig({}, CLUSTER)), "no token"),
        (json.dumps(kubeconfig({"token": "t"}, {"server": "s", "certificate-authority-data": "!"})), "no base64"),
        (json.dumps(kubeconfig({"token": "t"}, {"server": "s", "certificate-authority": "nowhere"})), "nowhere"),
        (json.dumps(kubeconfig({"token": "t"}, {})), "server"),
    ],
)
def test_an_unusable_kubeconfig_is_explained_in_one_sentence(tmp_path: Path, text: str, hint: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(KubeconfigError, match=hint):
        find_access({"KUBECONFIG": str(path)})


def test_without_any_configuration_the_store_says_what_it_needs() -> None:
    with pytest.raises(KubeconfigError, match="KUBECONFIG"):
        find_access({})
    with pytest.raises(KubeconfigError, match="missing"):
        find_access({"KUBECONFIG": "/missing"})
