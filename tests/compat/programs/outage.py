"""Nobody answers. The calls are made side by side because each is patient for a few seconds."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from titan_sdk import TitanClient, TitanError, TitanJob, TitanUnavailable

client = TitanClient()
job = TitanJob("outage", script_content="print('never')")
Path("data.bin").write_bytes(b"data")
Path("project").mkdir()
Path("project/main.py").write_text("print('never')")
Path("pipeline.yaml").write_text("name: outage\nproject: false\njobs:\n  - {id: a, file: project/main.py}\n")
Path("kept.txt").write_text("kept")

CALLS = {
    "submit_dag": lambda: client.submit_dag("outage", [job]),
    "submit_job": lambda: client.submit_job(job),
    "submit_yaml": lambda: client.submit_yaml("pipeline.yaml"),
    "get_job_status": lambda: client.get_job_status("outage"),
    "store_put": lambda: client.store_put("outage:key", "value"),
    "store_get": lambda: client.store_get("outage:key"),
    "upload_file": lambda: client.upload_file("data.bin"),
    "upload_project_folder": lambda: client.upload_project_folder("project"),
    "deploy_script": lambda: client.deploy_script("project/main.py"),
    "store_sadd": lambda: client.store_sadd("outage:set", "member"),
    "store_smembers": lambda: client.store_smembers("outage:set"),
    "fetch_artifact": lambda: client.fetch_artifact("data.bin", "fetched.bin"),
    "publish_artifact": lambda: client.publish_artifact("outage:artifact", "data.bin"),
    "get_artifact": lambda: client.get_artifact("outage:artifact", "got.bin"),
    "get_artifact over a file": lambda: client.get_artifact("outage:artifact", "kept.txt"),
    "stop_service": lambda: client.stop_service("outage"),
    "client.store.get": lambda: client.store.get("outage:key"),
    "client.files.list": lambda: client.files.list(),
    "client.dags.list": lambda: client.dags.list(),
    "client.wait": lambda: client.wait("outage", timeout=60),
    "client.cancel": lambda: client.cancel("outage"),
}


def describe(call):
    try:
        answer = call()
    except TitanError as error:
        return f"raises {type(error).__name__}, {isinstance(error, TitanUnavailable) and isinstance(error, OSError)}"
    return answer.partition(" ")[0] if isinstance(answer, str) else repr(answer)


with ThreadPoolExecutor(len(CALLS)) as pool:
    for name, answer in zip(CALLS, pool.map(describe, CALLS.values()), strict=True):
        print(f"{name}: {answer}")
print(sorted(path.name for path in Path().iterdir()), Path("kept.txt").read_text())
