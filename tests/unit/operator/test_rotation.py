"""kopf goes on watching when the API server's authority has rotated, and with the token of the moment."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kopf
import pytest
from aiohttp import web
from builders.kubernetes.api_servers import serving
from builders.operators.rig import Rig
from builders.store.certificates import Authority
from titan_operator.watching.handlers import build_registry
from titan_operator.watching.kopf_settings import build_settings

from titan_kube.config import Config
from titan_kube.credentials import Credentials

TITAN = ("titandags", "titanjobs", "titanapprovals")


class Server:
    """As much of an API server as kopf needs in order to watch Titan's kinds."""

    def __init__(self) -> None:
        self.watches: set[tuple[str, str]] = set()
        self._transports: list[asyncio.Transport] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert isinstance(request.transport, asyncio.Transport)
        self._transports.append(request.transport)
        if "watch" in request.query:
            self.watches.add((request.path.rpartition("/")[2], request.headers["Authorization"]))
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.sleep(60)
        group = {"name": "titan.io", "preferredVersion": {"version": "v1alpha1"}, "versions": [{"version": "v1alpha1"}]}
        answers: dict[str, Any] = {
            "/api": {"versions": ["v1"]},
            "/apis": {"groups": [group]},
            "/api/v1": resources("v1", "namespaces"),
            "/apis/titan.io/v1alpha1": resources("titan.io/v1alpha1", *TITAN),
        }
        return web.json_response(answers.get(request.path, {"metadata": {"resourceVersion": "5"}, "items": []}))

    def cut_off(self) -> None:
        """As if the server were started anew."""
        self.watches.clear()
        for transport in self._transports:
            transport.abort()


def resources(version: str, *plurals: str) -> dict[str, Any]:
    verbs = ["list", "watch", "get", "patch"]
    found = [{"name": name, "kind": name, "singularName": "", "namespaced": True, "verbs": verbs} for name in plurals]
    return {"kind": "APIResourceList", "groupVersion": version, "resources": found}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


async def test_kopf_goes_on_with_a_rotated_authority_and_a_rotated_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority, token, trusted = Authority("old"), tmp_path / "token", tmp_path / "ca.crt"
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.issue().write(tmp_path / "server"))
    trusted.write_text(authority.certificate)
    token.write_text("old")
    server, rig = Server(), Rig()
    async with serving(server.answer, context) as url:
        credentials = Credentials(lambda: Config(url, authority=trusted, token=token))
        parts = rig.operator
        registry = build_registry(parts.informer, credentials, parts.resync, parts.accounts, sees_namespaces=False)
        operator = kopf.operator(registry=registry, settings=build_settings(), standalone=True, clusterwide=True)
        watching = asyncio.create_task(operator)
        await until(lambda: server.watches == {(plural, "Bearer old") for plural in TITAN})

        authority = Authority("new")
        context.load_cert_chain(*authority.issue().write(tmp_path / "server"))
        server.cut_off()
        token.write_text("new")
        await until(lambda: "ClientConnectorCertificateError" in caplog.text)
        assert not server.watches
        trusted.write_text(authority.certificate)
        await until(lambda: server.watches == {(plural, "Bearer new") for plural in TITAN})
        watching.cancel()
        await asyncio.wait([watching])
