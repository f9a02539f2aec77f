"""Fan out, fan in: one job splits the work, five siblings do it side by side, one job collects.

The collector names all five as its parents and starts the moment the last of them has succeeded.

    python examples/fan_out_in/main.py
"""

import uuid
from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent
PARTS = range(1, 6)

client = TitanClient()
run_id = uuid.uuid4().hex[:12]

split = TitanJob("split", str(HERE / "split.py"), args=run_id)
workers = [TitanJob(f"square_{n}", str(HERE / "square.py"), args=f"{run_id} {n}", parents=["split"]) for n in PARTS]
collect = TitanJob("collect", str(HERE / "collect.py"), args=run_id, parents=[worker.job_id for worker in workers])

dag = client.submit_dag("fan_out_in", [split, *workers, collect])
result = client.wait(dag, timeout=120)

print(client.fetch_logs("collect").strip())
print(f"{result.phase}: {result.progress} jobs")
