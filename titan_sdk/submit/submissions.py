"""Submitting: check everything, bring the sources to the store, create the TitanDAG and then its TitanJobs.

Nothing runs before all of a DAG's jobs are there (docs/adr/0002), so a submission that breaks off harms nobody;
it removes its TitanDAG, and the API server removes the TitanJobs with it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

from titan_api import names
from titan_api.defaults import MOST_JOBS
from titan_api.times import format_time
from titan_sdk import checks
from titan_sdk.accepted import Accepted
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanConflict, TitanError
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Owner, Stamp, build_dag, build_job
from titan_sdk.submit.parents import Parent, check_parents
from titan_sdk.submit.settings import DagSettings

Json = dict[str, Any]
PARALLEL_CREATES = 8
NAME_DRAWS = 5
"""Two of 14 million suffixes being equal is bad luck; five times in a row is something else."""


def check_submission(name: str, jobs: Sequence[TitanJob]) -> list[tuple[str, ...]]:
    """Everything that can be wrong before anything is sent; returns each job's parents. Raises ValueError."""
    checks.check_name("the name of a DAG", name)
    check_jobs(f"DAG {name!r}", jobs)
    return check_parents(jobs)


def check_jobs(what: str, jobs: Sequence[TitanJob], present: int = 0) -> None:
    """Whether they are jobs, and not too many for one DAG. Raises ValueError."""
    for job in jobs:
        if not isinstance(job, TitanJob):
            raise ValueError(f"{what}: jobs must be TitanJobs, not {type(job).__name__}")
    if present + len(jobs) > MOST_JOBS:
        raise ValueError(f"{what} has {present + len(jobs)} jobs; at most {MOST_JOBS} are possible")


def check_standalone(job: TitanJob) -> None:
    """Everything that can be wrong with a job without a DAG. Raises ValueError."""
    if not isinstance(job, TitanJob):
        raise ValueError(f"submit_job takes a TitanJob, not {type(job).__name__}")
    if names.plain_job_id(job.job_id) in map(names.plain_job_id, job.parents):
        raise ValueError(f"job {job.job_id!r} names itself as its parent")


def new_stamp(requested_by: str) -> Stamp:
    """The mark of one call, drawn once, so that a repetition of its requests is recognised."""
    return Stamp(f"{format_time(datetime.now(timezone.utc))} {secrets.token_hex(8)}", requested_by)


def submit_dag(
    kube: Kube,
    name: str,
    jobs: Sequence[TitanJob],
    sources: Sequence[Json],
    parents: Sequence[Sequence[Parent]],
    settings: DagSettings,
    stamp: Stamp,
) -> Accepted:
    """Create a TitanDAG and its TitanJobs, all or nothing. Raises TitanError."""
    created = create_under_new_name(
        kube,
        names.PLURAL_DAGS,
        stamp,
        lambda suffix: build_dag(names.dag_name(name, suffix), name, len(jobs), settings, stamp),
    )
    owner = Owner(created["metadata"]["name"], created["metadata"]["uid"])
    try:
        create_jobs(kube, build_jobs(jobs, sources, parents, owner, stamp), owner)
    except BaseException:
        # If the API server is away the TitanDAG stays; without its jobs it never starts and ends by itself.
        with contextlib.suppress(TitanError):
            kube.delete(names.PLURAL_DAGS, owner.name, owner.uid)
        raise
    return Accepted(owner.name, [job.job_id for job in jobs], kube.namespace, is_dag=True)


def submit_job(kube: Kube, job: TitanJob, source: Json, parents: Sequence[Parent], stamp: Stamp) -> Accepted:
    """Create a TitanJob that stands alone. Raises TitanError."""
    created = create_under_new_name(
        kube,
        names.PLURAL_JOBS,
        stamp,
        lambda suffix: build_job(names.standalone_job_name(job.job_id, suffix), job, source, parents, None, stamp),
    )
    return Accepted(created["metadata"]["name"], [job.job_id], kube.namespace, is_dag=False)


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


def build_jobs(
    jobs: Sequence[TitanJob],
    sources: Sequence[Json],
    parents: Sequence[Sequence[Parent]],
    owner: Owner,
    stamp: Stamp | None,
) -> list[Json]:
    """The TitanJobs of a DAG."""
    return [
        build_job(names.job_name(owner.name, job.job_id), job, source, of_job, owner, stamp)
        for job, source, of_job in zip(jobs, sources, parents)
    ]


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
