"""The edge to the API server: what the operator asks of it, and its implementation over HTTP.

Raw JSON over one pooled session. The model classes of client libraries stay out: they cost more than the requests.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from titan_api import names
from titan_operator.access import Access
from titan_operator.errors import Unavailable, from_answer
from titan_operator.metrics import Metrics
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD, KIND_SERVICE, Raw

MERGE_PATCH = "application/merge-patch+json"
TITAN_API = f"/apis/{names.GROUP}/{names.VERSION}"
CORE_API = "/api/v1"
APPS_API = "/apis/apps/v1"
POLICY_API = "/apis/admissionregistration.k8s.io/v1"
KIND_CRD = "CustomResourceDefinition"
KIND_POLICY, KIND_POLICY_BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"

RESOURCES: Mapping[str, tuple[str, str]] = {
    names.KIND_DAG: (TITAN_API, names.PLURAL_DAGS),
    names.KIND_JOB: (TITAN_API, names.PLURAL_JOBS),
    names.KIND_APPROVAL: (TITAN_API, names.PLURAL_APPROVALS),
    KIND_POD: (CORE_API, "pods"),
    KIND_DEPLOYMENT: (APPS_API, "deployments"),
    KIND_SERVICE: (CORE_API, "services"),
    "Event": (CORE_API, "events"),
    "Namespace": (CORE_API, "namespaces"),
    "ServiceAccount": (CORE_API, "serviceaccounts"),
    "Lease": ("/apis/coordination.k8s.io/v1", "leases"),
    KIND_CRD: ("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions"),
    KIND_POLICY: (POLICY_API, "validatingadmissionpolicies"),
    KIND_POLICY_BINDING: (POLICY_API, "validatingadmissionpolicybindings"),
    "RoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "rolebindings"),
}
"""Where each kind lives."""

_OURS = f"{names.LABEL_MANAGED_BY}={names.MANAGED_BY}"
LABEL_SELECTORS: Mapping[str, str] = {KIND_POD: _OURS, KIND_DEPLOYMENT: _OURS}
"""Of kinds of which only some objects are Titan's."""


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    items: list[Raw]
    resource_version: int
    continuation: str
    """For the next page; empty on the last."""


class Gateway(Protocol):
    """Everything the operator asks of the API server. Every call raises APIError (see errors.py)."""

    async def get(self, kind: str, namespace: str, name: str) -> Raw:
        """One object, as it is now."""
        ...

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        """Some of the objects of a kind, in one namespace or in all."""
        ...

    async def create(self, kind: str, namespace: str, body: Raw) -> Raw:
        """A new object; its state as stored."""
        ...

    async def patch(self, kind: str, namespace: str, name: str, body: Raw, *, subresource: str = "") -> Raw:
        """A merge patch; the object's state after it."""
        ...

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Raw) -> Raw:
        """Delete an object if the preconditions hold; returns the server's answer."""
        ...


class HTTPGateway:
    """The API server over HTTP; use as an async context manager."""

    def __init__(self, access: Access, metrics: Metrics, *, page_size: int, request_seconds: float) -> None:
        self._access = access
        self._metrics = metrics
        self._page_size = page_size
        self._timeout = aiohttp.ClientTimeout(total=request_seconds, sock_connect=min(3.0, request_seconds))
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "HTTPGateway":
        self._session = self._access.open_session(timeout=self._timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, kind: str, namespace: str, name: str) -> Raw:
        """One object, as it is now."""
        return await self._send("GET", kind, _path(kind, namespace, name))

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        """Some of the objects of a kind, in one namespace or in all."""
        query = {"limit": str(self._page_size)}
        if kind in LABEL_SELECTORS:
            query["labelSelector"] = LABEL_SELECTORS[kind]
        if continuation:
            query["continue"] = continuation
        answer = await self._send("GET", kind, _path(kind, namespace), query=query)
        meta = answer.get("metadata") or {}
        return Page(answer.get("items") or [], int(meta.get("resourceVersion") or 0), meta.get("continue") or "")

    async def create(self, kind: str, namespace: str, body: Raw) -> Raw:
        """A new object; its state as stored."""
        return await self._send("POST", kind, _path(kind, namespace), body)

    async def patch(self, kind: str, namespace: str, name: str, body: Raw, *, subresource: str = "") -> Raw:
        """A merge patch; the object's state after it."""
        return await self._send("PATCH", kind, _path(kind, namespace, name, subresource), body, MERGE_PATCH)

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Raw) -> Raw:
        """Delete an object if the preconditions hold; returns the server's answer."""
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": preconditions,
            "propagationPolicy": "Background",
        }
        return await self._send("DELETE", kind, _path(kind, namespace, name), options)

    async def _send(
        self,
        method: str,
        kind: str,
        path: str,
        body: Raw | None = None,
        content_type: str = "application/json",
        *,
        query: Mapping[str, str] | None = None,
    ) -> Raw:
        assert self._session is not None, "use the gateway as a context manager"
        data = json.dumps(body, separators=(",", ":")).encode() if body is not None else None
        headers = dict(self._access.headers()) | ({"Content-Type": content_type} if data is not None else {})
        began = time.perf_counter()
        code = 0
        try:
            async with self._session.request(
                method, self._access.server + path, params=query, data=data, headers=headers
            ) as answer:
                content = await answer.read()
                code = answer.status
                retry_after = answer.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"no answer: {str(error) or repr(error)}", request=f"{method} {path}") from error
        finally:
            self._metrics.api_call(method, kind, code, time.perf_counter() - began)
        if code == 401:
            self._access.renew()
        return _understand(method, path, code, content, retry_after)


def _path(kind: str, namespace: str | None, name: str = "", subresource: str = "") -> str:
    prefix, plural = RESOURCES[kind]
    scope = f"/namespaces/{namespace}" if namespace else ""
    parts = [prefix + scope, plural, name, subresource]
    return "/".join(part for part in parts if part)


def _understand(method: str, path: str, code: int, content: bytes, retry_after: str | None) -> Raw:
    try:
        answer: Any = json.loads(content) if content else {}
    except ValueError:
        answer = None
    if code < 300 and isinstance(answer, dict):
        return answer
    words = answer if isinstance(answer, dict) else {}
    message = str(words.get("message") or content[:200].decode(errors="replace") or "an empty answer")
    seconds = float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    failure = code if code >= 300 else 502
    raise from_answer(f"{method} {path}", failure, str(words.get("reason") or ""), message, seconds)
