"""Chooses and sorts what a list shows: pure functions of records."""

from collections.abc import Collection, Iterable, Sequence

from titan_store.views.cached.records import DagRecord, GateRecord, JobRecord

NOT_STARTED = "~"
"""Sorts behind every time."""


def choose_dags(
    dags: Iterable[DagRecord], phases: Collection[str], search: str, run: str | None = None
) -> list[DagRecord]:
    """Those that match all of it, in the order in which they came."""
    wanted = search.casefold()
    return [
        dag
        for dag in dags
        if (not phases or dag.phase in phases)
        and (run is None or dag.agent_run_id == run)
        and (not wanted or any(wanted in text.casefold() for text in _texts(dag)))
    ]


def dag_key(dag: DagRecord) -> tuple[str, ...]:
    """Sorts DAGs of all namespaces by age."""
    return (*dag.age, dag.namespace)


def choose_jobs(
    jobs: Iterable[JobRecord], phases: Collection[str], search: str, members: Collection[str] | None = None
) -> list[JobRecord]:
    """Those that match all of it; ``members``: ids of the only ones that count."""
    wanted = search.casefold()
    return [
        job
        for job in jobs
        if (not phases or job.phase in phases)
        and (members is None or job.job_id in members)
        and (not wanted or wanted in job.job_id.casefold())
    ]


def start_key(job: JobRecord) -> tuple[str, ...]:
    """Sorts jobs by their start; those that have not started come last."""
    return job.started or NOT_STARTED, *job.age


def newest_failures(dags: Iterable[DagRecord], limit: int) -> list[DagRecord]:
    """The DAGs that failed last."""
    failed = (dag for dag in dags if dag.phase == "Failed")
    return sorted(failed, key=lambda dag: dag.completed or "", reverse=True)[:limit]


def longest_waiting(gates: Iterable[GateRecord]) -> list[GateRecord]:
    """Gates that wait for somebody, the oldest first."""
    waiting = (gate for gate in gates if gate.phase == "Pending")
    return sorted(waiting, key=opening_key)


def opening_key(gate: GateRecord) -> tuple[str, ...]:
    """Sorts gates by the time since which they wait."""
    return gate.opened or gate.created, gate.namespace, gate.name


def count_phases(dags: Sequence[DagRecord]) -> dict[str, int]:
    """How many DAGs are in each phase, zeros included."""
    counts = dict.fromkeys(("pending", "running", "succeeded", "failed", "cancelled"), 0)
    for dag in dags:
        counts[dag.phase.lower()] += 1
    return counts


def _texts(dag: DagRecord) -> Iterable[str]:
    return filter(None, (dag.name, dag.display_name, dag.agent_run_id, dag.requested_by))
