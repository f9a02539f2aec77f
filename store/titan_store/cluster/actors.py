"""The Actor that writes to a real API server."""

from titan_api import names
from titan_store.auth.clients import ApiClient, Json, refused
from titan_store.cluster.edges import FOLLOWED
from titan_store.cluster.watches import GROUP, PAGE
from titan_store.errors import Forbidden, StoreError, Unauthenticated

_MANAGER = {"fieldManager": names.STORE_SERVICE}


class KubernetesActor:
    """Implements ``edges.Actor``."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        return await self._ask("GET", _path(kind, namespace, name), missing=(404,))

    async def jobs_of(self, namespace: str, dag: str) -> list[Json]:
        found: list[Json] = []
        query = {"labelSelector": f"{names.LABEL_DAG}={names.label_value(dag)}", "limit": str(PAGE)}
        while True:
            page = await self._ask("GET", _path(names.KIND_JOB, namespace), query=query) or {}
            found += [job for job in page["items"] if job["spec"].get("dag") == dag]
            if not page["metadata"].get("continue"):
                return found
            query["continue"] = str(page["metadata"]["continue"])

    async def change(self, kind: str, namespace: str, name: str, patch: Json) -> Json | None:
        return await self._ask("PATCH", _path(kind, namespace, name), patch, _MANAGER, missing=(404, 409))

    async def create(self, namespace: str, manifest: Json) -> Json | None:
        return await self._ask("POST", _path(manifest["kind"], namespace), manifest, _MANAGER, missing=(409,))

    async def delete(self, kind: str, namespace: str, name: str, uid: str) -> None:
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": uid}}
        await self._ask("DELETE", _path(kind, namespace, name), body, missing=(404, 409))

    async def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: dict[str, str] | None = None,
        missing: tuple[int, ...] = (),
    ) -> Json | None:
        """The answer; None for the codes of ``missing``."""
        code, answer = await self._client.request(method, path, body, query)
        if code in missing:
            return None
        if code >= 400:
            raise _translate(code, answer, f"{method} {path}")
        return answer


def _translate(code: int, answer: Json, what: str) -> StoreError:
    if code == 401:
        return Unauthenticated("The API server no longer accepts your token; sign in again.")
    if code in (403, 422):
        return Forbidden(f"The API server refuses the change: {answer.get('message')}")
    return refused(code, answer, what)


def _path(kind: str, namespace: str, name: str = "") -> str:
    path = f"{GROUP}/namespaces/{namespace}/{FOLLOWED[kind]}"
    return f"{path}/{name}" if name else path
