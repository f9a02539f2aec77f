"""Two jobs that pass values through TitanStore, though they may run on different nodes.

`task_a` stores a result and adds to a set; `task_b`, its child, reads both. The values are still there when the pods
are gone, so this program reads them too.

    python examples/data_bus/main.py
"""

from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()
dag = client.submit_dag(
    "data_bus",
    [
        TitanJob("task_a", str(HERE / "task_a.py")),
        TitanJob("task_b", str(HERE / "task_b.py"), parents=["task_a"]),
    ],
)
client.wait(dag, timeout=120)

print(client.fetch_logs("task_b").strip())
print("Read from here:", client.store_get("task_123_accuracy"), client.store_smembers("processed_files"))
print("A key that nobody wrote:", client.store_get("task_123_no_such_key"))
