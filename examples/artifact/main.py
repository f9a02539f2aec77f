"""A worker publishes a file; the program that submitted it downloads the file by its key.

TitanStore's values are strings; files of any size travel as artifacts: streamed, checked by their sha256, and kept
after the worker's pod is gone. `get_artifact` is True only if the whole, right file is there.

    python examples/artifact/main.py
"""

import tempfile
import uuid
from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()
run_id = uuid.uuid4().hex[:12]

job = client.submit_job(TitanJob("write_report", str(HERE / "worker_script.py"), args=run_id))
client.wait(job, timeout=120)

with tempfile.TemporaryDirectory() as directory:
    target = Path(directory) / "report.md"
    print("downloaded:", client.get_artifact(f"run:{run_id}:report", save_path=str(target)))
    print(target.read_text(), end="")
