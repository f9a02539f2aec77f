"""Who the pods and people of a namespace are: ServiceAccounts titan-job and titan-client, and what they may do.

They are made once per namespace, when the operator starts, when a namespace appears, and before a first pod.
What exists is left as it is: an administrator may have changed it on purpose.
"""

import asyncio
import logging
from collections.abc import Iterable

from titan_operator.errors import AlreadyExists, APIError
from titan_operator.gateway import Gateway
from titan_sdk.api import names

log = logging.getLogger(__name__)

ACCOUNTS = (names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT)
FOREIGN_PREFIX = "kube-"
"""Namespaces of Kubernetes itself."""
RBAC_GROUP = "rbac.authorization.k8s.io"


class Accounts:
    """Remembers which namespaces are done; many callers for one namespace share one try."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._done: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}

    async def ensure(self, namespace: str) -> None:
        """Both accounts and their bindings are there after this. Raises APIError."""
        if namespace in self._done or namespace.startswith(FOREIGN_PREFIX):
            return
        async with self._locks.setdefault(namespace, asyncio.Lock()):
            if namespace in self._done:
                return
            for account in ACCOUNTS:
                await self._create("ServiceAccount", namespace, _account(account))
                await self._create("RoleBinding", namespace, _binding(account, namespace))
            self._done.add(namespace)

    async def ensure_all(self, namespaces: Iterable[str]) -> None:
        """As ``ensure``, for namespaces that have no job yet: what fails is tried again before their first pod."""
        for namespace in namespaces:
            try:
                await self.ensure(namespace)
            except APIError as error:
                log.info("the accounts of namespace %s are not there yet: %s", namespace, error)

    def forget(self, namespace: str) -> None:
        """Look again the next time."""
        self._done.discard(namespace)
        self._locks.pop(namespace, None)

    async def _create(self, kind: str, namespace: str, body: dict[str, object]) -> None:
        try:
            await self._gateway.create(kind, namespace, body)
        except AlreadyExists:
            log.debug("%s exists in namespace %s", kind, namespace)


def _account(name: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(name)}


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
