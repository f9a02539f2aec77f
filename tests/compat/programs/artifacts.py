"""publish_artifact in a job, get_artifact here; and what is never True."""

from pathlib import Path

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

WORKER = """
from titan_sdk import TitanClient
with open("art_report.md", "w") as f:
    f.write("# Report of the worker")
print(TitanClient().publish_artifact("run:art:report", "art_report.md"))
"""
client = TitanClient()
print(client.submit_dag("art", [TitanJob("art_worker", script("worker.py", WORKER))]), finish(client, "art_worker"))
print(client.fetch_logs("art_worker").strip(), client.store_get("run:art:report"))
print(client.get_artifact("run:art:report", save_path="saved.md"), Path("saved.md").read_text())
print(client.get_artifact("run:art:report"), Path("/tmp/art_report.md").read_text())
Path("/tmp/art_report.md").unlink()
print(client.fetch_artifact("art_report.md"), Path("art_report.md").read_text())
print(client.fetch_artifact("art_report.md", "elsewhere.md"), Path("elsewhere.md").read_text())
print(
    client.fetch_artifact("art_ghost.md"),
    client.get_artifact("run:art:ghost", "ghost.md"),
    client.publish_artifact("run:art:x", "ghost.md"),
)
client.store_put("run:art:dangling", "art_never_uploaded.md")
print(
    client.get_artifact("run:art:dangling", save_path="saved.md"),
    Path("saved.md").read_text(),
    Path("ghost.md").exists(),
)
