"""The API server over HTTP: what is sent, and what its answers mean."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from titan_operator.cluster.gateway import HTTPGateway
from titan_operator.metrics import Metrics

from titan_kube.credentials import Credentials
from titan_kube.errors import AlreadyExists, APIError, Conflict, Expired, Forbidden, NotFound, Rejected, Unavailable
from titan_kube.load import load

Reply = tuple[int, Any, dict[str, str]]


class Server:
    def __init__(self) -> None:
        self.reply: Reply = (200, {"kind": "TitanJob"}, {})
        self.requests: list[tuple[str, str, dict[str, str], str, Any]] = []
        self.tokens: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        kind = request.headers.get("Content-Type", "")
        self.tokens.append(request.headers["Authorization"])
        self.requests.append((request.method, request.path, dict(request.query), kind, body))
        code, content, headers = self.reply
        if isinstance(content, str):
            return web.Response(status=code, text=content, headers=headers)
        return web.json_response(content, status=code, headers=headers)


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, str]]:
    answers = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.answer)
    async with TestServer(app) as running:
        yield answers, str(running.make_url(""))


Write = Callable[[str], Path]


@pytest.fixture
def kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    def write(url: str) -> Path:
        file = tmp_path / "kubeconfig"
        cluster, user = f"{{server: {url!r}}}", "{token: secret}"
        file.write_text(
            f"current-context: c\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
            f"clusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n"
        )
        monkeypatch.setenv("KUBECONFIG", str(file))
        return file

    return write


@pytest.fixture
async def gateway(server: tuple[Server, str], kubeconfig: Write) -> AsyncIterator[HTTPGateway]:
    kubeconfig(server[1])
    async with HTTPGateway(Credentials(load), Metrics(), page_size=2, request_seconds=5) as opened:
        yield opened


async def test_a_status_patch_is_a_merge_patch_on_the_subresource(
    server: tuple[Server, str], gateway: HTTPGateway
) -> None:
    await gateway.patch("TitanJob", "default", "a", {"status": {}}, subresource="status")
    path = "/apis/titan.io/v1alpha1/namespaces/default/titanjobs/a/status"
    assert server[0].requests == [("PATCH", path, {}, "application/merge-patch+json", {"status": {}})]


async def test_a_delete_carries_its_preconditions(server: tuple[Server, str], gateway: HTTPGateway) -> None:
    await gateway.delete("Pod", "default", "a", {"uid": "u", "resourceVersion": "7"})
    method, path, _, _, body = server[0].requests[0]
    assert (method, path) == ("DELETE", "/api/v1/namespaces/default/pods/a")
    assert body["preconditions"] == {"uid": "u", "resourceVersion": "7"}


async def test_only_titans_pods_are_listed_a_page_at_a_time(server: tuple[Server, str], gateway: HTTPGateway) -> None:
    server[0].reply = (200, {"metadata": {"resourceVersion": "12", "continue": "more"}, "items": [{}]}, {})
    page = await gateway.list_page("Pod", None, "")
    assert (int(page.version), page.continuation, len(page.items)) == (12, "more", 1)
    await gateway.list_page("Pod", "team", "more")
    (_, everywhere, query, *_), (_, there, following, *_) = server[0].requests
    assert everywhere == "/api/v1/pods"
    assert query == {"limit": "2", "labelSelector": "app.kubernetes.io/managed-by=titan"}
    assert there == "/api/v1/namespaces/team/pods"
    assert following["continue"] == "more"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((404, {"reason": "NotFound"}, {}), NotFound),
        ((409, {"reason": "Conflict"}, {}), Conflict),
        ((409, {"reason": "AlreadyExists"}, {}), AlreadyExists),
        ((410, {"reason": "Expired"}, {}), Expired),
        ((403, {"reason": "Forbidden"}, {}), Forbidden),
        ((400, {"reason": "BadRequest"}, {}), Rejected),
        ((422, {"reason": "Invalid"}, {}), Rejected),
        ((401, {"reason": "Unauthorized"}, {}), Unavailable),
        ((429, {"reason": "TooManyRequests"}, {"Retry-After": "3"}), Unavailable),
        ((500, "a stack trace", {}), Unavailable),
        ((200, "no JSON at all", {}), Unavailable),
    ],
)
async def test_what_an_answer_means(
    server: tuple[Server, str], gateway: HTTPGateway, reply: Reply, error: type[APIError]
) -> None:
    server[0].reply = reply
    with pytest.raises(error) as raised:
        await gateway.get("TitanJob", "default", "a")
    assert raised.value.retry_after == (3.0 if reply[0] == 429 else None)


async def test_the_servers_words_are_kept_for_people(server: tuple[Server, str], gateway: HTTPGateway) -> None:
    server[0].reply = (422, {"message": 'Pod "a" is invalid: spec'}, {})
    with pytest.raises(Rejected) as raised:
        await gateway.create("Pod", "default", {})
    assert raised.value.words == 'Pod "a" is invalid: spec'
    assert "(POST /api/v1/namespaces/default/pods, 422)" in str(raised.value)


async def test_a_server_that_is_not_there_is_unavailable(kubeconfig: Write) -> None:
    kubeconfig("http://127.0.0.1:1")
    async with HTTPGateway(Credentials(load), Metrics(), page_size=2, request_seconds=5) as gateway:
        with pytest.raises(Unavailable):
            await gateway.get("TitanJob", "default", "a")


async def test_credentials_are_read_again_when_they_are_refused(
    server: tuple[Server, str], gateway: HTTPGateway, kubeconfig: Write
) -> None:
    file = kubeconfig(server[1])
    file.write_text(file.read_text().replace("secret", "fresh"))
    server[0].reply = (401, {"reason": "Unauthorized"}, {})
    with pytest.raises(Unavailable):
        await gateway.get("TitanJob", "default", "a")
    assert server[0].tokens == ["Bearer secret", "Bearer fresh"]


async def test_requests_are_counted_by_kind(server: tuple[Server, str], kubeconfig: Write) -> None:
    kubeconfig(server[1])
    metrics = Metrics()
    async with HTTPGateway(Credentials(load), metrics, page_size=2, request_seconds=5) as gateway:
        await gateway.get("Namespace", "", "team")
        await gateway.get("Pod", "namespaces", "pods")
        await gateway.patch("TitanJob", "default", "a", {}, subresource="status")
        server[0].reply = (201, {}, {})
        await gateway.create("Lease", "default", {})
    counted = re.findall(r'titan_api_calls_total\{code="(\d+)",kind="(\w+)",verb="(\w+)"\} 1', metrics.text().decode())
    assert sorted(counted) == [
        ("200", "Namespace", "GET"),
        ("200", "Pod", "GET"),
        ("200", "TitanJob", "PATCH"),
        ("201", "Lease", "POST"),
    ]
