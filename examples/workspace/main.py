"""Files from job to job: what a job writes in its directory, its children find in theirs. Nothing is uploaded by hand.

Both measurements start from what `prepare` left; they do not see each other's files while they run. `report` finds all
of it, removes the raw data, and what it leaves can be listed and downloaded from anywhere.

    python examples/workspace/main.py
"""

import tempfile
from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()

dag = client.submit_dag(
    "workspace",
    [
        TitanJob("prepare", str(HERE / "prepare.py")),
        TitanJob("mean", str(HERE / "measure.py"), args="mean", parents=["prepare"]),
        TitanJob("spread", str(HERE / "measure.py"), args="spread", parents=["prepare"]),
        TitanJob("report", str(HERE / "report.py"), parents=["mean", "spread"]),
    ],
)
result = client.wait(dag, timeout=120)
print(f"{result.phase}: {result.progress} jobs")

workspace = client.workspace(dag)
for file in workspace.list():
    print(f"{file.path}: {file.size} bytes")

with tempfile.TemporaryDirectory() as directory:
    workspace.download("report.md", directory)
    print(Path(directory, "report.md").read_text(), end="")
