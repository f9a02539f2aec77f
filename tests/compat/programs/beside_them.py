"""What users do next: wait, cancel, retry, stream, list, keys."""

from habits import script

from titan_sdk import TitanClient, TitanConflict, TitanJob, TitanNotFound, TitanTimeout

FLAKY = """
from titan_sdk import TitanClient
print("one")
print("two")
if TitanClient().store_get("next:healed") == "NULL":
    raise SystemExit("not healed yet")
"""
client = TitanClient()
ok = TitanJob("next_ok", script("ok.py", "print('ok')\n"))
flaky = TitanJob("next_flaky", script("flaky.py", FLAKY), retries=0)
child = TitanJob("next_child", "ok.py", parents=["next_flaky"])
dag = client.submit_dag("next_dag", [ok, flaky, child])
print(
    client.wait(dag, timeout=60).phase, [client.get_job_status(job) for job in ("next_ok", "next_flaky", "next_child")]
)
print(list(client.stream_logs("next_flaky"))[:2], client.list_dags()[0].name == dag.name)
client.store_put("next:healed", "yes")
print(client.retry(dag.name).run, client.wait(dag, timeout=60).phase)
print(sorted((job.job_id, job.attempt) for job in client.list_jobs(dag=dag.name)))
try:
    client.retry(dag.name)
except TitanConflict:
    print("TitanConflict: nothing to retry")
slow = client.submit_dag("next_slow", [TitanJob("next_slow_job", script_content="import time; time.sleep(600)")])
try:
    client.wait(slow, timeout=0.3)
except TitanTimeout:
    print("TitanTimeout")
client.cancel(slow.name)
print(client.wait(slow, timeout=60).phase, client.get_job_status("next_slow_job"))
for call in (client.get_dag, client.get_job, client.wait, client.cancel, client.retry, client.approve, client.reject):
    try:
        call("next_ghost")
    except TitanNotFound as error:
        print(call.__name__, "next_ghost" in str(error))
print(client.increment("next:count"), client.increment("next:count", 41), client.store_get("next:count"))
print(
    client.compare_and_set("next:cas", None, "a"),
    client.compare_and_set("next:cas", None, "b"),
    client.compare_and_set("next:cas", "a", "c"),
    client.store_get("next:cas"),
)
print(
    client.list_keys("next:"),
    client.delete_key("next:cas"),
    client.delete_key("next:cas"),
    client.store_get("next:cas"),
)
