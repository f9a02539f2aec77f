"""The edge to the API server: what the operator asks of it, and its implementation over HTTP."""

import re
from collections.abc import Mapping
from typing import Protocol

from titan_api import names
from titan_api.json_types import Raw
from titan_kube.client import Client, Page
from titan_kube.credentials import Credentials
from titan_operator.metrics import Metrics
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD, KIND_SERVICE

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


class Gateway(Protocol):
    """Everything the operator asks of the API server. Every call raises APIError (see titan_kube/errors.py)."""

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

    def __init__(self, credentials: Credentials, metrics: Metrics, *, page_size: int, request_seconds: float) -> None:
        def observe(method: str, path: str, code: int, seconds: float) -> None:
            metrics.api_call(method, _kind(path), code, seconds)

        self._client = Client(
            credentials, agent="titan-operator", request_seconds=request_seconds, connections=0, observe=observe
        )
        self._page_size = page_size

    async def __aenter__(self) -> "HTTPGateway":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.__aexit__()

    async def get(self, kind: str, namespace: str, name: str) -> Raw:
        """One object, as it is now."""
        return await self._client.get(_path(kind, namespace, name))

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        """Some of the objects of a kind, in one namespace or in all."""
        query = {"labelSelector": LABEL_SELECTORS[kind]} if kind in LABEL_SELECTORS else {}
        path = _path(kind, namespace)
        return await self._client.page(path, query, limit=self._page_size, continuation=continuation)

    async def create(self, kind: str, namespace: str, body: Raw) -> Raw:
        """A new object; its state as stored."""
        return await self._client.create(_path(kind, namespace), body)

    async def patch(self, kind: str, namespace: str, name: str, body: Raw, *, subresource: str = "") -> Raw:
        """A merge patch; the object's state after it."""
        return await self._client.patch(_path(kind, namespace, name, subresource), body)

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Raw) -> Raw:
        """Delete an object if the preconditions hold; returns the server's answer."""
        path = _path(kind, namespace, name)
        return await self._client.delete(path, preconditions=preconditions, propagation="Background")


def _path(kind: str, namespace: str | None, name: str = "", subresource: str = "") -> str:
    prefix, plural = RESOURCES[kind]
    scope = f"/namespaces/{namespace}" if namespace else ""
    parts = [prefix + scope, plural, name, subresource]
    return "/".join(part for part in parts if part)


def _kind(path: str) -> str:
    """The kind of which a path tells: ``_path`` the other way round."""
    unscoped = re.sub(r"/namespaces/[^/]+/", "/", path) + "/"
    return next(kind for kind, (prefix, plural) in RESOURCES.items() if unscoped.startswith(f"{prefix}/{plural}/"))
