"""A real kube-apiserver on an etcd of its own, and nothing else: enough for admission and for rights.

Tests skip where nobody has built the two programs (``make cluster-up`` does).
"""

import json
import os
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from titan_api.json_types import Json

BINARIES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "titan" / "bin"
START_SECONDS = 90.0
TOKEN = "tests"
MERGE_PATCH, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


class BareServer:
    """The API server as its administrator, or as anybody whom he impersonates."""

    def __init__(self, url: str, certificate: Path, kubeconfig: Path) -> None:
        self.url = url
        self.kubeconfig = kubeconfig
        self._context = ssl.create_default_context(cafile=certificate)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        user: str = "",
        group: str = "",
        content_type: str = "",
    ) -> tuple[int, Json]:
        """Status and body of an answer."""
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode())
        request.method = method
        request.add_header("Authorization", f"Bearer {TOKEN}")
        request.add_header("Content-Type", content_type or (MERGE_PATCH if method == "PATCH" else "application/json"))
        if user:
            request.add_header("Impersonate-User", user)
        if group:
            request.add_header("Impersonate-Group", group)
        try:
            with urllib.request.urlopen(request, timeout=30, context=self._context) as answer:
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _read(error.read())

    def apply(self, *manifests: Json) -> None:
        """Create objects, as the administrator."""
        for manifest in manifests:
            code, answer = self.call("POST", collection_of(manifest), manifest)
            assert code == 201, answer


def collection_of(manifest: Json) -> str:
    """The path to which a manifest is posted."""
    group, kind = manifest["apiVersion"], manifest["kind"].lower()
    prefix = f"/apis/{group}" if "/" in group else f"/api/{group}"
    namespace = manifest["metadata"].get("namespace")
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return f"{prefix}{f'/namespaces/{namespace}' if namespace else ''}/{plural}"


@contextmanager
def bare_server(directory: Path) -> Iterator[BareServer]:
    """Runs for the duration of the block."""
    missing = [name for name in ("etcd", "kube-apiserver") if not (BINARIES / name).exists()]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not built: see tools/README.md")
    etcd, peer, api = _free_ports(3)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.append(_start(directory, "etcd", *_etcd_options(directory, etcd, peer)))
        processes.append(_start(directory, "kube-apiserver", *_server_options(directory, etcd, api)))
        yield _await_server(directory, f"https://127.0.0.1:{api}", processes)
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _etcd_options(directory: Path, port: int, peer: int) -> list[str]:
    client, other = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    return [
        f"--data-dir={directory / 'etcd'}", "--unsafe-no-fsync", "--log-level=error",
        f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
        f"--listen-peer-urls={other}", f"--initial-advertise-peer-urls={other}", f"--initial-cluster=default={other}",
    ]  # fmt: skip


def _server_options(directory: Path, etcd: int, port: int) -> list[str]:
    key, tokens = directory / "accounts.key", directory / "tokens"
    private = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    key.write_bytes(private)
    tokens.write_text(f"{TOKEN},admin,admin,system:masters\n")
    return [
        f"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", f"--secure-port={port}",
        "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none", f"--cert-dir={directory / 'certificates'}",
        f"--token-auth-file={tokens}", "--authorization-mode=RBAC", "--service-account-issuer=https://tests",
        f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.96.0.0/16", "--disable-admission-plugins=ServiceAccount",
    ]  # fmt: skip


def _start(directory: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    with (directory / f"{name}.log").open("wb") as log:
        return subprocess.Popen([BINARIES / name, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _await_server(directory: Path, url: str, processes: list[subprocess.Popen[bytes]]) -> BareServer:
    certificate, kubeconfig = directory / "certificates" / "apiserver.crt", directory / "kubeconfig"
    cluster = {"server": url, "certificate-authority": str(certificate)}
    config = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "c", "user": {"token": TOKEN}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }
    kubeconfig.write_text(json.dumps(config))
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and all(process.poll() is None for process in processes):
        time.sleep(0.1)
        if certificate.exists() and _is_ready(server := BareServer(url, certificate, kubeconfig)):
            return server
    raise AssertionError((directory / "kube-apiserver.log").read_text()[-2000:])


def _is_ready(server: BareServer) -> bool:
    try:
        return server.call("GET", "/readyz")[0] == 200
    except OSError:
        return False


def _read(content: bytes) -> Json:
    try:
        answer: Json = json.loads(content)
    except ValueError:
        return {"message": content.decode()}
    return answer


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
