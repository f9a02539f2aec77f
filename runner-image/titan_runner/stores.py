"""The three calls of the store's API that a runner needs."""

from __future__ import annotations

import json

from titan_runner.connections import Answer, Connection
from titan_runner.errors import StoreAway, StoreDenied, StoreError, StoreRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Store:
    """The store, as this pod's own token sees it."""

    def __init__(self, connection: Connection, namespace: str, token_file: str) -> None:
        self._connection = connection
        self._base = f"/v1/namespaces/{namespace}"
        self._token_file = token_file

    def get_blob(self, digest: str, sink: Callable[[bytes], object]) -> None:
        """Stream a blob. What arrives is not checked here."""
        self._call("GET", f"/blob?digest={digest}", sink=sink)

    def append_log(self, job_uid: str, attempt: int, offset: int, data: bytes) -> int:
        """Append to the attempt's log; returns where the store's log ends now."""
        answer = self._call("POST", f"/log?job={job_uid}&attempt={attempt}&offset={offset}", data)
        try:
            return int(json.loads(answer.body)["size"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreAway("the store's answer is not its own") from error

    def put_outcome(self, job_uid: str, attempt: int, record: bytes) -> None:
        """Record the outcome: durable when this returns. The same record may be sent again."""
        self._call("PUT", f"/outcome?job={job_uid}&attempt={attempt}", record, content_type="application/json")

    def read_token(self) -> str:
        """The pod's token, read anew each time because it is replaced before it expires; "" without one."""
        if not self._token_file:
            return ""
        try:
            with open(self._token_file, encoding="utf-8") as file:
                return file.read().strip()
        except (OSError, ValueError) as error:
            raise StoreDenied(f"the token file cannot be read: {error}") from error

    def _call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        content_type: str = "application/octet-stream",
        sink: Callable[[bytes], object] | None = None,
    ) -> Answer:
        headers = {"Content-Type": content_type} if body else {}
        token = self.read_token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self._connection.request(method, self._base + target, headers, body, sink)
        if answer.status >= 300:
            raise _error_of(answer)
        return answer


def _error_of(answer: Answer) -> StoreError:
    try:
        error = json.loads(answer.body)["error"]
        code, message, size = str(error["code"]), str(error["message"]), error.get("size")
    except (ValueError, KeyError, TypeError, AttributeError):
        code, message, size = "Unknown", f"the store answered {answer.status}", None
    if answer.status in (401, 403):
        return StoreDenied(message)
    if answer.status in (408, 429) or answer.status >= 500:
        wish = answer.headers.get("retry-after", "")
        return StoreAway(message, float(wish) if wish.isdigit() else 0.0)
    return StoreRefused(message, code, size if isinstance(size, int) else None)
