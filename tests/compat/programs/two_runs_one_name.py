"""Two agent runs publish a file of one name; each key keeps its own content."""

from pathlib import Path

from titan_sdk import TitanClient

client = TitanClient()
for run in ("one", "two"):
    Path("same.md").write_text(f"report of {run}")
    print(client.publish_artifact(f"run:{run}:same", "same.md"))
for run in ("one", "two"):
    print(client.get_artifact(f"run:{run}:same", f"{run}.md"), Path(f"{run}.md").read_text())
