"""Who the pods and people of a namespace are: ServiceAccounts titan-job and titan-client, and what they may do.

They are made once per namespace, when the operator starts, when a namespace appears, and before a first pod.
What exists is left as it is, because an administrator may have changed it on purpose; but for the annotation that tells
people where the store is, which follows the operator's settings.
"""

import asyncio
import logging
from collections.abc import Iterable

from titan_api import names
from titan_kube.errors import AlreadyExists, APIError
from titan_operator.cluster.gateway import Gateway
from titan_operator.errors import NotLeading

log = logging.getLogger(__name__)

ACCOUNTS = (names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT)
FOREIGN_PREFIX = "kube-"
"""Namespaces of Kubernetes itself."""
RBAC_GROUP = "rbac.authorization.k8s.io"


class Accounts:
    """Remembers which namespaces are done; many callers for one namespace share one try."""

    def __init__(self, gateway: Gateway, store_service: str = "") -> None:
        self._gateway = gateway
        self._store_service = store_service
        self._done: set[str] = set()
        self._owed: dict[str, None] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def ensure(self, namespace: str) -> None:
        """Both accounts and their bindings are there after this. Raises APIError."""
        if namespace in self._done or namespace.startswith(FOREIGN_PREFIX):
            return
        async with self._locks.setdefault(namespace, asyncio.Lock()):
            if namespace in self._done:
                return
            for account in ACCOUNTS:
                # First the role, so that whoever finds the account finds it with its rights.
                await self._create("RoleBinding", namespace, _binding(account, namespace))
                await self._ensure_account(namespace, account)
            self._done.add(namespace)

    async def ensure_all(self, namespaces: Iterable[str]) -> None:
        """As ``ensure``, for namespaces that have no job yet, and for those where it has failed before.

        An operator that does not lead does this when it becomes the leader.
        """
        self._owed.update(dict.fromkeys(namespaces))
        for namespace in list(self._owed):
            try:
                await self.ensure(namespace)
            except NotLeading:
                return
            except APIError as error:
                log.info("the accounts of namespace %s are not there yet: %s", namespace, error)
            else:
                self._owed.pop(namespace, None)

    def forget(self, namespace: str) -> None:
        """Check the namespace again next time."""
        self._done.discard(namespace)
        self._owed.pop(namespace, None)
        self._locks.pop(namespace, None)

    async def _ensure_account(self, namespace: str, name: str) -> None:
        notes: dict[str, str] = {}
        if self._store_service and name == names.SERVICE_ACCOUNT_CLIENT:
            notes = {names.ANNOTATION_STORE_SERVICE: self._store_service}
        body: dict[str, object] = {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": _meta(name) | {"annotations": notes},
        }
        is_new = await self._create("ServiceAccount", namespace, body)
        if is_new or not notes:
            return
        found = await self._gateway.get("ServiceAccount", namespace, name)
        if notes.items() <= (found["metadata"].get("annotations") or {}).items():
            return
        await self._gateway.patch("ServiceAccount", namespace, name, {"metadata": {"annotations": notes}})

    async def _create(self, kind: str, namespace: str, body: dict[str, object]) -> bool:
        """Whether it was not there before."""
        try:
            await self._gateway.create(kind, namespace, body)
        except AlreadyExists:
            log.debug("%s exists in namespace %s", kind, namespace)
            return False
        return True


def _binding(name: str, namespace: str) -> dict[str, object]:
    return {
        "apiVersion": f"{RBAC_GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": _meta(name),
        "roleRef": {"apiGroup": RBAC_GROUP, "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }


def _meta(name: str) -> dict[str, object]:
    return {"name": name, "labels": {names.LABEL_MANAGED_BY: names.MANAGED_BY}}
