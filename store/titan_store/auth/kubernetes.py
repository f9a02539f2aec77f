"""The Reviewer that asks a real API server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from titan_api import names
from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.credentials import Credentials
from titan_kube.errors import NotFound
from titan_store.auth.identities import (
    SERVICE_ACCOUNT_PREFIX,
    Attributes,
    BoundPod,
    Identity,
    PodFacts,
)
from titan_store.cluster.answers import answered
from titan_store.cluster.kubernetes import open_client

POD_NAME = "authentication.kubernetes.io/pod-name"
POD_UID = "authentication.kubernetes.io/pod-uid"


@asynccontextmanager
async def open_reviewer(credentials: Credentials) -> AsyncIterator["KubernetesReviewer"]:
    """A reviewer with its session."""
    async with open_client(credentials) as client:
        yield KubernetesReviewer(client)


class KubernetesReviewer:
    """Implements ``identities.Reviewer``."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def review_token(self, token: str) -> Identity | None:
        status = await self._review_token({"token": token, "audiences": [names.AUDIENCE_STORE]})
        # An authenticator that knows no audiences leaves the list out: such a token was made for the API server.
        if not status.get("authenticated") or names.AUDIENCE_STORE not in (status.get("audiences") or []):
            return None
        return parse_user(status.get("user") or {})

    async def review_person(self, token: str) -> Identity | None:
        status = await self._review_token({"token": token})
        return parse_user(status.get("user") or {}) if status.get("authenticated") else None

    async def _review_token(self, spec: Json) -> Json:
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec}
        return await self._review("/apis/authentication.k8s.io/v1/tokenreviews", body)

    async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
        """Names of keys are left out: rights go by kind, not by key."""
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": identity.username,
                "uid": identity.uid,
                "groups": list(identity.groups),
                "resourceAttributes": {
                    "group": attributes.group,
                    "resource": attributes.resource,
                    "verb": attributes.verb,
                    "namespace": attributes.namespace,
                }
                | ({"name": attributes.name} if attributes.name else {}),
            },
        }
        status = await self._review("/apis/authorization.k8s.io/v1/subjectaccessreviews", body)
        return bool(status.get("allowed"))

    async def get_namespace_uid(self, name: str) -> str | None:
        found = await answered(self._client.get(f"/api/v1/namespaces/{name}"), NotFound)
        return str(found["metadata"]["uid"]) if found else None

    async def get_pod(self, namespace: str, name: str) -> PodFacts | None:
        found = await answered(self._client.get(f"/api/v1/namespaces/{namespace}/pods/{name}"), NotFound)
        return PodFacts(found["metadata"]["uid"], found["metadata"].get("labels") or {}) if found else None

    async def _review(self, path: str, body: Json) -> Json:
        answer = await answered(self._client.create(path, body))
        return dict((answer or {}).get("status") or {})


def parse_user(user: Json) -> Identity:
    """The identity of a userInfo; the pod is there only if the token is bound to one."""
    username, extra = str(user.get("username") or ""), user.get("extra") or {}
    pod = None
    if username.startswith(SERVICE_ACCOUNT_PREFIX) and extra.get(POD_NAME) and extra.get(POD_UID):
        namespace = username.removeprefix(SERVICE_ACCOUNT_PREFIX).partition(":")[0]
        pod = BoundPod(namespace, str(extra[POD_NAME][0]), str(extra[POD_UID][0]))
    return Identity(username, str(user.get("uid") or ""), tuple(user.get("groups") or ()), pod)
