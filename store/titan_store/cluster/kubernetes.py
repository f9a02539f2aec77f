"""The Cluster that asks a real API server."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from titan_api import names
from titan_store.auth.clients import ApiClient, Json, open_client, refused
from titan_store.auth.kubeconfigs import Access
from titan_store.cluster.actors import KubernetesActor
from titan_store.cluster.edges import FOLLOWED, Actor, ApprovalPage, Batch
from titan_store.cluster.watches import GROUP, PAGE, follow
from titan_store.errors import BadRequest, Forbidden, Unavailable


@asynccontextmanager
async def open_cluster(access: Access) -> AsyncIterator["KubernetesCluster"]:
    """The edge with its session."""
    async with open_client(access) as client:
        yield KubernetesCluster(client)


class KubernetesCluster:
    """Implements ``edges.Cluster``."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def namespaces(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async for page in self._pages("/api/v1/namespaces"):
            found |= {item["metadata"]["uid"]: item["metadata"]["name"] for item in page["items"]}
        return found

    async def jobs(self, namespace: str) -> AsyncIterator[str]:
        async for page in self._pages(f"{GROUP}/namespaces/{namespace}/{names.PLURAL_JOBS}"):
            yield json.dumps(page["items"])

    async def approvals(self, namespace: str, limit: int, following: str) -> ApprovalPage:
        path = _path(namespace)
        query = {"limit": str(limit)} | ({"continue": following} if following else {})
        code, answer = await self._client.request("GET", path, query=query)
        if code in (400, 410):
            raise BadRequest("The API server did not give out this value of the parameter continue, or it has expired.")
        if code != 200:
            raise refused(code, answer, f"GET {path}")
        return ApprovalPage(list(answer["items"]), str(answer["metadata"].get("continue") or ""))

    async def decide(self, namespace: str, name: str, decisions: list[Json], version: str) -> Json | None:
        path = _path(namespace, name)
        body = {"metadata": {"resourceVersion": version}, "spec": {"decisions": decisions}}
        code, answer = await self._client.request("PATCH", path, body, {"fieldManager": names.STORE_SERVICE})
        if code in (404, 409):
            return None
        if code in (403, 422):
            raise Forbidden(f"The API server refuses the decision: {answer.get('message')}")
        if code != 200:
            raise refused(code, answer, f"PATCH {path}")
        return answer

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        return await self._client.get(f"{GROUP}/namespaces/{namespace}/{FOLLOWED[kind]}/{name}")

    async def events(self, namespace: str, kind: str, name: str) -> list[Json]:
        selector = f"involvedObject.kind={kind},involvedObject.name={name}"
        return await self._find(f"/api/v1/namespaces/{namespace}/events", {"fieldSelector": selector})

    async def pods(self, namespace: str, labels: str) -> list[Json]:
        return await self._find(f"/api/v1/namespaces/{namespace}/pods", {"labelSelector": labels})

    async def _find(self, path: str, query: Mapping[str, str]) -> list[Json]:
        """The first page is enough: nobody reads more."""
        code, answer = await self._client.request("GET", path, query={**query, "limit": str(PAGE)})
        if code != 200:
            raise Unavailable(f"The API server answered {code} to the store's GET {path}: {answer.get('message')}.")
        return list(answer["items"])

    def acting_as(self, token: str | None) -> Actor:
        return KubernetesActor(self._client if token is None else self._client.acting_as(token))

    async def follow(self, kind: str) -> AsyncIterator[Batch]:
        async for batch in follow(self._client, FOLLOWED[kind]):
            yield batch

    async def _pages(self, path: str) -> AsyncIterator[Json]:
        following = ""
        while True:
            query = {"limit": str(PAGE)} | ({"continue": following} if following else {})
            page = await self._client.get(path, query)
            if page is None:
                raise Unavailable(f"The API server does not know {path}.")
            yield page
            following = str(page["metadata"].get("continue") or "")
            if not following:
                return


def _path(namespace: str, name: str = "") -> str:
    path = f"{GROUP}/namespaces/{namespace}/{names.PLURAL_APPROVALS}"
    return f"{path}/{name}" if name else path
