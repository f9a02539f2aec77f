"""Bringing a cluster up, step by step."""

import datetime
import time
from collections.abc import Callable

from tools.cluster import commands, kernel, namespaces, networks
from tools.cluster.certificates import write_cluster_pki
from tools.cluster.documents import render_documents
from tools.cluster.fake_nodes import add_fake_nodes, has_fake_nodes, write_kwok_configuration
from tools.cluster.images import import_images
from tools.cluster.kubeconfigs import write_kubeconfigs
from tools.cluster.layouts import GPUS, NODE_NAME, Layout
from tools.cluster.objects import user_rights
from tools.cluster.programs import Programs, apply, ask, kubectl
from tools.cluster.volumes import make_volumes, renew_volumes

_MARK = "up"


def is_up(layout: Layout) -> bool:
    """Whether a cluster of this slot was brought up, and answers."""
    found = namespaces.find(layout)
    return (layout.state / _MARK).exists() and found is not None and found.exist and _api_is_ready(layout)


def refresh(layout: Layout, fake_nodes: int, say: Callable[[str], None]) -> None:
    """Gives a cluster that is up the newest images, its released volumes back, and fake nodes if it has too few."""
    found = namespaces.find(layout)
    if found is not None:
        for image in import_images(layout, found):
            say(f"imported {image}")
        if fake_nodes and not has_fake_nodes(layout):
            Programs(layout, found).start("kwok", commands.kwok(layout))
        add_fake_nodes(layout, fake_nodes)
    for name in renew_volumes(layout):
        say(f"renewed {name}")


def bring_up(layout: Layout, fake_nodes: int, say: Callable[[str], None]) -> None:
    """Starts everything, in the order in which one needs another, and waits until pods can run."""
    for directory in (layout.logs, layout.volumes, layout.state / "cni", layout.containerd_root):
        directory.mkdir(parents=True, exist_ok=True)
    kernel.save_settings(layout)
    kernel.make_cgroup(layout)
    holder = namespaces.make(layout)
    networks.connect(layout, holder)
    _write_configuration(layout)
    say("namespaces, network, certificates")

    programs = Programs(layout, holder)
    programs.start("etcd", commands.etcd(layout))
    programs.start("containerd", commands.containerd(layout))
    programs.start("kube-apiserver", commands.api_server(layout))
    programs.wait_for("containerd", layout.containerd_socket.exists)
    imported = import_images(layout, holder)
    say(f"images: {', '.join(imported) or 'all there already'}")
    programs.wait_for("kube-apiserver", lambda: _api_is_ready(layout))
    say("API server")

    programs.start("kube-controller-manager", commands.controller_manager(layout))
    programs.start("kube-scheduler", commands.scheduler(layout))
    programs.start("kubelet", commands.kubelet(layout))
    programs.start("kube-proxy", commands.kube_proxy(layout))
    apply(layout, user_rights())
    make_volumes(layout)
    programs.start("coredns", commands.coredns(layout))
    if fake_nodes:
        programs.start("kwok", commands.kwok(layout))
    add_fake_nodes(layout, fake_nodes)
    _wait_until_pods_can_run(programs)
    _advertise_gpus(layout)
    (layout.state / _MARK).touch()


def _write_configuration(layout: Layout) -> None:
    now = datetime.datetime.now(datetime.UTC)
    write_cluster_pki(layout.pki, NODE_NAME, layout.node_address, layout.kubernetes_service, now)
    write_kubeconfigs(layout)
    for name, text in render_documents(layout).items():
        (layout.state / name).write_text(text)
    write_kwok_configuration(layout)


def _api_is_ready(layout: Layout) -> bool:
    return ask(layout, "get", "--raw=/readyz", "--request-timeout=5s")


def _wait_until_pods_can_run(programs: Programs) -> None:
    layout = programs.layout
    ready = ("wait", "--for=condition=Ready", f"node/{NODE_NAME}", "--timeout=1s")
    programs.wait_for("kubelet", lambda: ask(layout, "get", "node", NODE_NAME) and ask(layout, *ready))
    programs.wait_for("kube-controller-manager", lambda: ask(layout, "get", "serviceaccount", "default"))
    programs.wait_for("kube-proxy", lambda: _answers(programs, "10256", "/healthz"))
    programs.wait_for("coredns", lambda: _answers(programs, "8181", "/ready"))


def _answers(programs: Programs, port: str, path: str) -> bool:
    """Whether a port of the node, on its loopback, answers 200: asked by bash, which every Debian has."""
    script = 'exec 3<>"/dev/tcp/127.0.0.1/$1"; printf "GET %s HTTP/1.0\\r\\n\\r\\n" "$2" >&3; head -1 <&3 | grep -q 200'
    return programs.succeeds("bash", "-c", script, "ask", port, path)


def _advertise_gpus(layout: Layout) -> None:
    """What a device plugin would report. The kubelet leaves alone what it does not know."""
    patch = f'{{"status":{{"capacity":{{"nvidia.com/gpu":"{GPUS}"}}}}}}'
    kubectl(layout, "patch", "node", NODE_NAME, "--subresource=status", "--type=merge", f"--patch={patch}")


class Stopwatch:
    """Prints what has been reached, and when."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, what: str) -> None:
        """One line."""
        print(f"{time.monotonic() - self._started:6.1f} s  {what}", flush=True)
