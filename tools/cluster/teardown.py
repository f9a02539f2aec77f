"""Taking a cluster down, whatever is left of it: one that runs, one that crashed, one from before a reboot."""

import shutil

from tools.cluster import kernel, namespaces, networks
from tools.cluster.layouts import Layout


def take_down(layout: Layout) -> bool:
    """Removes everything but the caches; False if there was nothing."""
    if not layout.state.exists():
        return False
    found = namespaces.find(layout)
    if found is not None:
        found.end()
    networks.disconnect(layout)
    kernel.remove_cgroup(layout)
    kernel.restore_settings(layout)
    namespaces.remove_mount_points(layout)
    shutil.rmtree(layout.state)
    return True
