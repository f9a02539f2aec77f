"""Agent runs: DAGs that carry one id, as the stages of one piece of work. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from titan_api.runs import fold_run
from titan_api.views import AgentRunView
from titan_store.views.cached.records import DagRecord


@dataclass(frozen=True)
class Run:
    """The DAGs of one id in one namespace."""

    namespace: str
    run_id: str
    dags: tuple[DagRecord, ...]
    """The oldest first; never empty."""

    @property
    def view(self) -> AgentRunView:
        """As ``titan_api`` makes it of its stages."""
        return fold_run(self.run_id, [dag.view() for dag in self.dags])

    @property
    def counts(self) -> dict[str, int]:
        """Jobs by phase, without zeros."""
        counts: Counter[str] = Counter()
        for dag in self.dags:
            counts.update(dag.counts)
        return dict(counts)

    @property
    def key(self) -> tuple[str, ...]:
        """Sorts by the age of the newest DAG."""
        return (*self.dags[-1].age, self.namespace)


def group_runs(dags: Iterable[DagRecord], search: str = "") -> list[Run]:
    """The runs of DAGs that come newest first, the one whose newest DAG is youngest at the front.

    ``search``: part of the run's id or of a stage's name, in any case.
    """
    grouped: dict[tuple[str, str], list[DagRecord]] = {}
    for dag in dags:
        if dag.agent_run_id is not None:
            grouped.setdefault((dag.namespace, dag.agent_run_id), []).append(dag)
    runs = [Run(namespace, run_id, tuple(reversed(found))) for (namespace, run_id), found in grouped.items()]
    wanted = search.casefold()
    return [run for run in runs if not wanted or any(wanted in text.casefold() for text in _texts(run))]


def count_iterations(dags: Sequence[DagRecord]) -> list[int]:
    """Of each DAG of a run: how often one of its display name has been submitted, itself included."""
    seen: Counter[str] = Counter()
    iterations = []
    for dag in dags:
        seen[dag.display_name] += 1
        iterations.append(seen[dag.display_name])
    return iterations


def _texts(run: Run) -> Iterable[str]:
    return (run.run_id, *(dag.display_name for dag in run.dags))
