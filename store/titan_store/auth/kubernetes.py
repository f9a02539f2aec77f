"""The Reviewer that asks a real API server: raw JSON over one pooled session."""

import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from titan_sdk.api import names
from titan_store.auth.identities import (
    SERVICE_ACCOUNT_PREFIX,
    Attributes,
    BoundPod,
    Identity,
    PodFacts,
)
from titan_store.auth.kubeconfigs import Access
from titan_store.errors import Unavailable

Json = dict[str, Any]

REQUEST_SECONDS = 5.0
CONNECTIONS = 64
POD_NAME = "authentication.kubernetes.io/pod-name"
POD_UID = "authentication.kubernetes.io/pod-uid"

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_reviewer(access: Access) -> AsyncIterator["KubernetesReviewer"]:
    """A reviewer with its session."""
    context = ssl.create_default_context(cadata=access.authority) if access.authority else True
    connector = aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        yield KubernetesReviewer(session, access)


class KubernetesReviewer:
    """See ``identities.Reviewer``."""

    def __init__(self, session: aiohttp.ClientSession, access: Access) -> None:
        self._session = session
        self._access = access

    async def review_token(self, token: str) -> Identity | None:
        """See ``identities.Reviewer``."""
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [names.AUDIENCE_STORE]},
        }
        status = await self._review("/apis/authentication.k8s.io/v1/tokenreviews", body)
        # An authenticator that knows no audiences leaves the list out: such a token was made for the API server.
        if not status.get("authenticated") or names.AUDIENCE_STORE not in (status.get("audiences") or []):
            return None
        return parse_user(status.get("user") or {})

    async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
        """See ``identities.Reviewer``. Names of keys are left out: rights go by kind, not by key."""
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": identity.username,
                "uid": identity.uid,
                "groups": list(identity.groups),
                "resourceAttributes": {
                    "group": names.STORE_GROUP,
                    "resource": attributes.resource,
                    "verb": attributes.verb,
                    "namespace": attributes.namespace,
                },
            },
        }
        status = await self._review("/apis/authorization.k8s.io/v1/subjectaccessreviews", body)
        return bool(status.get("allowed"))

    async def get_namespace_uid(self, name: str) -> str | None:
        """See ``identities.Reviewer``."""
        found = await self._get(f"/api/v1/namespaces/{name}")
        return str(found["metadata"]["uid"]) if found else None

    async def get_pod(self, namespace: str, name: str) -> PodFacts | None:
        """See ``identities.Reviewer``."""
        found = await self._get(f"/api/v1/namespaces/{namespace}/pods/{name}")
        return PodFacts(found["metadata"]["uid"], found["metadata"].get("labels") or {}) if found else None

    async def _review(self, path: str, body: Json) -> Json:
        code, answer = await self._request("POST", path, body)
        if code != 201 and code != 200:
            raise _refused(code, answer, f"POST {path}")
        return dict(answer.get("status") or {})

    async def _get(self, path: str) -> Json | None:
        code, answer = await self._request("GET", path)
        if code == 404:
            return None
        if code != 200:
            raise _refused(code, answer, f"GET {path}")
        return answer

    async def _request(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Status and body. A connection that died while it was idle is replaced once: reviews change nothing."""
        try:
            try:
                return await self._send(method, path, body)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                return await self._send(method, path, body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("the API server does not answer %s %s: %r", method, path, error)
            raise Unavailable("The API server does not answer, so nobody can be let in.") from error

    async def _send(self, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {self._access.read_token()}"}
        async with self._session.request(method, self._access.server + path, json=body, headers=headers) as response:
            answer: Json = await response.json()
            return response.status, answer


def parse_user(user: Json) -> Identity:
    """The identity of a userInfo; the pod is there only if the token is bound to one."""
    username, extra = str(user.get("username") or ""), user.get("extra") or {}
    pod = None
    if username.startswith(SERVICE_ACCOUNT_PREFIX) and extra.get(POD_NAME) and extra.get(POD_UID):
        namespace = username.removeprefix(SERVICE_ACCOUNT_PREFIX).partition(":")[0]
        pod = BoundPod(namespace, str(extra[POD_NAME][0]), str(extra[POD_UID][0]))
    return Identity(username, str(user.get("uid") or ""), tuple(user.get("groups") or ()), pod)


def _refused(code: int, answer: Json, what: str) -> Unavailable:
    """The API server is there and does not let the store ask: somebody must mend the store's own rights."""
    log.error("the API server answered %s to %s: %s", code, what, answer.get("message"))
    return Unavailable(f"The API server answered {code} when the store asked about the caller.")
