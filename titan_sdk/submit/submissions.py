"""Submitting: check everything, bring the sources to the store, create the TitanDAG and then its TitanJobs.

A parent of an earlier DAG is looked up once, at submission, and from then on meant by its uid: whatever is submitted
later under the same id does not change what was asked for.

Nothing runs before all of a DAG's jobs are there (docs/adr/0002), so a submission that breaks off harms nobody;
it removes its TitanDAG, and the API server removes the TitanJobs with it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from typing import Optional

from titan_api import names
from titan_api.defaults import MOST_JOBS
from titan_api.json_types import Json
from titan_api.times import format_time
from titan_sdk import checks
from titan_sdk.accepted import Accepted
from titan_sdk.cluster.kube import Kube
from titan_sdk.connections import Connections
from titan_sdk.data.files import Files
from titan_sdk.errors import TitanConflict, TitanError
from titan_sdk.runs.lookups import find_job
from titan_sdk.submit.graphs import Graph, link_parents
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Owner, Parent, Stamp, Submission, build_dag, build_job
from titan_sdk.submit.payloads import publish
from titan_sdk.submit.settings import DagSettings

Find = Callable[[str], Optional[Json]]
"""The newest TitanJob of an id, or None."""
PARALLEL_CREATES = 8
NAME_DRAWS = 5
"""Two of 14 million suffixes being equal is bad luck; five times in a row is something else."""


def submit_dag(
    connections: Connections,
    name: str,
    jobs: Sequence[TitanJob],
    settings: DagSettings,
    uploaded: Mapping[str, str] | None = None,
) -> Accepted:
    """Submit linked jobs as one DAG. Raises ValueError before anything is created, then TitanError."""
    planned = plan_dag(name, jobs)
    kube, stamp = connections.kube(), new_stamp(connections.identity().name)
    return create_dag(kube, name, prepare(connections, planned, uploaded), settings, stamp)


def submit_job(connections: Connections, job: TitanJob) -> Accepted:
    """Submit a job that stands alone: each of its parents belongs to an earlier submission. Raises as ``submit_dag``."""
    if not isinstance(job, TitanJob):
        raise ValueError(f"submit_job takes a TitanJob, not {type(job).__name__}")
    planned = plan("submit_job", [job])
    kube, stamp = connections.kube(), new_stamp(connections.identity().name)
    (ready,) = prepare(connections, planned)
    created = create_under_new_name(
        kube,
        names.PLURAL_JOBS,
        stamp,
        lambda suffix: build_job(names.standalone_job_name(job.job_id, suffix), ready, None, stamp),
    )
    return Accepted(created["metadata"]["name"], [job.job_id], kube.namespace, is_dag=False)


def plan_dag(name: str, jobs: Sequence[TitanJob]) -> list[Submission]:
    """Everything that can be wrong before anything is sent. Raises ValueError."""
    checks.check_name("the name of a DAG", name)
    return plan(f"DAG {name!r}", list(jobs))


def plan(what: str, jobs: Sequence[TitanJob], present: Graph = ()) -> list[Submission]:
    """The jobs with their parents by id. Raises ValueError for what is no job, and for a graph that cannot run.

    ``present``: jobs that the DAG has already, with their parents.
    """
    for job in jobs:
        if not isinstance(job, TitanJob):
            raise ValueError(f"{what}: jobs must be TitanJobs, not {type(job).__name__}")
    if len(present) + len(jobs) > MOST_JOBS:
        raise ValueError(f"{what} has {len(present) + len(jobs)} jobs; at most {MOST_JOBS} are possible")
    parents = link_parents([(job.job_id, job.parents) for job in jobs], present)
    return [Submission(job, tuple(map(Parent, parents[job.job_id]))) for job in jobs]


def prepare(
    connections: Connections,
    planned: Sequence[Submission],
    uploaded: Mapping[str, str] | None = None,
    present: Collection[str] = (),
) -> list[Submission]:
    """The submissions as they can be created. Asks cluster and store only for what lies outside of them.

    ``uploaded``: digests of archives by name, where they are known; others are looked up in the store.
    ``present``: ids of jobs that the DAG has already.
    """
    pinned = pin_parents(planned, lambda job_id: find_job(connections.kube(), job_id), present)
    return publish(pinned, lambda: Files(connections.store()), uploaded)


def pin_parents(planned: Sequence[Submission], find: Find, present: Collection[str] = ()) -> list[Submission]:
    """The submissions with parents of earlier DAGs pinned. Raises ValueError for one that is nowhere, TitanError."""
    ids = {one.job.job_id for one in planned} | set(present)
    pinned: dict[str, Parent] = {}
    for one in planned:
        for parent in one.parents:
            if parent.job_id not in ids and parent.job_id not in pinned:
                pinned[parent.job_id] = _pin(one.job.job_id, parent.job_id, find(parent.job_id))
    return [replace(one, parents=tuple(pinned.get(parent.job_id, parent) for parent in one.parents)) for one in planned]


def _pin(job_id: str, parent: str, raw: Json | None) -> Parent:
    if raw is None:
        raise ValueError(f"job {job_id!r} has the parent {parent!r}, which is no job of this DAG and of no earlier one")
    return Parent(raw["spec"]["jobID"], raw["metadata"]["name"], raw["metadata"]["uid"])


def new_stamp(requested_by: str) -> Stamp:
    """The mark of one call, drawn once, so that a repetition of its requests is recognised."""
    return Stamp(f"{format_time(datetime.now(timezone.utc))} {secrets.token_hex(8)}", requested_by)


def create_dag(
    kube: Kube, name: str, submissions: Sequence[Submission], settings: DagSettings, stamp: Stamp
) -> Accepted:
    """Create a TitanDAG and its TitanJobs, all or nothing. Raises TitanError."""
    created = create_under_new_name(
        kube,
        names.PLURAL_DAGS,
        stamp,
        lambda suffix: build_dag(names.dag_name(name, suffix), name, len(submissions), settings, stamp),
    )
    owner = Owner(created["metadata"]["name"], created["metadata"]["uid"])
    create_all_or_nothing(kube, build_jobs(submissions, owner, stamp), owner)
    return Accepted(owner.name, [one.job.job_id for one in submissions], kube.namespace, is_dag=True)


def create_all_or_nothing(kube: Kube, manifests: Sequence[Json], owner: Owner) -> None:
    """Create the TitanJobs of a new TitanDAG, or remove it: without them it never starts, and nobody wants it."""
    try:
        create_jobs(kube, manifests, owner)
    except BaseException:
        # If the API server is away the TitanDAG stays; without its jobs it ends by itself.
        with contextlib.suppress(TitanError):
            kube.delete(names.PLURAL_DAGS, owner.name, owner.uid)
        raise


def create_under_new_name(kube: Kube, plural: str, stamp: Stamp, build: Callable[[str], Json]) -> Json:
    """Create an object whose name ends in a suffix that is drawn here; another one is drawn if it is taken."""
    for _ in range(NAME_DRAWS):
        manifest = build(draw_suffix())
        try:
            return kube.create(plural, manifest)
        except TitanConflict:
            existing = kube.get(plural, manifest["metadata"]["name"])
        annotations = existing["metadata"].get("annotations") or {}
        if annotations.get(names.ANNOTATION_SUBMITTED) == stamp.submitted:
            # An earlier try of this very call was carried out, but its answer got lost.
            return existing
    raise TitanConflict(f"no free name was found for {manifest['metadata']['name']!r}")


def build_jobs(submissions: Sequence[Submission], owner: Owner, stamp: Stamp | None) -> list[Json]:
    """The TitanJobs of a DAG."""
    return [build_job(names.job_name(owner.name, one.job.job_id), one, owner, stamp) for one in submissions]


def draw_suffix() -> str:
    """What tells the names of equal submissions apart."""
    return "".join(secrets.choice(names.SUFFIX_ALPHABET) for _ in range(names.SUFFIX_LENGTH))


def create_jobs(kube: Kube, manifests: Sequence[Json], owner: Owner) -> None:
    """Create the TitanJobs of a DAG, several at a time. Raises the first error."""
    if len(manifests) == 1:
        _create_job(kube, manifests[0], owner)
        return
    with ThreadPoolExecutor(PARALLEL_CREATES, thread_name_prefix="titan-submit") as pool:
        try:
            for future in [pool.submit(_create_job, kube, manifest, owner) for manifest in manifests]:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _create_job(kube: Kube, manifest: Json, owner: Owner) -> None:
    try:
        kube.create(names.PLURAL_JOBS, manifest)
    except TitanConflict:
        existing = kube.get(names.PLURAL_JOBS, manifest["metadata"]["name"])
        owners = {reference["uid"] for reference in existing["metadata"].get("ownerReferences") or ()}
        if owner.uid not in owners or existing["spec"]["jobID"] != manifest["spec"]["jobID"]:
            raise
