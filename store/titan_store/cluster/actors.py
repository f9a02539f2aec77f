"""The Actor that writes to a real API server."""

from collections.abc import Awaitable

from titan_api import names
from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.errors import AlreadyExists, APIError, Conflict, NotFound
from titan_store.cluster.answers import answered, refused
from titan_store.cluster.edges import FOLLOWED, GROUP
from titan_store.errors import Forbidden, StoreError, Unauthenticated

MANAGER = {"fieldManager": names.STORE_SERVICE}


class KubernetesActor:
    """Implements ``edges.Actor``."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def _told(self, request: Awaitable[Json], *missing: type[APIError]) -> Json | None:
        return await answered(request, *missing, translate=_translate)

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        return await self._told(self._client.get(path_of(kind, namespace, name)), NotFound)

    async def jobs_of(self, namespace: str, dag: str) -> list[Json]:
        query = {"labelSelector": f"{names.LABEL_DAG}={names.label_value(dag)}"}
        try:
            pages = [page async for page in self._client.pages(path_of(names.KIND_JOB, namespace), query)]
        except APIError as error:
            raise _translate(error) from error
        return [job for page in pages for job in page.items if job["spec"].get("dag") == dag]

    async def change(self, kind: str, namespace: str, name: str, patch: Json) -> Json | None:
        return await self._told(self._client.patch(path_of(kind, namespace, name), patch, MANAGER), NotFound, Conflict)

    async def create(self, namespace: str, manifest: Json) -> Json | None:
        path = path_of(manifest["kind"], namespace)
        return await self._told(self._client.create(path, manifest, MANAGER), AlreadyExists, Conflict)

    async def delete(self, kind: str, namespace: str, name: str, uid: str) -> None:
        path = path_of(kind, namespace, name)
        await self._told(self._client.delete(path, preconditions={"uid": uid}), NotFound, Conflict)


def _translate(error: APIError) -> StoreError:
    if error.code == 401:
        return Unauthenticated("The API server no longer accepts your token; sign in again.")
    if error.code in (403, 422):
        return Forbidden(f"The API server refuses the change: {error.words}")
    return refused(error)


def path_of(kind: str, namespace: str, name: str = "") -> str:
    """Where one of Titan's kinds, or one object of it, is served."""
    path = f"{GROUP}/namespaces/{namespace}/{FOLLOWED[kind]}"
    return f"{path}/{name}" if name else path
