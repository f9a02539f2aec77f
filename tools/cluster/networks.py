"""The cable between the host and the cluster's network namespace, and the routes at both ends."""

import subprocess

from tools.cluster.layouts import Layout
from tools.cluster.namespaces import Namespaces

_BRIDGE_FILTER = "/proc/sys/net/bridge/bridge-nf-call-iptables"


def connect(layout: Layout, namespaces: Namespaces) -> None:
    """Lays the cable. It vanishes with the namespace, and the host's routes with it."""
    inner = f"{layout.link}n"
    _ip("link", "add", layout.link, "type", "veth", "peer", "name", inner, "netns", str(namespaces.first.pid))
    _ip("address", "add", f"{layout.host_address}/30", "dev", layout.link)
    _ip("link", "set", layout.link, "up")
    namespaces.run("ip", "link", "set", "lo", "up")
    namespaces.run("ip", "address", "add", f"{layout.node_address}/30", "dev", inner)
    namespaces.run("ip", "link", "set", inner, "up")
    # A packet to a Service needs a route before kube-proxy's rules may give it another destination.
    namespaces.run("ip", "route", "add", layout.service_cidr, "dev", inner)
    # Nothing leaves the machine: a pull from a registry fails at once instead of waiting for a timeout.
    namespaces.run("ip", "route", "add", "unreachable", "default")
    _ip("route", "add", layout.reachable_cidr, "via", layout.node_address)
    namespaces.write("/proc/sys/net/ipv4/ip_forward", "1")
    # Without the module a pod could not reach, by a Service's address, a pod on the same bridge.
    subprocess.run(["modprobe", "br_netfilter"], capture_output=True, check=False)
    namespaces.write(_BRIDGE_FILTER, "1")


def disconnect(layout: Layout) -> None:
    """Takes the cable away, should it still be there: the kernel drops a dead namespace's devices a little later."""
    subprocess.run(["ip", "link", "delete", layout.link], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
