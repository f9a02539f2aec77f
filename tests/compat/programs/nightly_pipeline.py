"""The reference's example word for word, with the files that it names."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

script("etl/extract.py", "open('rows.csv', 'w').write('1,2,3')\n")
script("ml/train.py", "print('trained on', open('rows.csv').read())\n")

client = TitanClient()

# Step 1: Define the Root Job (No parents)
task_a = TitanJob(
    job_id="extract_data",
    filename="etl/extract.py",
    priority=5
)  # fmt: skip

# Step 2: Define a Dependent Job
task_b = TitanJob(
    job_id="train_model",
    filename="ml/train.py",
    requirement="GPU",
    parents=["extract_data"]  # <--- Defines the dependency
)  # fmt: skip

# Step 3: Submit them as a unified DAG
client.submit_dag("nightly_pipeline", [task_a, task_b])
print("DAG Submitted!")
print(finish(client, "train_model"), client.fetch_logs("train_model").strip())
