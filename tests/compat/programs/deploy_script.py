from pathlib import Path

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
print(client.deploy_script(script("deployed_worker.py", "print('deployed')\n")))
Path("deployed_worker.py").unlink()
print(client.submit_dag("deployed", [TitanJob("deployed_job", "deployed_worker.py")]))
print(finish(client, "deployed_job"), client.fetch_logs("deployed_job").strip())
print(client.deploy_script("nowhere.py"))
