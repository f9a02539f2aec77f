"""Watching Deployments, Services and pods, and carrying out what is planned for them."""

import asyncio
import logging
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import assert_never

from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.errors import AlreadyExists, APIError, Conflict, NotFound
from titan_kube.informer import Handler, inform
from titan_local.controllers import deployments
from titan_local.controllers.endpoints import build_endpoints

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
DEPLOYMENTS, SERVICES = "/apis/apps/v1/deployments", "/api/v1/services"
PODS = f"/api/v1/pods?labelSelector={deployments.HASH_LABEL}"
"""Only pods of Deployments: the pods of ordinary jobs come and go without waking anybody here."""
GONE = (NotFound, Conflict)
"""What is gone, or has changed, comes as an event soon."""


class Controllers:
    """After any change everything is planned again, since there are few services."""

    def __init__(self, kube: Client) -> None:
        self._kube = kube
        self._deployments: dict[str, Json] = {}
        self._services: dict[str, Json] = {}
        self._pods: dict[str, Json] = {}
        self._endpoints: dict[str, Json] = {}
        """What was written last, by uid of the Service."""
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """For ever; nothing is decided before everything was listed once."""
        watched = {DEPLOYMENTS: self._deployments, SERVICES: self._services, PODS: self._pods}
        synced = {path: asyncio.Event() for path in watched}
        async with asyncio.TaskGroup() as tasks:
            for path, objects in watched.items():
                tasks.create_task(inform(self._kube, path, self._keeping(objects), synced=synced[path]))
            for event in synced.values():
                await event.wait()
            while True:
                self._changed.clear()
                is_done = await self._pass()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), None if is_done else RETRY_SECONDS)

    def _keeping(self, objects: dict[str, Json]) -> Handler:
        def handle(kind: str, obj: Json) -> None:
            uid = obj["metadata"]["uid"]
            if kind == "DELETED":
                objects.pop(uid, None)
            elif _is_newer(obj, objects.get(uid)):
                objects[uid] = obj
            self._changed.set()

        return handle

    async def _pass(self) -> bool:
        """Look at everything; whether all that was planned could be done."""
        try:
            for deployment in list(self._deployments.values()):
                uid = deployment["metadata"]["uid"]
                own = [pod for pod in self._pods.values() if _owner_uid(pod) == uid]
                for decision in deployments.plan_deployment(deployment, own, datetime.now(UTC), _draw):
                    await self._execute(decision)
            for service in list(self._services.values()):
                await self._renew_endpoints(service)
        except APIError as error:
            log.warning("tried again in %.0f s: %r", RETRY_SECONDS, error)
            return False
        for gone in self._endpoints.keys() - self._services.keys():
            del self._endpoints[gone]
        return True

    async def _execute(self, decision: deployments.Decision) -> None:
        """Answers enter our picture at once: the next pass must not create the same pod again."""
        match decision:
            case deployments.CreatePod(deployment, pod):
                created = await self._kube.create(f"{_folder(deployment)}/pods", pod)
                self._pods[created["metadata"]["uid"]] = created
            case deployments.DeletePod(pod):
                await self._delete(pod)
            case deployments.WriteStatus(deployment, status):
                path = f"/apis/apps/v1/namespaces/{deployment['metadata']['namespace']}/deployments"
                body = {"metadata": {"uid": deployment["metadata"]["uid"]}, "status": status}
                with suppress(*GONE):
                    written = await self._kube.patch(f"{path}/{deployment['metadata']['name']}/status", body)
                    if written["metadata"]["uid"] in self._deployments:
                        self._deployments[written["metadata"]["uid"]] = written
            case _:
                assert_never(decision)

    async def _delete(self, pod: Json) -> None:
        metadata = pod["metadata"]
        with suppress(*GONE):
            path = f"{_folder(pod)}/pods/{metadata['name']}"
            await self._kube.delete(path, preconditions={"uid": metadata["uid"]})

    async def _renew_endpoints(self, service: Json) -> None:
        wanted = build_endpoints(service, self._pods.values())
        uid = service["metadata"]["uid"]
        if wanted is None or self._endpoints.get(uid) == wanted:
            return
        path = f"{_folder(service)}/endpoints"
        try:
            await self._kube.create(path, wanted)
        except AlreadyExists:
            await self._kube.patch(f"{path}/{wanted['metadata']['name']}", wanted)
        self._endpoints[uid] = wanted


def _folder(obj: Json) -> str:
    return f"/api/v1/namespaces/{obj['metadata']['namespace']}"


def _owner_uid(pod: Json) -> str:
    owners = pod["metadata"].get("ownerReferences") or []
    return next((str(owner["uid"]) for owner in owners if owner.get("controller")), "")


def _is_newer(obj: Json, known: Json | None) -> bool:
    return known is None or int(obj["metadata"]["resourceVersion"]) >= int(known["metadata"]["resourceVersion"])


def _draw() -> str:
    return "".join(secrets.choice(SUFFIX_ALPHABET) for _ in range(5))
