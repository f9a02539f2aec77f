"""Services: jobs that run until somebody stops them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from titan_api import names
from titan_store.api import keys
from titan_store.api.http.models import Model
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.objects import require_cluster
from titan_store.api.views.documents import JobItem, to_job
from titan_store.api.views.queries import NamespaceQuery
from titan_store.cluster.edges import Cluster
from titan_store.views.cached.records import JobRecord

ASKED_AT_ONCE = 100
"""Uids in one label selector: it is a part of the address."""


class ServiceItem(Model):
    """A service."""

    job: JobItem
    ready: bool
    """Whether its port answers."""
    restarts: int
    """How often Kubernetes has restarted it."""


class ServiceList(Model):
    """The newest first."""

    items: list[ServiceItem]


@Declaration(
    "GET /v1/views/services",
    "List services that have not ended, of one namespace or of all that the viewer may see.",
    {200: Answer("All of them.", Content(JSON, ServiceList))},
    signed_in=True,
)
async def list_services(call: Call[NamespaceQuery]) -> web.Response:
    """Send those that have not ended. Only their pods know how often they were restarted."""
    namespaces = await call.app[keys.VISIBILITY].of(call.caller.identity, call.query.namespace, names.KIND_JOB)
    services = (await call.app[keys.VIEWS].ready()).services(namespaces)
    restarts = await _count_restarts(require_cluster(call), services)
    items = [ServiceItem(job=to_job(job), ready=job.answers, restarts=restarts[job.uid]) for job in services]
    return as_json(ServiceList(items=items))


async def _count_restarts(cluster: Cluster, services: Iterable[JobRecord]) -> Counter[str]:
    """By the uid of the job."""
    uids: dict[str, list[str]] = defaultdict(list)
    for job in services:
        uids[job.namespace].append(job.uid)
    questions = [
        cluster.pods(namespace, f"{names.LABEL_JOB_UID} in ({','.join(found[begin : begin + ASKED_AT_ONCE])})")
        for namespace, found in uids.items()
        for begin in range(0, len(found), ASKED_AT_ONCE)
    ]
    return sum_restarts(pod for pods in await asyncio.gather(*questions) for pod in pods)


def sum_restarts(pods: Iterable[dict[str, Any]]) -> Counter[str]:
    """Of all containers, by the uid of the job."""
    restarts: Counter[str] = Counter()
    for pod in pods:
        statuses = (pod.get("status") or {}).get("containerStatuses") or ()
        uid = pod["metadata"]["labels"][names.LABEL_JOB_UID]
        restarts[uid] += sum(status.get("restartCount") or 0 for status in statuses)
    return restarts


OPERATIONS = (list_services,)
