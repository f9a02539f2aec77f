"""An agent run as its DAGs make it up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from titan_api.views import AgentRunView, ArtifactView, DagView


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
