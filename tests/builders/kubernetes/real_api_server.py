"""A real control plane on loopback: etcd, kube-apiserver and, where something must act, kube-controller-manager.

It needs neither root nor a kubelet, so tests of what the API server itself decides (validation, admission policies,
rights) run against it on any machine. The programs are those that ``make binaries`` builds; without them
``why_unavailable`` says so in one sentence, for tests to skip with.

``python tests/builders/kubernetes/real_api_server.py`` starts one by hand and prints the path of its kubeconfig.
"""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from builders.kubernetes.kubeconfigs import as_file_content
from titan_local.apiserver.identity.certificates import (
    AUTHORITY_FILE,
    SERVER_FILE,
    ensure_authority,
    ensure_client_certificate,
)

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "titan"
BINARIES_VARIABLE = "TITAN_CLUSTER_BINARIES"
ADMIN, ADMIN_TOKEN, MASTERS = "conformance-admin", "conformance-token", "system:masters"
ISSUER = "https://kubernetes.default.svc"
START_SECONDS = 90.0
STOP_SECONDS = 10.0
CONTROLLERS = (
    "namespace-controller", "serviceaccount-controller", "garbage-collector-controller", "deployment-controller",
    "replicaset-controller", "clusterrole-aggregation-controller", "validatingadmissionpolicy-status-controller",
)  # fmt: skip


def find_binaries() -> Path:
    """Where etcd, kube-apiserver and the others are."""
    return Path(os.environ.get(BINARIES_VARIABLE, CACHE / "bin"))


def why_unavailable() -> str:
    """One sentence if a program is missing; empty if a server can be started."""
    missing = [name for name in ("etcd", "kube-apiserver", "kube-controller-manager") if not _program(name).exists()]
    return f"{', '.join(missing)} not found in {find_binaries()}: run `make binaries`" if missing else ""


class RealApiServer:
    """Use as a context manager. ``kubeconfig`` is that of a member of system:masters, who may act as anybody."""

    def __init__(self, directory: Path, *, controllers: Sequence[str] = CONTROLLERS) -> None:
        self.directory = directory
        self.kubeconfig = directory / "admin.kubeconfig"
        self._controllers = controllers
        self._etcd, self._etcd_peers, self._port, self._controllers_port = _free_ports(4)
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    def __enter__(self) -> "RealApiServer":
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End what was started, the last first, so that nobody complains of a server that went away."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)
        self._processes.clear()

    def _start(self) -> None:
        authority = ensure_authority(self.directory)
        pair = ensure_client_certificate(self.directory, ADMIN, [MASTERS])
        self.kubeconfig.write_text(as_file_content(self.url, authority, ADMIN_TOKEN, pair.certificate, pair.key))
        self.kubeconfig.chmod(0o600)
        (self.directory / "tokens.csv").write_text(f'{ADMIN_TOKEN},{ADMIN},{ADMIN},"{MASTERS}"\n')
        _write_signing_key(self.directory / "accounts.key")
        self._run("etcd", *self._etcd_arguments())
        self._run("kube-apiserver", *self._server_arguments())
        self._wait_until_ready()
        if self._controllers:
            self._run("kube-controller-manager", *self._controller_arguments())

    def _run(self, name: str, *arguments: str) -> None:
        with (self.directory / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(_program(name)), *arguments], stdout=log, stderr=log, start_new_session=True, cwd=self.directory
            )
        self._processes.append(process)

    def _etcd_arguments(self) -> list[str]:
        clients, peers = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{self._etcd_peers}"
        return [
            f"--data-dir={self.directory / 'etcd'}", "--unsafe-no-fsync", "--log-level=error",
            f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
        ]  # fmt: skip

    def _server_arguments(self) -> list[str]:
        key = self.directory / "accounts.key"
        return [
            f"--etcd-servers=http://127.0.0.1:{self._etcd}", "--endpoint-reconciler-type=none",
            "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", f"--secure-port={self._port}",
            f"--tls-cert-file={self.directory / SERVER_FILE}",
            f"--tls-private-key-file={self.directory / SERVER_FILE}",
            f"--client-ca-file={self.directory / AUTHORITY_FILE}",
            f"--token-auth-file={self.directory / 'tokens.csv'}",
            "--authorization-mode=RBAC", "--allow-privileged=true", "--service-cluster-ip-range=10.96.0.0/16",
            f"--service-account-issuer={ISSUER}", f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
        ]  # fmt: skip

    def _controller_arguments(self) -> list[str]:
        return [
            f"--kubeconfig={self.kubeconfig}", "--leader-elect=false", "--use-service-account-credentials=false",
            f"--service-account-private-key-file={self.directory / 'accounts.key'}",
            "--bind-address=127.0.0.1", f"--secure-port={self._controllers_port}",
            "--kube-api-qps=1000", "--kube-api-burst=2000", "--concurrent-namespace-syncs=50",
            f"--controllers={','.join(self._controllers)}",
        ]  # fmt: skip

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        context = ssl.create_default_context(cafile=str(self.directory / AUTHORITY_FILE))
        while not _answers(f"{self.url}/readyz", context):
            ended = [process.args for process in self._processes if process.poll() is not None]
            if ended or time.monotonic() > end:
                raise RuntimeError(f"the control plane did not start; ended: {ended}; its logs are in {self.directory}")
            time.sleep(0.1)


def _program(name: str) -> Path:
    return find_binaries() / name


def _free_ports(count: int) -> list[int]:
    """Ports that are free now; all are held until all are known, so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(held.getsockname()[1]) for held in sockets]
    for held in sockets:
        held.close()
    return ports


def _answers(url: str, context: ssl.SSLContext) -> bool:
    try:
        with urllib.request.urlopen(url, context=context, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _write_signing_key(file: Path) -> None:
    """The key that signs tokens of ServiceAccounts."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, secret = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, secret))


def main() -> None:
    """Run one until SIGINT or SIGTERM."""
    if reason := why_unavailable():
        sys.exit(reason)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as directory, RealApiServer(Path(directory)) as server:
        print(json.dumps({"kubeconfig": str(server.kubeconfig), "url": server.url}), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
