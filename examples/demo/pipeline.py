"""The demo's pipeline: handwritten digits from data to a report, as six jobs.

    load ─┬─ train_nearest ─┐
          ├─ train_forest ──┼─ choose ─(gate: Publish the report?)─ report
          └─ train_network ─┘   (train_network asks for a GPU)

Nothing here knows of terminals, so that tests and benchmarks submit the very same pipeline.
"""

from pathlib import Path

from titan_sdk import TitanClient, TitanJob

JOBS = Path(__file__).parent / "jobs"
PROJECT = "titan-demo"
MODELS = ("nearest", "forest", "network")
GPU_MODEL = "network"
GATE_QUESTION = "Publish the report?"
ARTIFACTS = ("report.md", "confusion.png")

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Three trainings side by side on two cores are quicker when none of them starts a thread for each core."""


def build_jobs(run: str, ledger: str | None = None) -> list[TitanJob]:
    """The jobs of one run, parents first.

    Args:
        run: part of every key and file that the jobs use, so that runs do not see one another's results.
        ledger: path of a file to which each started job appends a line; None switches that off.
    """
    # A URL, because a path below /tmp means the pod's own /tmp, into which the embedded kubelet would translate it.
    env = ONE_THREAD | ({"TITAN_DEMO_LEDGER": Path(ledger).absolute().as_uri()} if ledger else {})

    def job(job_id: str, script: str, *arguments: str, **options: object) -> TitanJob:
        return TitanJob(job_id, f"{PROJECT}.zip/{script}", args=[run, *arguments], is_archive=True, env=env, **options)

    trainings = [
        job(
            f"train_{model}",
            "train.py",
            model,
            parents=["load"],
            requirement="GPU" if model == GPU_MODEL else "GENERAL",
        )
        for model in MODELS
    ]
    return [
        job("load", "load.py", priority=5),
        *trainings,
        job("choose", "choose.py", parents=[training.job_id for training in trainings], hitl_message=GATE_QUESTION),
        job("report", "report.py", parents=["choose"]),
    ]


def submit(client: TitanClient, run: str, ledger: str | None = None) -> str:
    """Upload the jobs' code and submit the DAG; returns what submit_dag returns, or the sentence of a failed upload."""
    uploaded = client.upload_project_folder(str(JOBS), project_name=PROJECT)
    if uploaded != "UPLOAD_SUCCESS":
        return uploaded
    return client.submit_dag("digits", build_jobs(run, ledger), agent_run_id=run)


def download(client: TitanClient, run: str, folder: Path) -> list[Path]:
    """Fetch the report and its picture; returns their paths, or raises FileNotFoundError naming what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in ARTIFACTS:
        target = folder / name
        if not client.get_artifact(f"demo:{run}:{name}", save_path=str(target)):
            raise FileNotFoundError(f"the artifact {name} of run {run} could not be downloaded")
        paths.append(target)
    return paths


def read_accuracies(client: TitanClient, run: str) -> dict[str, float]:
    """Accuracy by model, best first, as the jobs left it in TitanStore."""
    found = {model: float(client.store.get(f"demo:{run}:accuracy:{model}")) for model in MODELS}
    return dict(sorted(found.items(), key=lambda item: -item[1]))
