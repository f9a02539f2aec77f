"""What belongs to no namespace: the control groups of the pods, and kernel settings that the kubelet changes."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tools.cluster.layouts import Layout

CGROUPS = Path("/sys/fs/cgroup")
KUBELET_CONTROLLERS = ("cpu", "cpuset", "memory", "hugetlb", "pids")
# The kubelet insists on values of its own for these.
SETTINGS = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)
_SAVED = "kernel-settings.json"


def save_settings(layout: Layout) -> None:
    """Remembers the settings as they are."""
    values = {name: Path("/proc/sys", name).read_text().strip() for name in SETTINGS}
    (layout.state / _SAVED).write_text(json.dumps(values))


def restore_settings(layout: Layout) -> None:
    """Puts them back."""
    file = layout.state / _SAVED
    if file.exists():
        for name, value in json.loads(file.read_text()).items():
            if Path("/proc/sys", name).read_text().strip() != value:
                Path("/proc/sys", name).write_text(value)


def make_cgroup(layout: Layout, root: Path = CGROUPS) -> None:
    """Makes the control group of all pods, in every hierarchy of version 1 or in the one of version 2."""
    for hierarchy in _hierarchies(root):
        group = hierarchy / layout.cgroup
        group.mkdir(exist_ok=True)
        _delegate(hierarchy)
        _delegate(group)


def remove_cgroup(layout: Layout, root: Path = CGROUPS, patience: float = 10.0) -> None:
    """Removes it with everything below. A group can go only after its last process, which may take a moment."""
    deadline = time.monotonic() + patience
    for hierarchy in _hierarchies(root):
        group = hierarchy / layout.cgroup
        while group.exists():
            _remove_empty(group)
            if time.monotonic() > deadline:
                raise RuntimeError(f"processes are still in the control group {group}")
            time.sleep(0.02)


def _hierarchies(root: Path) -> Iterator[Path]:
    if (root / "cgroup.procs").exists():
        yield root
        return
    for directory in sorted(root.iterdir()):
        if (directory / "cgroup.procs").exists() and not directory.is_symlink():
            yield directory


def _delegate(group: Path) -> None:
    """Version 2 only: lets groups below use the controllers that the kubelet asks for."""
    control = group / "cgroup.subtree_control"
    if control.exists():
        available = (group / "cgroup.controllers").read_text().split()
        wanted = [name for name in KUBELET_CONTROLLERS if name in available]
        if wanted:
            control.write_text(" ".join(f"+{name}" for name in wanted))


def _remove_empty(group: Path) -> None:
    for directory, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            Path(directory).rmdir()
