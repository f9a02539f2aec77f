"""The Cluster that asks a real API server."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from titan_api import names
from titan_api.json_types import Json
from titan_kube.client import Client, Page
from titan_kube.credentials import Credentials
from titan_kube.errors import APIError, Conflict, Expired, NotFound, Rejected
from titan_kube.follow import Batch, follow
from titan_store.cluster.actors import MANAGER, KubernetesActor, path_of
from titan_store.cluster.answers import answered, refused
from titan_store.cluster.edges import FOLLOWED, GROUP, NODE, Actor, ApprovalPage
from titan_store.errors import BadRequest, Forbidden, StoreError, Unavailable

REQUEST_SECONDS = 5.0
_REASONS = {
    401: "its own credentials are not accepted",
    403: "its role must let it list and watch them in all namespaces",
    404: "the API server does not know them; Titan's definitions are not installed",
}
"""Why a kind cannot be followed."""


def open_client(credentials: Credentials) -> Client:
    """What the store asks may be asked twice: reviews change nothing, and its patches carry the resource version."""
    return Client(credentials, agent=names.STORE_SERVICE, request_seconds=REQUEST_SECONDS, resends=True)


@asynccontextmanager
async def open_cluster(credentials: Credentials) -> AsyncIterator["KubernetesCluster"]:
    """The edge with its session."""
    async with open_client(credentials) as client:
        yield KubernetesCluster(client)


class KubernetesCluster:
    """Implements ``edges.Cluster``."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def namespaces(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async for page in self._pages("/api/v1/namespaces"):
            found |= {item["metadata"]["uid"]: item["metadata"]["name"] for item in page.items}
        return found

    async def jobs(self, namespace: str) -> AsyncIterator[str]:
        async for page in self._pages(path_of(names.KIND_JOB, namespace)):
            yield json.dumps(page.items)

    async def approvals(self, namespace: str, limit: int, following: str) -> ApprovalPage:
        try:
            path = path_of(names.KIND_APPROVAL, namespace)
            page = await self._client.page(path, limit=limit, continuation=following)
        except (Rejected, Expired) as error:
            raise BadRequest(
                "The API server did not give out this value of the parameter continue, or it has expired."
            ) from error
        except APIError as error:
            raise refused(error) from error
        return ApprovalPage(page.items, page.continuation)

    async def decide(self, namespace: str, name: str, decisions: list[Json], version: str) -> Json | None:
        path = path_of(names.KIND_APPROVAL, namespace, name)
        body = {"metadata": {"resourceVersion": version}, "spec": {"decisions": decisions}}
        request = self._client.patch(path, body, MANAGER)
        return await answered(request, NotFound, Conflict, translate=_refuse_decision)

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        return await answered(self._client.get(path_of(kind, namespace, name)), NotFound)

    async def events(self, namespace: str, kind: str, name: str) -> list[Json]:
        selector = f"involvedObject.kind={kind},involvedObject.name={name}"
        return await self._find(f"/api/v1/namespaces/{namespace}/events", {"fieldSelector": selector})

    async def pods(self, namespace: str, labels: str) -> list[Json]:
        return await self._find(f"/api/v1/namespaces/{namespace}/pods", {"labelSelector": labels})

    async def _find(self, path: str, query: dict[str, str]) -> list[Json]:
        """The first page is enough: nobody reads more."""
        try:
            return (await self._client.page(path, query)).items
        except APIError as error:
            sentence = f"The API server answered {error.code} to the store's {error.request}: {error.words}."
            raise (Unavailable(sentence) if error.code else refused(error)) from error

    def acting_as(self, token: str | None) -> Actor:
        return KubernetesActor(self._client if token is None else self._client.acting_as(token))

    async def follow(self, kind: str) -> AsyncIterator[Batch]:
        plural = FOLLOWED[kind]
        try:
            async for batch in follow(self._client, f"{'/api/v1' if kind == NODE else GROUP}/{plural}"):
                yield batch
        except Expired as error:
            raise Unavailable(
                f"The API server has forgotten since when {plural} were watched: {error.words}."
            ) from error
        except APIError as error:
            said = f"the API server answered {error.code}: {error.words}" if error.code else error.words
            reason = _REASONS.get(error.code, said)
            raise Unavailable(f"The store cannot see the cluster's {plural}: {reason}.") from error

    async def _pages(self, path: str) -> AsyncIterator[Page]:
        try:
            async for page in self._client.pages(path):
                yield page
        except APIError as error:
            raise refused(error) from error


def _refuse_decision(error: APIError) -> StoreError:
    if error.code in (403, 422):
        return Forbidden(f"The API server refuses the decision: {error.words}")
    return refused(error)
