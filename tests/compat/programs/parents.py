"""Parents with and without the prefix, in one DAG and in an earlier one."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
path = script("step.py", "import os\nprint(os.environ['TITAN_JOB_ID'])\n")
early = [
    TitanJob("par_a", path),
    TitanJob("par_b", path, parents=["DAG-par_a"]),
    TitanJob("par_c", path, parents=["par_b"]),
]
print(client.submit_dag("par_early", early), finish(client, "par_a", "par_b", "par_c"))
late = [TitanJob("par_late", path, parents=["par_c", "DAG-par_a"]), TitanJob("par_last", path, parents=["par_late"])]
print(client.submit_dag("par_late", late), finish(client, "DAG-par_late", "par_last"))
print(client.submit_job(TitanJob("par_alone", path, parents=["DAG-par_last"])), finish(client, "par_alone"))
