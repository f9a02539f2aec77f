"""Carries out what a planner decided. Every write is fenced, and may be repeated.

Status writes carry the resourceVersion of what was observed, deletes carry uid and resourceVersion, children have
deterministic names. After a write of unknown fate the object is read again before the next plan.
"""

from dataclasses import dataclass
from typing import assert_never

from titan_api import names
from titan_api.json_types import Raw
from titan_kube.errors import AlreadyExists, Conflict, Forbidden, NotFound, Rejected, Unavailable
from titan_operator import records
from titan_operator.clocks import Clock
from titan_operator.cluster.accounts import Accounts
from titan_operator.cluster.gateway import Gateway
from titan_operator.plan import decisions
from titan_operator.records.parsing import parse_meta
from titan_operator.records.rendering import render_status
from titan_operator.state.cache import WATCHED_KINDS, Cache
from titan_operator.watching.informer import Informer


@dataclass(frozen=True)
class Refusal:
    """The job can never run, and why."""

    reason: str
    message: str


class Executor:
    """The only part of the operator that writes to Titan's objects and pods."""

    def __init__(self, gateway: Gateway, cache: Cache, informer: Informer, accounts: Accounts, clock: Clock) -> None:
        self._gateway = gateway
        self._cache = cache
        self._informer = informer
        self._accounts = accounts
        self._clock = clock
        self._doubted: set[records.Key] = set()

    async def execute(self, action: decisions.Action, job: records.JobRecord) -> Refusal | None:
        """Carry out one action for a job. Raises APIError if it should be retried."""
        match action:
            case decisions.CreatePod(manifest):
                return await self._create_pod(job, manifest)
            case decisions.CreateApproval(manifest):
                return await self._create_child(names.KIND_APPROVAL, job, manifest)
            case decisions.DeletePod():
                await self._delete_pod(job, action)
            case decisions.CreateServing(service, deployment):
                await self._accounts.ensure(job.meta.namespace)
                refusal = await self._create_child(records.KIND_SERVICE, job, service)
                return refusal or await self._create_child(records.KIND_DEPLOYMENT, job, deployment)
            case decisions.RemoveServing(name):
                # The Deployment goes last: as long as it is there, the removal is planned again.
                await self._remove_child(records.KIND_SERVICE, job, name)
                await self._remove_child(records.KIND_DEPLOYMENT, job, name)
            case decisions.AdoptJob():
                await self._adopt_job(job, action)
            case decisions.Expire():
                await self.expire(job)
            case _:
                assert_never(action)
        return None

    async def write_status(
        self,
        record: records.DAGRecord | records.JobRecord | records.ApprovalRecord,
        status: records.DAGStatus | records.JobStatus | records.ApprovalStatus,
    ) -> None:
        """Replace the status of an object that is still as it was observed."""
        key = record.key
        meta = {"resourceVersion": str(record.meta.resource_version)}
        body = {"metadata": meta, "status": render_status(record, status)}
        try:
            raw = await self._gateway.patch(key.kind, key.namespace, key.name, body, subresource="status")
        except NotFound:
            self._informer.remove(key, record.meta.uid)
            return
        except (Conflict, Unavailable):
            self._doubted.add(key)
            raise
        if isinstance(record, records.DAGRecord):
            self._cache.expectations.wrote_dag(record.meta.uid, self._clock.now())
        self._informer.receive(key.kind, raw)

    def is_in_doubt(self, key: records.Key) -> bool:
        """Whether the cached view may be older than our own last write."""
        return key in self._doubted

    async def refresh(self, key: records.Key) -> None:
        """Read an object again."""
        try:
            raw = await self._gateway.get(key.kind, key.namespace, key.name)
        except NotFound:
            uid = self._cache.uid(key)
            if uid is not None:
                self._informer.remove(key, uid)
        else:
            self._informer.receive(key.kind, raw)
        self._doubted.discard(key)

    async def _create_pod(self, job: records.JobRecord, manifest: Raw) -> Refusal | None:
        await self._accounts.ensure(job.meta.namespace)
        try:
            refusal = await self._create_child(records.KIND_POD, job, manifest)
        except Unavailable:
            self._cache.expectations.doubt(job.meta.uid)
            raise
        except Forbidden:
            # Perhaps somebody deleted the pod's ServiceAccount; quota and Pod Security pass or stay as they are.
            self._accounts.forget(job.meta.namespace)
            raise
        if refusal is None:
            self._cache.expectations.settle_doubt(job.meta.uid)
        return refusal

    async def _create_child(self, kind: str, job: records.JobRecord, manifest: Raw) -> Refusal | None:
        namespace, name = job.meta.namespace, manifest["metadata"]["name"]
        try:
            raw = await self._gateway.create(kind, namespace, manifest)
        except AlreadyExists:
            return await self._adopt_child(kind, job, name)
        except Rejected as error:
            return Refusal(names.REASON_REJECTED_BY_API, f"the API server refuses the {kind}: {error.words}")
        self._receive(kind, raw)
        return None

    async def _adopt_child(self, kind: str, job: records.JobRecord, name: str) -> Refusal | None:
        """An object of our name is ours if the job owns it: an earlier try was committed."""
        try:
            raw = await self._gateway.get(kind, job.meta.namespace, name)
        except NotFound as error:
            raise Conflict(f"the {kind} {name} has just gone") from error
        meta = parse_meta(raw)
        if meta.owner_uid == job.meta.uid:
            self._receive(kind, raw)
            return None
        if meta.deleting or meta.labels.get(names.LABEL_JOB) == names.label_value(job.meta.name):
            raise Conflict(f"the {kind} {name} of a former TitanJob {job.meta.name} is still there")
        return Refusal(names.REASON_NAME_TAKEN, f'a {kind} "{name}" exists and belongs to somebody else')

    def _receive(self, kind: str, raw: Raw) -> None:
        if kind in WATCHED_KINDS:
            self._informer.receive(kind, raw)

    async def _remove_child(self, kind: str, job: records.JobRecord, name: str) -> None:
        """Delete what the job owns, as it is now; somebody else's object of that name is left alone."""
        try:
            raw = await self._gateway.get(kind, job.meta.namespace, name)
            meta = parse_meta(raw)
            if meta.owner_uid == job.meta.uid and not meta.deleting:
                await self._gateway.delete(kind, job.meta.namespace, name, {"uid": meta.uid})
        except NotFound:
            uid = self._cache.uid(records.Key(kind, job.meta.namespace, name))
            if uid is not None:
                self._informer.remove(records.Key(kind, job.meta.namespace, name), uid)

    async def expire(self, record: records.DAGRecord | records.JobRecord) -> None:
        """Delete a DAG or a job that stands alone, as it was seen; the garbage collector takes what it owns."""
        await self._delete(record.key, record.meta.uid, record.meta.resource_version)

    async def _delete_pod(self, job: records.JobRecord, action: decisions.DeletePod) -> None:
        await self._delete(
            records.Key(records.KIND_POD, job.meta.namespace, action.name), action.uid, action.resource_version
        )

    async def _delete(self, key: records.Key, uid: str, resource_version: int) -> None:
        preconditions = {"uid": uid, "resourceVersion": str(resource_version)}
        try:
            raw = await self._gateway.delete(key.kind, key.namespace, key.name, preconditions)
        except NotFound:
            self._informer.remove(key, uid)
        except Conflict:
            await self.refresh(key)
            raise
        else:
            if raw.get("kind") == key.kind:
                self._informer.receive(key.kind, raw)

    async def _adopt_job(self, job: records.JobRecord, action: decisions.AdoptJob) -> None:
        """Owners and labels are merged into those of the moment, which the cache does not hold."""
        key = job.key
        raw = await self._gateway.get(key.kind, key.namespace, key.name)
        meta = raw["metadata"]
        if meta["uid"] == job.meta.uid:
            patch = {"resourceVersion": meta["resourceVersion"], "labels": action.labels}
            if action.owner is not None:
                patch["ownerReferences"] = [*(meta.get("ownerReferences") or []), action.owner]
            raw = await self._gateway.patch(key.kind, key.namespace, key.name, {"metadata": patch})
        self._informer.receive(key.kind, raw)
