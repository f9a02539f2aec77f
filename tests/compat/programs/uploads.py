"""Files of 8 MB and 60 MB, and a project of 8 MB; and what is said of files that are not there."""

import hashlib
import os
import zipfile
from pathlib import Path

from titan_sdk import TitanClient


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


client = TitanClient()
for megabytes in (8, 60):
    name = f"upload_{megabytes}.bin"
    Path(name).write_bytes(os.urandom(megabytes * 1_000_000))
    print(
        name,
        client.upload_file(name),
        client.fetch_artifact(name, f"copy_{megabytes}.bin"),
        digest(name) == digest(f"copy_{megabytes}.bin"),
    )
for path in ("bulky/__pycache__/x.pyc", "bulky/.git/config", "bulky/sub/main.py"):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("content")
Path("bulky/data.bin").write_bytes(os.urandom(8_000_000))
print(client.upload_project_folder("bulky"), client.upload_project_folder("bulky", project_name="bulky_renamed"))
for name in ("bulky.zip", "bulky_renamed.zip"):
    print(client.fetch_artifact(name), sorted(zipfile.ZipFile(name).namelist()))
print(client.upload_file("ghost/none.bin"))
print(client.upload_project_folder("ghost/none").partition(":")[0])
