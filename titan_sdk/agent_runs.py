"""Agent runs: the DAGs that carry one ``agent_run_id``, as the stages of one piece of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from titan_sdk import artifacts
from titan_sdk.api import names
from titan_sdk.errors import TitanNotFound
from titan_sdk.kube import Kube
from titan_sdk.lookups import age_key, list_jobs
from titan_sdk.store import Store
from titan_sdk.values import Values
from titan_sdk.views import AgentRunView, ArtifactView, DagView, view_dag, view_job

Json = dict[str, Any]


def get(kube: Kube, store: Store, run_id: str) -> AgentRunView:
    """A run with the jobs of its stages and with its files. Raises TitanNotFound."""
    labels = f"{names.LABEL_AGENT_RUN}={names.label_value(run_id)}"
    dags = [raw for raw in kube.list(names.PLURAL_DAGS, labels=labels).items if raw["spec"].get("agentRunID") == run_id]
    if not dags:
        raise TitanNotFound(f"there is no agent run {run_id!r} in namespace {kube.namespace!r}")
    stages = [
        view_dag(raw, tuple(view_job(job) for job in list_jobs(kube, raw["metadata"]["name"])))
        for raw in sorted(dags, key=age_key)
    ]
    return fold_run(run_id, stages, artifacts.list_of_run(Values(store), run_id))


def list_runs(kube: Kube) -> list[AgentRunView]:
    """All runs of the namespace, the one whose newest DAG is youngest at the front."""
    runs: dict[str, list[Json]] = {}
    for raw in sorted(kube.list(names.PLURAL_DAGS, labels=names.LABEL_AGENT_RUN).items, key=age_key):
        # Taking the run out first keeps the runs in the order of their newest DAGs.
        stages = runs.pop(raw["spec"]["agentRunID"], [])
        runs[raw["spec"]["agentRunID"]] = [*stages, raw]
    return [fold_run(run_id, [view_dag(raw) for raw in dags]) for run_id, dags in reversed(runs.items())]


def fold_run(run_id: str, stages: Sequence[DagView], files: Iterable[ArtifactView] = ()) -> AgentRunView:
    """The run that its DAGs make up."""
    ends = [stage.completed for stage in stages if stage.completed is not None]
    is_over = all(stage.is_final for stage in stages)
    return AgentRunView(
        run_id=run_id,
        phase=_phase_of(stages),
        created=min((stage.created for stage in stages if stage.created is not None), default=None),
        completed=max(ends, default=None) if is_over else None,
        stages=tuple(stages),
        files=tuple(files),
    )


def _phase_of(stages: Sequence[DagView]) -> str:
    """A run goes on while one of its DAGs does; then its worst stage tells how it ended."""
    for stage in reversed(stages):
        if not stage.is_final:
            return stage.phase
    phases = {stage.phase for stage in stages}
    return next((phase for phase in ("Failed", "Cancelled") if phase in phases), "Succeeded")
