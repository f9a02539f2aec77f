"""Agent runs: the DAGs that carry one ``agent_run_id``, as the stages of one piece of work."""

from __future__ import annotations

from titan_api import names
from titan_api.json_types import Json
from titan_api.runs import fold_run
from titan_api.views import AgentRunView, view_dag, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.data import artifacts
from titan_sdk.data.store import Store
from titan_sdk.data.values import Values
from titan_sdk.errors import TitanNotFound
from titan_sdk.runs.lookups import age_key, list_jobs


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
