"""What the machine must bring, and how a Debian gets it."""

import os
import shutil
import subprocess

from tools.cluster.programs import ClusterError

PACKAGES = {
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
    "modprobe": "kmod",
}
"""Program to Debian package."""


def ensure_prerequisites() -> None:
    """Installs what is missing, where apt-get is there to do so."""
    if os.geteuid() != 0:
        raise ClusterError("a cluster of processes needs root; with docker and kind, `make kind-up` does the same")
    missing = sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None})
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise ClusterError(f"please install: {', '.join(missing)}")
    subprocess.run(["apt-get", "update", "--quiet"], check=True)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    subprocess.run(command, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
