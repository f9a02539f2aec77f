"""Requests: what is sent with whose credentials, and what answers mean."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from builders.kubernetes.api_servers import asking, client_with, serving
from builders.store.certificates import Authority

from titan_kube.client import Client
from titan_kube.config import Config
from titan_kube.credentials import Credentials
from titan_kube.errors import (
    AlreadyExists,
    APIError,
    Conflict,
    Expired,
    Forbidden,
    NotFound,
    Rejected,
    Unauthenticated,
    Unavailable,
)

PODS = "/api/v1/namespaces/team/pods"


class Server:
    """Answers what a test says, and remembers what it was asked."""

    def __init__(self, code: int = 200, content: Any = None, **headers: str) -> None:
        self.code = code
        self.content = {} if content is None else content
        self.headers = headers
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.tokens: list[str] = []
        self.certificates: list[bool] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path, dict(request.query), body))
        self.tokens.append(request.headers.get("Authorization", ""))
        assert request.transport is not None
        self.certificates.append(bool(request.transport.get_extra_info("peercert")))
        if isinstance(self.content, str):
            return web.Response(status=self.code, text=self.content, headers=self.headers)
        return web.json_response(self.content, status=self.code, headers=self.headers)


async def test_each_verb_sends_what_the_api_wants() -> None:
    server = Server()
    async with asking(server.answer) as client:
        await client.create(PODS, {"kind": "Pod"}, {"fieldManager": "tests"})
        await client.patch(f"{PODS}/a", {"spec": {}})
        await client.delete(f"{PODS}/a", preconditions={"uid": "u"}, propagation="Background", grace_seconds=0)
        await client.delete(f"{PODS}/a")
    options = {"apiVersion": "v1", "kind": "DeleteOptions"}
    everything = {"preconditions": {"uid": "u"}, "propagationPolicy": "Background", "gracePeriodSeconds": 0}
    assert server.asked == [
        ("POST", PODS, {"fieldManager": "tests"}, {"kind": "Pod"}),
        ("PATCH", f"{PODS}/a", {}, {"spec": {}}),
        ("DELETE", f"{PODS}/a", {}, options | everything),
        ("DELETE", f"{PODS}/a", {}, options),
    ]


async def test_a_list_is_read_a_page_at_a_time() -> None:
    server = Server(content={"metadata": {"resourceVersion": "12", "continue": "more"}, "items": [{"n": 1}]})
    async with asking(server.answer) as client:
        pages = client.pages(PODS, {"labelSelector": "a=b"})
        first = await anext(pages)
        server.content = {"metadata": {"resourceVersion": "12"}, "items": None}
        rest = [page async for page in pages]
    assert (first.items, first.version, first.continuation) == ([{"n": 1}], "12", "more")
    assert [page.items for page in rest] == [[]]
    assert [query for _, _, query, _ in server.asked] == [
        {"labelSelector": "a=b", "limit": "500"},
        {"labelSelector": "a=b", "limit": "500", "continue": "more"},
    ]


@pytest.mark.parametrize(
    ("code", "content", "error"),
    [
        (400, {"reason": "BadRequest"}, Rejected),
        (401, {"reason": "Unauthorized"}, Unauthenticated),
        (403, {"reason": "Forbidden"}, Forbidden),
        (404, {"reason": "NotFound"}, NotFound),
        (409, {"reason": "AlreadyExists"}, AlreadyExists),
        (409, {"reason": "Conflict"}, Conflict),
        (410, {"reason": "Expired"}, Expired),
        (422, {"reason": "Invalid"}, Rejected),
        (429, {"reason": "TooManyRequests"}, Unavailable),
        (500, "a stack trace", Unavailable),
        (503, {}, Unavailable),
        (302, {}, Unavailable),
        (200, "no JSON at all", Unavailable),
        (200, [], Unavailable),
    ],
)
async def test_what_an_answer_means(code: int, content: Any, error: type[APIError]) -> None:
    async with asking(Server(code, content, Location="/elsewhere").answer) as client:
        with pytest.raises(APIError) as raised:
            await client.get(f"{PODS}/a")
    assert type(raised.value) is error
    assert raised.value.code == (code if code >= 300 else 502)
    assert raised.value.reason == (content.get("reason", "") if isinstance(content, dict) else "")


async def test_the_servers_words_and_its_wish_to_be_left_alone_are_kept() -> None:
    server = Server(429, {"message": "too many requests"}, **{"Retry-After": "3"})
    async with asking(server.answer) as client:
        with pytest.raises(Unavailable) as raised:
            await client.create(PODS, {})
    assert (raised.value.words, raised.value.retry_after) == ("too many requests", 3.0)
    assert str(raised.value) == f"too many requests (POST {PODS}, 429)"


async def test_a_server_that_is_not_there_or_silent_is_unavailable() -> None:
    async def say_nothing(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        raise AssertionError

    async with client_with(Config("http://127.0.0.1:1", token="t")) as client:
        with pytest.raises(Unavailable, match="no answer: Cannot connect") as raised:
            await client.get("/readyz")
    assert raised.value.code == 0
    async with asking(say_nothing, request_seconds=0.1) as client:
        with pytest.raises(Unavailable, match="no answer: Timeout"):
            await client.get("/readyz")


async def test_each_request_is_told_with_its_code_also_one_without_an_answer() -> None:
    told: list[tuple[str, str, int]] = []

    def observe(method: str, path: str, code: int, seconds: float) -> None:
        assert 0 <= seconds < 60
        told.append((method, path, code))

    async with asking(Server(201).answer, observe=observe) as client:
        await client.create(PODS, {})
    async with client_with(Config("http://127.0.0.1:1", token="t"), observe=observe) as client:
        with pytest.raises(Unavailable):
            await client.get("/readyz")
    assert told == [("POST", PODS, 201), ("GET", "/readyz", 0)]


@pytest.mark.parametrize("resends", [True, False])
async def test_a_write_whose_connection_died_is_sent_again_only_if_the_caller_allows_that(resends: bool) -> None:
    tries: list[str] = []

    async def hang_up_once(request: web.Request) -> web.Response:
        tries.append(request.method)
        if len(tries) == 1:
            assert request.transport is not None
            request.transport.close()
        return web.json_response({})

    async with asking(hang_up_once, resends=resends) as client:
        if resends:
            await client.patch(f"{PODS}/a", {})
        else:
            with pytest.raises(Unavailable):
                await client.patch(f"{PODS}/a", {})
    assert len(tries) == 1 + resends


# ------------------------------------------------------------ tokens
async def test_a_token_file_is_read_for_each_request(tmp_path: Path) -> None:
    server, file = Server(), tmp_path / "token"
    async with serving(server.answer) as url, client_with(Config(url, token=file)) as client:
        for token in ("first", "second"):
            file.write_text(token + "\n")
            await client.get("/readyz")
        file.unlink()
        with pytest.raises(Unavailable, match=r"no credentials: .*No such file"):
            await client.get("/readyz")
    assert server.tokens == ["Bearer first", "Bearer second"]


async def test_credentials_that_were_refused_are_read_again_once() -> None:
    server, tokens = Server(401), iter(["old", "new", "newer"])
    async with serving(server.answer) as url:
        client = Client(Credentials(lambda: Config(url, token=next(tokens))), agent="tests")
        async with client:
            with pytest.raises(Unauthenticated):
                await client.get("/readyz")
            with pytest.raises(Unauthenticated):
                [line async for line in client.lines("/watch", {}, 5.0)]
    assert server.tokens == ["Bearer old", "Bearer new", "Bearer new", "Bearer newer"]


async def test_somebody_elses_token_is_sent_instead_and_no_other_is_tried() -> None:
    server = Server(401)
    async with asking(server.answer) as client:
        with pytest.raises(Unauthenticated):
            await client.acting_as("of-alice").get("/readyz")
        server.code = 200
        await client.get("/readyz")
    assert server.tokens == ["Bearer of-alice", "Bearer secret"]


async def test_no_token_follows_a_redirect() -> None:
    other = Server()
    async with serving(other.answer) as elsewhere, asking(Server(307, Location=elsewhere).answer) as client:
        with pytest.raises(Unavailable):
            await client.get("/readyz")
    assert other.asked == []


# ------------------------------------------------------------ certificates
class Certified:
    """A server on HTTPS whose authority changes; it asks for client certificates, and needs none."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.authority = Authority("first")
        self.file = directory / "ca.crt"
        self.file.write_text(self.authority.certificate)
        self.server = Server()

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=self.authority.certificate)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_cert_chain(*self.authority.issue().write(self.directory / "server"))
        return context

    def rotate(self, context: ssl.SSLContext) -> None:
        self.authority = Authority("second")
        context.load_cert_chain(*self.authority.issue().write(self.directory / "server"))


@pytest.fixture
def certified(tmp_path: Path) -> Certified:
    return Certified(tmp_path)


async def test_only_a_server_of_our_authority_is_believed(certified: Certified) -> None:
    async with serving(certified.server.answer, certified.context()) as url:
        async with client_with(Config(url, authority=certified.file, token="t")) as client:
            await client.get("/readyz")
        async with client_with(Config(url, authority=Authority().certificate, token="t")) as client:
            with pytest.raises(Unavailable, match="certificate verify failed"):
                await client.get("/readyz")
        async with client_with(Config(url, authority=Authority().certificate, token="t", verify=False)) as client:
            await client.get("/readyz")


async def test_the_server_may_have_to_prove_another_name(certified: Certified) -> None:
    async with serving(certified.server.answer, certified.context()) as url:
        for name, error in (("localhost", None), ("kubernetes", Unavailable)):
            config = Config(url, authority=certified.file, token="t", server_name=name)
            async with client_with(config) as client:
                if error is None:
                    await client.get("/readyz")
                else:
                    with pytest.raises(error, match="Hostname mismatch"):
                        await client.get("/readyz")


async def test_an_authority_whose_file_changes_is_believed_and_the_old_one_no_more(certified: Certified) -> None:
    context = certified.context()
    async with serving(certified.server.answer, context) as url:
        credentials = Credentials(lambda: Config(url, authority=certified.file, token="t"))
        async with Client(credentials, agent="tests") as client:
            await client.get("/readyz")
            before = credentials.context()
            assert credentials.context() is before
            certified.rotate(context)
            certified.file.write_text(certified.authority.certificate)
            await client.get("/readyz")
        assert credentials.context().get_ca_certs()[0]["subject"] != before.get_ca_certs()[0]["subject"]


async def test_an_authority_in_the_kubeconfig_is_read_again_when_the_server_is_not_believed(
    certified: Certified,
) -> None:
    context = certified.context()
    async with serving(certified.server.answer, context) as url:
        credentials = Credentials(lambda: Config(url, authority=certified.authority.certificate, token="t"))
        for _ in range(2):
            async with Client(credentials, agent="tests") as client:
                await client.get("/readyz")
            certified.rotate(context)


async def test_a_certificate_that_cannot_be_read_any_more_leaves_the_old_one_in_use(
    certified: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = Credentials(lambda: Config("https://api", authority=certified.file, token="t"))
    before = credentials.context()
    certified.file.write_text("half a certifi")
    assert [credentials.context() for _ in range(3)] == [before] * 3
    assert len(caplog.records) == 1


async def test_a_client_certificate_is_shown_but_never_beside_somebody_elses_token(certified: Certified) -> None:
    own = certified.authority.issue(host="titan-store")
    async with serving(certified.server.answer, certified.context()) as url:
        config = Config(url, authority=certified.file, certificate=own.certificate, key=own.key)
        async with client_with(config) as client:
            await client.get("/readyz")
            await client.acting_as("of-alice").get("/readyz")
            await client.get("/readyz")
    assert certified.server.tokens == ["", "Bearer of-alice", ""]
    assert certified.server.certificates == [True, False, True]


async def test_a_proxy_is_asked_for_the_servers_url() -> None:
    seen: list[str] = []

    async def forward(request: web.Request) -> web.Response:
        seen.append(request.raw_path)
        return web.json_response({})

    async with serving(forward) as proxy, client_with(Config("http://api:6443", token="t", proxy=proxy)) as client:
        await client.get("/readyz")
    assert seen == ["http://api:6443/readyz"]
