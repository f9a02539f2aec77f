"""What the demo says at its end."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import GPU_MODEL

from titan_sdk.cli.output import as_document

if TYPE_CHECKING:
    from titan_api.views import DagView, GateView


def print_summary(view: "DagView", accuracies: dict[str, float], gate: "GateView | None", files: list[Path]) -> None:
    """Accuracies, nodes, the decision, times and where the files are."""
    jobs = {job.job_id: job for job in view.jobs}
    gpu_job = jobs[f"train_{GPU_MODEL}"]
    print()
    print("accuracy   " + ", ".join(f"{model} {accuracy:.1%}" for model, accuracy in accuracies.items()))
    print(f"GPU job    {gpu_job.job_id} ran on {gpu_job.node}")
    if gate:
        deciders = ", ".join(decision.user for decision in gate.decisions)
        print(f"gate       {gate.message!r} approved by {deciders}")
    if view.completed and view.started:
        span = (view.completed - view.started).total_seconds()
        attempts = sum(job.attempt for job in view.jobs)
        print(f"time       {span:.1f} s for {len(jobs)} jobs in {attempts} attempts, the wait at the gate included")
    print("report     " + "\n           ".join(str(path) for path in files))


def write_record(view: "DagView", folder: Path) -> Path:
    """The DAG and its jobs as JSON beside the report: attempts, nodes and times, for whoever compares runs."""
    path = folder / "run.json"
    path.write_text(json.dumps(as_document(view), indent=1) + "\n")
    return path
