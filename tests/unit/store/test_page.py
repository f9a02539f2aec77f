"""The page's files: whole, cached as they may be, and nothing beside them."""

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from builders.store.stores import Store
from titan_store.api import keys
from titan_store.api.http.headers import guard
from titan_store.api.static import add_page
from titan_store.metrics import Metrics
from titan_store.serving.server import serve
from titan_store.settings import Settings
from yarl import URL

SCRIPT = "console.log('hello');" * 100
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    page = tmp_path / "dashboard"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>Titan</title>")
    (page / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (page / "assets" / "index-Ab_12.js").write_text(SCRIPT)
    (page / "assets" / "index-Ab_12.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (page / "assets" / "index-Ab_12.css").write_text("body{}")
    (tmp_path / "secret.txt").write_text("secret")
    return page


class Site:
    """The page as a browser asks for it; paths are sent as they are."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session, self._port = session, port

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        url = URL(f"http://127.0.0.1:{self._port}{path}", encoded=True)
        async with self._session.request(method, url, headers=headers) as response:
            return response, await response.read()


@asynccontextmanager
async def serving(page: Path) -> AsyncIterator[Site]:
    app = web.Application()
    app[keys.SETTINGS] = Settings(page, port=0)
    app[keys.METRICS] = Metrics()
    app.on_response_prepare.append(guard)
    add_page(app.router, page)
    async with serve(app) as port, aiohttp.ClientSession(auto_decompress=False) as session:
        yield Site(session, port)


@pytest.fixture
async def site(built: Path) -> AsyncIterator[Site]:
    async with serving(built) as running:
        yield running


async def test_the_page_is_asked_for_anew_and_assets_last(site: Site) -> None:
    response, body = await site.get("/")
    assert (response.status, response.content_type, b"<title>" in body) == (200, "text/html", True)
    assert response.headers["Cache-Control"] == "no-cache"
    response, _ = await site.get("/", **{"If-None-Match": response.headers["ETag"]})
    assert response.status == 304
    response, _ = await site.get("/assets/index-Ab_12.css")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/favicon.svg", "/assets/index-Ab_12.js"])
async def test_the_page_runs_its_own_scripts_only_and_in_no_frame(site: Site, path: str) -> None:
    response, _ = await site.get(path)
    assert response.headers["Content-Security-Policy"] == CSP
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/assets/index-Ab_12.js", "text/javascript"),
        ("/assets/index-Ab_12.css", "text/css"),
        ("/favicon.svg", "image/svg+xml"),
    ],
)
async def test_files_say_what_they_are(site: Site, path: str, media_type: str) -> None:
    response, _ = await site.get(path)
    assert (response.status, response.content_type) == (200, media_type)


async def test_what_lies_compressed_is_sent_compressed(site: Site) -> None:
    response, body = await site.get("/assets/index-Ab_12.js", **{"Accept-Encoding": "gzip, br"})
    assert (response.headers["Content-Encoding"], gzip.decompress(body).decode()) == ("gzip", SCRIPT)
    response, body = await site.get("/assets/index-Ab_12.js", **{"Accept-Encoding": "identity"})
    assert ("Content-Encoding" in response.headers, body.decode()) == (False, SCRIPT)
    assert response.headers["Vary"] == "Accept-Encoding"


async def test_heads_are_answered_without_a_body(site: Site) -> None:
    response, body = await site.get("/", "HEAD")
    assert (response.status, body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing.js",
        "/assets/index-Ab_12.js.gz",
        "/assets/..%2F..%2Fsecret.txt",
        "/assets/%2e%2e%2findex.html",
        "/assets/../../secret.txt",
        "/assets/%00",
        "/assets/",
        "/assets/index-Ab_12.js%00.html",
        "/secret.txt",
    ],
)
async def test_no_path_leads_anywhere_else(site: Site, path: str) -> None:
    response, body = await site.get(path)
    assert response.status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")


async def test_a_page_that_was_built_anew_is_served_at_once(site: Site, built: Path) -> None:
    await site.get("/")
    (built / "assets" / "index-new.js").write_text("new")
    (built / "index.html").write_text("<title>new</title>")
    os.utime(built / "index.html", ns=(1, 1))
    assert (await site.get("/assets/index-new.js"))[0].status == 200
    assert b"new" in (await site.get("/"))[1]


async def test_a_page_that_was_never_built_says_how(tmp_path: Path) -> None:
    async with serving(tmp_path / "nothing") as site:
        response, body = await site.get("/")
        assert (response.status, response.content_type) == (503, "text/plain")
        assert b"DashboardMissing" in body
        assert b"make dashboard" in body


async def test_what_is_no_page_never_runs_as_one(store: Store) -> None:
    """Also refusals, streams, and files that a browser opens directly."""
    hostile = b"<script>window.hacked = true</script>"
    await store.put("/file", {"name": "x.html"}, hostile)
    await store.put_value("<script>", hostile.decode())
    await store.append(0, hostile)
    replies = [
        await store.get("/file", {"name": "x.html"}),
        await store.get("/value", {"key": "<script>"}),
        await store.get("/value", {"key": "<script>missing"}),
        await store.get("/log", {"job": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}),
        await store.get("/v1/<script>", token=None),
        await store.get("/healthz", token=None),
        await store.call("POST", "/healthz", token=None),
        await store.put("/file", {"name": "../x"}, b""),
    ]
    for reply in replies:
        assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert "html" not in reply.headers["Content-Type"]
    assert replies[0].headers["Content-Disposition"] == "attachment"
