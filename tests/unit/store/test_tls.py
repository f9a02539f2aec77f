"""https: renewed certificates are taken while the store runs, wrong ones are named, and none of them ends it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from builders.store.certificates import Authority, Issued
from builders.store.process import answering_api, running_process
from builders.store.reviewers import FakeReviewer
from titan_store.serving.app import build_app
from titan_store.serving.certificates import Certificates
from titan_store.serving.server import serve
from titan_store.settings import Certificate, Settings
from titan_store.times import read_clock


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@asynccontextmanager
async def client_of(authority: Authority) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that believes this authority, and connects anew for each request."""
    context = ssl.create_default_context(cadata=authority.certificate)
    connector = aiohttp.TCPConnector(ssl=context, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@asynccontextmanager
async def listening(certificates: Certificates) -> AsyncIterator[str]:
    """A server with these certificates, and nothing behind it."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=certificates.context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def is_served(authority: Authority, url: str) -> bool:
    async with client_of(authority) as session:
        try:
            return (await session.get(url)).status == 200
        except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            return False


async def test_a_process_serves_https_and_says_so(tmp_path: Path, authority: Authority) -> None:
    certificate, key = authority.issue().write(tmp_path / "tls")
    options = ("--tls-cert-file", str(certificate), "--tls-key-file", str(key))
    async with (
        answering_api(tmp_path) as kubeconfig,
        running_process(tmp_path / "data", kubeconfig, 0, *options) as store,
    ):
        assert store.url.startswith("https://")
        assert await is_served(authority, f"{store.url}/readyz")
        assert not await is_served(Authority("somebody else"), f"{store.url}/readyz")


async def test_the_application_is_served_with_the_certificate(tmp_path: Path, authority: Authority) -> None:
    files = Certificate(*authority.issue().write(tmp_path / "tls"))
    settings = Settings(tmp_path / "data", port=0, certificate=files, reserve_bytes=0)
    async with serve(build_app(settings, FakeReviewer().open)) as port:
        assert await is_served(authority, f"https://127.0.0.1:{port}/readyz")


async def test_a_renewed_certificate_is_taken(tmp_path: Path, authority: Authority) -> None:
    certificates = Certificates(Certificate(*authority.issue().write(tmp_path)), read_clock)
    certificates.look()
    successor = Authority("successor")
    async with listening(certificates) as url:
        assert await is_served(authority, url)
        successor.issue().write(tmp_path)
        certificates.look()
        assert await is_served(successor, url)
        assert not await is_served(authority, url)


async def test_before_there_is_a_certificate_nobody_is_served_and_then_everybody_is(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    certificates = Certificates(Certificate(tmp_path / "tls.crt", tmp_path / "tls.key"), read_clock)
    certificates.look()
    certificates.look()
    async with listening(certificates) as url:
        assert not await is_served(authority, url)
        authority.issue().write(tmp_path)
        certificates.look()
        assert await is_served(authority, url)
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        f"--tls-cert-file and --tls-key-file: {tmp_path}/tls.crt cannot be read: No such file or directory; "
        "nobody is served until it can be"
    ]


WRONG: dict[str, tuple[Callable[[Authority], Issued], str]] = {
    "the key of another": (
        lambda authority: Issued(authority.issue().certificate, authority.issue().key),
        "the key belongs to another certificate",
    ),
    "no certificate at all": (lambda _: Issued("nonsense", "nonsense"), "it holds no certificate with its key"),
    "no key": (lambda authority: Issued(authority.issue().certificate, ""), "it holds no certificate with its key"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_wrong_pair_is_named_and_the_former_one_stays_in_use(
    tmp_path: Path, authority: Authority, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    make, words = WRONG[case]
    certificates = Certificates(Certificate(*authority.issue().write(tmp_path)), read_clock)
    certificates.look()
    make(authority).write(tmp_path)
    certificates.look()
    certificates.look()
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert words in errors[0]
    assert str(tmp_path / "tls.crt") in errors[0]
    assert "the previous one stays in use" in errors[0]
    async with listening(certificates) as url:
        assert await is_served(authority, url)


async def test_an_expired_certificate_is_named_and_a_new_one_mends_it(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    expired = authority.issue(-timedelta(hours=1), age=timedelta(days=9))
    certificates = Certificates(Certificate(*expired.write(tmp_path)), read_clock)
    certificates.look()
    assert "certificate has expired" in caplog.text
    async with listening(certificates) as url:
        assert not await is_served(authority, url)
        authority.issue().write(tmp_path)
        certificates.look()
        assert await is_served(authority, url)


def test_one_that_ends_soon_is_announced(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    certificates = Certificates(Certificate(*authority.issue(timedelta(days=3)).write(tmp_path)), read_clock)
    certificates.look()
    assert "is valid only until" in caplog.text
    assert "; renew it" in caplog.text
