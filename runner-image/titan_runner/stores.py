"""The few calls of the store's API that a runner needs."""

from __future__ import annotations

import json

from titan_runner.connections import Answer, Connection
from titan_runner.errors import StoreAway, StoreDenied, StoreError, StoreRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO


class Store:
    """The store, as this pod's own token sees it."""

    def __init__(self, connection: Connection, namespace: str, token_file: str) -> None:
        self._connection = connection
        self._namespace = namespace
        self._base = f"/v1/namespaces/{namespace}"
        self._token_file = token_file

    def get_blob(self, digest: str, sink: Callable[[bytes], object]) -> None:
        """Stream a blob. What arrives is not checked here."""
        self._call("GET", f"/blob?digest={digest}", sink=sink)

    def has_blob(self, digest: str) -> bool:
        """Whether the store has that content."""
        try:
            self._call("HEAD", f"/blob?digest={digest}")
        except StoreRefused as error:
            if error.status == 404:
                return False
            raise
        return True

    def put_blob(self, digest: str, file: BinaryIO, size: int) -> None:
        """Keep a file's content: durable when this returns."""
        self._call("PUT", f"/blob?digest={digest}", file=file, size=size)

    def fold(self, parents: list[dict[str, Any]]) -> dict[str, Any]:
        """The files that some attempts and their ancestors left, by path, and the conflicts among them."""
        collected = bytearray()
        body = json.dumps({"parents": parents}).encode()
        self._call("POST", "/workspace", body, content_type="application/json", sink=collected.extend)
        try:
            answer = json.loads(collected)
            return {"files": dict(answer["files"]), "conflicts": list(answer["conflicts"])}
        except (ValueError, KeyError, TypeError) as error:
            raise StoreAway("the answer did not come from the store") from error

    def copy_with_own_connection(self) -> Store:
        """The same store over a connection of its own, for another thread."""
        return Store(Connection(self._connection.url, self._connection.authority), self._namespace, self._token_file)

    def append_log(self, job_uid: str, attempt: int, offset: int, data: bytes) -> int:
        """Append to the attempt's log; returns where the store's log ends now."""
        answer = self._call("POST", f"/log?job={job_uid}&attempt={attempt}&offset={offset}", data)
        try:
            return int(json.loads(answer.body)["size"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreAway("the answer did not come from the store") from error

    def log_size(self, job_uid: str, attempt: int) -> int:
        """Where the store's log of an attempt ends."""
        answer = self._call("GET", f"/logs?job={job_uid}")
        try:
            sizes = {int(item["attempt"]): int(item["size"]) for item in json.loads(answer.body)["items"]}
        except (ValueError, KeyError, TypeError) as error:
            raise StoreAway("the answer did not come from the store") from error
        return sizes.get(attempt, 0)

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
        file: BinaryIO | None = None,
        size: int = 0,
    ) -> Answer:
        headers = {"Content-Type": content_type} if body or file is not None else {}
        token = self.read_token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self._connection.request(method, self._base + target, headers, body, sink, file, size)
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
    return StoreRefused(message, code, size if isinstance(size, int) else None, answer.status)
