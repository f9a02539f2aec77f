"""Two linked jobs, the second one on a GPU: the first program of the SDK reference.

`extract_data` counts rows and leaves the number in TitanStore; `train_model` starts only when it has succeeded, runs
on a node that offers a GPU, and reads the number. Nothing here waits for a GPU job by hand: a requirement is a tag,
and the scheduler finds the node.

    titan local up && eval "$(titan local env)"
    python examples/nightly_pipeline/main.py
"""

from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()

# Step 1: Define the Root Job (No parents)
task_a = TitanJob(
    job_id="extract_data",
    filename=str(HERE / "etl/extract.py"),
    priority=5,
)

# Step 2: Define a Dependent Job
task_b = TitanJob(
    job_id="train_model",
    filename=str(HERE / "ml/train.py"),
    requirement="GPU",
    parents=["extract_data"],  # <--- Defines the dependency
)

# Step 3: Submit them as a unified DAG
dag = client.submit_dag("nightly_pipeline", [task_a, task_b])
print("DAG Submitted!" if dag == "DAG_ACCEPTED" else dag)

# Step 4: Wait for it, and read what the jobs printed
client.wait(dag, timeout=120)
for job in (task_a, task_b):
    print(f"{job.job_id}: {client.get_job_status(job.job_id)}")
    print("  " + client.fetch_logs(job.job_id).strip())
