"""The dashboard as a browser speaks to it, without a browser: sign-in by the address that `titan dashboard` printed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import urllib3
from builders.kubernetes.real_cluster import RealCluster

COMMAND = ("-m", "titan_sdk.cli", "dashboard", "--json")
Json = dict[str, object]


def sign_in_kubeconfig(real: RealCluster, token: str, directory: Path) -> RealCluster:
    """The cluster through a kubeconfig whose only credential is a token."""
    config = json.loads(real.do("config", "view", "--raw", "--flatten", "--minify", "-o", "json"))
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    path = directory / "token.kubeconfig"
    path.write_text(json.dumps(config))
    return RealCluster(path)


class Page:
    """A session with the store behind `titan dashboard`."""

    def __init__(self, url: str) -> None:
        address, _, fragment = url.partition("#")
        self.base = address.rstrip("/")
        self._pool = urllib3.PoolManager(retries=False)
        code = parse_qs(urlsplit(fragment).query)["code"][0]
        entered = self._pool.request("POST", f"{self.base}/v1/session", json={"code": code})
        assert entered.status == 200, entered.data
        self._cookie = entered.headers["Set-Cookie"].partition(";")[0]
        self.session = entered.json()

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        """As the page asks."""
        return self._pool.request("GET", f"{self.base}/{path}", headers={"Cookie": self._cookie})

    def post(self, path: str, body: Json | None = None) -> urllib3.BaseHTTPResponse:
        """As a click on the page does it."""
        headers = {"Cookie": self._cookie, "X-Titan-CSRF": self.session["csrfToken"]}
        return self._pool.request("POST", f"{self.base}/{path}", headers=headers, json=body or {})

    def follow(self, path: str) -> Iterator[bytes]:
        """The lines of a stream."""
        answer = self._pool.request(
            "GET", f"{self.base}/{path}", headers={"Cookie": self._cookie}, preload_content=False, timeout=60
        )
        try:
            yield from answer
        finally:
            answer.close()


@contextmanager
def open_dashboard(cluster: RealCluster, namespace: str) -> Iterator[Page]:
    """`titan dashboard` of whoever the kubeconfig is, and the page signed in by what it printed."""
    command = [sys.executable, *COMMAND, "--namespace", namespace]
    with subprocess.Popen(command, env=cluster.env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = process.stdout.readline()
            assert printed, "titan dashboard ended without an address"
            yield Page(json.loads(printed)["url"])
        finally:
            process.terminate()
            process.wait(timeout=20)
