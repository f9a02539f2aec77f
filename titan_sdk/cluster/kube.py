"""The API server, as far as the SDK needs it: raw JSON over one pool of connections.

The official client's model classes stay out: importing them takes longer than a job. Every refusal becomes one of
our own errors with the server's words; what is away for a moment is tried again (see ``retrying``).
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from titan_api import names
from titan_api.json_types import Json
from titan_sdk.cluster.access import Access
from titan_sdk.errors import TitanError, TitanUnavailable
from titan_sdk.transport.http import READ_SECONDS, Reply, Request, Stream, read_all, send
from titan_sdk.transport.refusals import Gone, refusal_of
from titan_sdk.transport.retrying import PATIENCE, Clock, Patience, insist

PAGE = 500
WATCH_SECONDS = 30
"""A watch is renewed so often, so that a connection that died without a word is noticed."""
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
CORE = frozenset({"secrets", "serviceaccounts"})
"""The kinds of Kubernetes itself with which the SDK deals."""
REVIEW_PATH = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
AGENT = "titan-sdk"


@dataclass(frozen=True)
class Listing:
    """All objects of a selection, and the version from which to watch it."""

    items: list[Json]
    version: str


@dataclass(frozen=True)
class Identity:
    """A user of the API server."""

    name: str
    groups: frozenset[str] = frozenset()


class Kube:
    """Titan's kinds in one namespace."""

    def __init__(self, access: Access, namespace: str, clock: Clock, patience: Patience = PATIENCE) -> None:
        self.access = access
        self.namespace = namespace
        self.clock = clock
        self._patience = patience

    def get(self, plural: str, name: str) -> Json:
        """One object. Raises TitanNotFound."""
        return self._call("GET", self._path(plural, name))

    def list(self, plural: str, *, labels: str = "", fields: str = "") -> Listing:
        """All objects of a selection, page by page."""
        query = _present({"labelSelector": labels, "fieldSelector": fields, "limit": str(PAGE)})
        items: list[Json] = []
        page = self._call("GET", self._path(plural), query)
        items += page.get("items") or []
        while token := page["metadata"].get("continue"):
            try:
                page = self._call("GET", self._path(plural), query | {"continue": token})
            except Gone:
                # The list is so long that its beginning expired meanwhile: one request without pages cannot expire.
                del query["limit"]
                page = self._call("GET", self._path(plural), query)
                items = []
            items += page.get("items") or []
        return Listing(items, str(page["metadata"].get("resourceVersion", "")))

    def create(self, plural: str, body: Mapping[str, Any]) -> Json:
        """A new object. TitanConflict: the name exists, perhaps from an earlier try of this very call."""
        return self._call("POST", self._path(plural), body=body)

    def patch(self, plural: str, name: str, body: Mapping[str, Any]) -> Json:
        """Merge into an object; with metadata.resourceVersion in the body, TitanConflict if it changed since."""
        return self._call("PATCH", self._path(plural, name), body=body, content_type=MERGE_PATCH)

    def apply_changes(self, plural: str, name: str, changes: Sequence[Mapping[str, Any]]) -> None:
        """Carry out the operations of a JSON patch, all or none. TitanInvalid: one of its tests failed."""
        self._call("PATCH", self._path(plural, name), body=changes, content_type=JSON_PATCH)

    def get_metadata(self, plural: str, name: str) -> Json:
        """An object's metadata alone. Raises TitanNotFound."""
        metadata: Json = self._call("GET", self._path(plural, name), accept=METADATA)["metadata"]
        return metadata

    def list_metadata(self, plural: str, *, labels: str) -> builtins.list[Json]:
        """The metadata of all objects of a selection, and nothing else of them."""
        answer = self._call("GET", self._path(plural), {"labelSelector": labels}, accept=METADATA_LIST)
        return [item["metadata"] for item in answer.get("items") or ()]

    def delete(self, plural: str, name: str, uid: str | None = None) -> None:
        """Remove an object and what it owns; only the one of that uid, if given."""
        body: Json = {"propagationPolicy": "Background"}
        if uid is not None:
            body["preconditions"] = {"uid": uid}
        self._call("DELETE", self._path(plural, name), body=body)

    def watch(self, plural: str, version: str, *, labels: str = "", fields: str = "") -> Watch:
        """What happens after a version. It ends by itself now and then; raises Gone if the version is too old."""
        query = _present({"labelSelector": labels, "fieldSelector": fields, "resourceVersion": version})
        query |= {"watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": str(WATCH_SECONDS)}
        request = self._request("GET", self._path(plural), query, read_seconds=WATCH_SECONDS + READ_SECONDS)
        stream = self.access.transport.open(request)
        if stream.status >= 300:
            raise refusal(read_all(stream))
        return Watch(stream)

    def request_token(self, service_account: str, audience: str, seconds: int) -> Json:
        """A token of a ServiceAccount of this namespace: {"token", "expirationTimestamp"}."""
        path = f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{service_account}/token"
        spec = {"audiences": [audience], "expirationSeconds": seconds}
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        status: Json = self._call("POST", path, body=body)["status"]
        return status

    def identity(self) -> Identity:
        """As whom the API server knows us."""
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        user = self._call("POST", REVIEW_PATH, body=body)["status"]["userInfo"]
        return Identity(str(user["username"]), frozenset(user.get("groups") or ()))

    def _path(self, plural: str, name: str = "") -> str:
        group = "/api/v1" if plural in CORE else f"/apis/{names.API_VERSION}"
        path = f"{group}/namespaces/{quote(self.namespace, safe='')}/{plural}"
        return f"{path}/{quote(name, safe='')}" if name else path

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
    ) -> Json:
        content = None if body is None else json.dumps(body).encode()

        def attempt() -> Json:
            request = self._request(method, path, query or {}, content, content_type, accept=accept)
            reply = send(self.access.transport, request)
            if reply.status >= 300:
                raise refusal(reply)
            answer: Json = reply.json()
            return answer

        # Everything that is sent here may be sent twice: objects have names, patches have versions or set constants.
        return insist(attempt, self.clock, idempotent=True, patience=self._patience)

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes | None = None,
        content_type: str = "application/json",
        read_seconds: float = READ_SECONDS,
        accept: str = "application/json",
    ) -> Request:
        headers = self.headers() | {"Accept": accept} | ({"Content-Type": content_type} if body is not None else {})
        url = f"{self.access.server}{path}{'?' + urlencode(query) if query else ''}"
        return Request(method, url, headers, body, read_seconds)

    def headers(self) -> dict[str, str]:
        """What every request to the API server carries."""
        authorization = self.access.authorization()
        identity = {"Authorization": authorization} if authorization else {}
        return {"Accept": "application/json", "User-Agent": AGENT} | identity


class Watch:
    """Events of one watch, as (type, object), until the server ends it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        rest = b""
        while chunk := self._stream.read():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in filter(None, lines):
                yield _event(line)

    def close(self) -> None:
        """End it; for the thread that reads."""
        self._stream.close()

    def interrupt(self) -> None:
        """End it from another thread, while the reader waits for the next event."""
        self._stream.interrupt()


def refusal(reply: Reply) -> TitanError:
    """The error that a refusal of the API server stands for, with its words."""
    try:
        status = json.loads(reply.body)
        message = str(status.get("message") or status)
    except (ValueError, AttributeError):
        message = f"HTTP {reply.status}: {reply.body[:200].decode(errors='replace')}"
    return refusal_of(reply.status, message, reply.headers.get("retry-after"))


def _event(line: bytes) -> tuple[str, Json]:
    try:
        event = json.loads(line)
    except ValueError as error:
        raise TitanUnavailable(f"the watch is no JSON: {line[:80]!r}") from error
    if event["type"] == "ERROR":
        status = event["object"]
        raise refusal_of(int(status.get("code") or 500), str(status.get("message", "")))
    return event["type"], event["object"]


def _present(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}
