"""The embedded cluster's API server as a process of its own, in a directory of its own, on a port that is free."""

import json
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from builders.kubernetes.kubeconfigs import as_file_content
from titan_local.apiserver.identity.certificates import ensure_authority, ensure_client_certificate
from titan_local.apiserver.identity.tokens import ensure_static_token
from titan_local.kubeconfigs import KeyPair

START_SECONDS = 20.0
STOP_SECONDS = 10.0
ADMIN, MASTERS = "conformance-admin", "system:masters"


class EmbeddedServer:
    """Use as a context manager. ``kubeconfig`` is that of a member of system:masters, with token and certificate."""

    def __init__(self, directory: Path, *, port: int = 0, prepare: Callable[[], None] | None = None) -> None:
        self.directory = directory
        self.kubeconfig = directory / "conformance.kubeconfig"
        self.start_seconds = 0.0
        self._prepare = prepare
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "EmbeddedServer":
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return (self.directory / "server.log").read_text()

    def start(self) -> None:
        """Start it, on the same port as before if it ran before, and wait until it is ready."""
        address = self.directory / "apiserver.json"
        address.unlink(missing_ok=True)
        self.directory.mkdir(parents=True, exist_ok=True)
        ensure_static_token(self.directory, ADMIN, [MASTERS])
        arguments = ["--state-dir", str(self.directory), "--port", str(self._port)]
        began = time.monotonic()
        with (self.directory / "server.log").open("ab") as log:
            command = [sys.executable, "-m", "titan_local.apiserver", *arguments]
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, preexec_fn=self._prepare
            )
        while not address.exists():
            if self._process.poll() is not None or time.monotonic() - began > START_SECONDS:
                self.stop()
                raise RuntimeError(f"the API server did not start: {self.log}")
            time.sleep(0.005)
        self._port = int(json.loads(address.read_text())["url"].rpartition(":")[2])
        while not self._is_ready():
            if time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"the API server did not get ready: {self.log}")
            time.sleep(0.005)
        self.start_seconds = time.monotonic() - began
        self._write_kubeconfig()

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(STOP_SECONDS)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", context=_trusting(self.directory), timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _write_kubeconfig(self) -> None:
        token = ensure_static_token(self.directory, ADMIN, [MASTERS])
        pair: KeyPair = ensure_client_certificate(self.directory, ADMIN, [MASTERS])
        authority = ensure_authority(self.directory)
        content = as_file_content(self.url, authority, token, pair.certificate, pair.key)
        self.kubeconfig.write_text(content)
        self.kubeconfig.chmod(0o600)


def _trusting(directory: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(directory / "ca.crt"))
