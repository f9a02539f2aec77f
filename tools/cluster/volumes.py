"""The PersistentVolumes of the default storage class, which nothing provisions and therefore somebody must renew."""

import json
import shutil

from tools.cluster.layouts import Layout
from tools.cluster.objects import storage_class, volume, volume_names
from tools.cluster.programs import apply, kubectl


def make_volumes(layout: Layout) -> None:
    """Makes the storage class and those of its volumes that do not exist."""
    for name in volume_names():
        directory = layout.volumes / name
        directory.mkdir(parents=True, exist_ok=True)
    apply(layout, [storage_class(), *(volume(layout, name) for name in volume_names())])


def renew_volumes(layout: Layout) -> list[str]:
    """Empties the volumes whose claims are gone, and offers them again; their names."""
    answer = kubectl(layout, "get", "persistentvolumes", "--output=json")
    volumes = json.loads(answer.stdout)["items"] if answer.returncode == 0 else []
    phases = {item["metadata"]["name"]: item["status"].get("phase") for item in volumes}
    released = [name for name in volume_names() if phases.get(name) == "Released"]
    for name in released:
        kubectl(layout, "delete", "persistentvolume", name)
        shutil.rmtree(layout.volumes / name, ignore_errors=True)
    make_volumes(layout)
    return released
