"""From the cluster's objects, as JSON, to records: pure functions.

Text that many records share (namespaces, DAGs, phases, times of creation, ids that are other jobs' parents) is kept once.
"""

from collections.abc import Callable, Mapping
from sys import intern

from titan_api import defaults, names
from titan_api.json_types import Json
from titan_api.verdicts import verdict_of
from titan_api.views import view_dag, view_job
from titan_store.cluster.edges import NODE
from titan_store.views.cached.records import (
    ConditionRecord,
    DagRecord,
    GateRecord,
    JobRecord,
    NodeRecord,
    Record,
    Taint,
)

LONGEST_STAMP = 64
"""The SDK's own has 44 characters."""


def read_job(raw: Json) -> JobRecord:
    """A TitanJob."""
    metadata, spec, status = raw["metadata"], raw["spec"], raw.get("status") or {}
    view = view_job(raw)
    said = status.get("conditions") or ()
    conditions = {found["type"]: found for found in said if found["status"] == "True"}
    held_by = conditions.get(names.CONDITION_WAITING) or {}
    return JobRecord(
        namespace=intern(metadata["namespace"]),
        name=view.name,
        uid=view.uid,
        job_id=intern(view.job_id),
        dag=_shared(view.dag),
        phase=intern(view.phase),
        created=intern(metadata.get("creationTimestamp") or ""),
        submitted=_submitted(metadata),
        attempt=view.attempt,
        node=_shared(view.node),
        requirement=intern(spec.get("requirement") or defaults.REQUIREMENT),
        priority=spec.get("priority", defaults.PRIORITY),
        is_service=view.is_service,
        ready=status.get("readyTime"),
        started=status.get("startTime"),
        completed=status.get("completionTime"),
        parents=tuple(map(intern, view.parents)),
        approval=_shared(view.approval),
        exit_code=view.exit_code,
        message=intern(view.message),
        suspended=view.suspended,
        cancelling=view.cancelling,
        address=view.address,
        delay_milliseconds=spec.get("delayMilliseconds") or 0,
        held_by=intern(held_by.get("reason") or ""),
        unplaced=any(found["type"] == names.CONDITION_SCHEDULED and found["status"] == "False" for found in said),
        answers=names.CONDITION_READY in conditions,
    )


def read_dag(raw: Json) -> DagRecord:
    """A TitanDAG."""
    metadata, spec, status = raw["metadata"], raw["spec"], raw.get("status") or {}
    view = view_dag(raw)
    return DagRecord(
        namespace=intern(view.namespace),
        name=intern(view.name),
        uid=metadata.get("uid", ""),
        display_name=intern(view.display_name),
        phase=intern(view.phase),
        created=intern(metadata.get("creationTimestamp") or ""),
        submitted=_submitted(metadata),
        progress=view.progress,
        counts=view.counts,
        waiting_approvals=view.waiting_approvals,
        started=status.get("startTime"),
        completed=status.get("completionTime") if view.completed else None,
        agent_run_id=_shared(view.agent_run_id),
        requested_by=_shared(spec.get("requestedBy")),
        message=view.message,
        run=view.run,
        suspended=view.suspended,
        cancelling=view.cancelling,
        max_parallel=view.max_parallel,
        workspace=(spec.get("workspace") or {}).get("mode") or defaults.WORKSPACE_MODE,
        ttl_seconds=spec.get("ttlSecondsAfterFinished", defaults.DAG_TTL_SECONDS),
        conditions=tuple(map(_condition, status.get("conditions") or ())),
        comments=(metadata.get("annotations") or {}).get(names.ANNOTATION_COMMENTS, ""),
    )


def read_gate(raw: Json) -> GateRecord:
    """A TitanApproval."""
    metadata, spec, status = raw["metadata"], raw["spec"], raw.get("status") or {}
    kept = {name: value for name, value in metadata.items() if name not in ("managedFields", "resourceVersion")}
    return GateRecord(
        namespace=intern(metadata["namespace"]),
        name=metadata["name"],
        uid=metadata.get("uid", ""),
        job=spec["subject"]["job"],
        dag=_shared(spec.get("dag")),
        phase=intern(verdict_of(raw)),
        created=metadata.get("creationTimestamp") or "",
        opened=status.get("openTime"),
        decided=status.get("decidedTime"),
        raw=raw | {"metadata": kept},
    )


def read_node(raw: Json) -> NodeRecord:
    """A Node."""
    metadata, spec, status = raw["metadata"], raw.get("spec") or {}, raw.get("status") or {}
    conditions = {found["type"]: found["status"] for found in status.get("conditions") or ()}
    return NodeRecord(
        name=metadata["name"],
        uid=metadata.get("uid", ""),
        is_ready=conditions.get("Ready") == "True",
        is_cordoned=bool(spec.get("unschedulable")),
        labels=metadata.get("labels") or {},
        taints=tuple(
            Taint(taint["key"], taint.get("value") or "", taint.get("effect") or "")
            for taint in spec.get("taints") or ()
        ),
        allocatable=status.get("allocatable") or status.get("capacity") or {},
    )


READERS: Mapping[str, Callable[[Json], Record]] = {
    names.KIND_DAG: read_dag,
    names.KIND_JOB: read_job,
    names.KIND_APPROVAL: read_gate,
    NODE: read_node,
}
"""By kind."""


def _condition(raw: Json) -> ConditionRecord:
    return ConditionRecord(
        intern(raw["type"]),
        intern(raw["status"]),
        intern(raw.get("reason") or ""),
        raw.get("message") or "",
        raw.get("lastTransitionTime"),
    )


def _submitted(metadata: Json) -> str:
    """Cut, because it is a part of ``continue``: a long one of somebody's would end everybody's list."""
    return intern((metadata.get("annotations") or {}).get(names.ANNOTATION_SUBMITTED, "")[:LONGEST_STAMP])


def _shared(text: str | None) -> str | None:
    return intern(text) if text is not None else None
