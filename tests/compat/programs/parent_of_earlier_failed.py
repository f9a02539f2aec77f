from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
print(client.submit_dag("bad", [TitanJob("bad_early", script_content="raise SystemExit(3)", retries=0)]))
print(finish(client, "bad_early"))
child = TitanJob("bad_late", script_content="print('must not run')", parents=["bad_early"])
print(client.submit_dag("bad", [child]), finish(client, "bad_late"), repr(client.fetch_logs("bad_late")))
