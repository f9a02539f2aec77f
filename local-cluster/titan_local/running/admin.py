"""Requests of the person's own to the API server and to the components' probes, with the standard library alone:
``up`` and the bootstrap are over before a bigger client would have been imported."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

from titan_api.json_types import Json
from titan_kube.kubeconfigs import read_kubeconfig
from titan_kube.tls import build_context

SECONDS = 5.0


class AdminError(Exception):
    """The API server refused; ``code`` is the HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Admin:
    """One connection, opened on first use and again after a failure."""

    def __init__(self, kubeconfig: Path) -> None:
        config = read_kubeconfig(kubeconfig)
        self._address = urlsplit(config.server)
        self._context = build_context(config.without_certificate())
        self._headers = {**config.headers(), "Content-Type": "application/json"}
        self._connection: http.client.HTTPSConnection | None = None

    def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """Raises AdminError for a refusal, OSError or HTTPException for an outage."""
        if self._connection is None:
            host, port = self._address.hostname or "", self._address.port
            self._connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._context)
        try:
            data = json.dumps(body) if body is not None else None
            self._connection.request(method, path, data, self._headers)
            answer = self._connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if status >= 300:
            raise AdminError(status, str(_parse(text).get("message") or text.decode(errors="replace")))
        return _parse(text)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def answers_ok(url: str) -> bool:
    """Whether a probe answers 200."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=1.0)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _parse(text: bytes) -> Json:
    try:
        content = json.loads(text)
    except ValueError:
        return {}  # Probes answer with a word.
    return content if isinstance(content, dict) else {}
