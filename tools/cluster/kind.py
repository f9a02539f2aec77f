"""The same cluster by docker and kind, for machines that have them and for GitHub's runners."""

import json
import shutil
import subprocess

from tools.cluster import commands
from tools.cluster.fake_nodes import add_fake_nodes, write_kwok_configuration
from tools.cluster.layouts import GPUS, Layout
from tools.cluster.processes import from_record, identify
from tools.cluster.programs import ClusterError, kubectl

NAME = "titan"
_KWOK = "kwok.json"


def kind_up(layout: Layout, fake_nodes: int) -> bool:
    """Creates the cluster if it is not there, and loads the image archives; whether it was created now."""
    for program in ("docker", "kind"):
        if shutil.which(program) is None:
            raise ClusterError(f"{program} is not on the PATH; `make cluster-up` makes a cluster without it")
    layout.state.mkdir(parents=True, exist_ok=True)
    created = not _exists()
    if created:
        _kind("create", "cluster", "--name", NAME, "--wait", "180s", "--kubeconfig", str(layout.admin_kubeconfig))
    else:
        _kind("export", "kubeconfig", "--name", NAME, "--kubeconfig", str(layout.admin_kubeconfig))
    for archive in sorted(layout.images.glob("*.tar")):
        _kind("load", "image-archive", str(archive), "--name", NAME)
    _advertise_gpus(layout)
    if fake_nodes:
        _start_kwok(layout)
        add_fake_nodes(layout, fake_nodes)
    return created


def kind_down(layout: Layout) -> bool:
    """Deletes it; False if there was none."""
    _stop_kwok(layout)
    if shutil.which("kind") is None or not _exists():
        return False
    _kind("delete", "cluster", "--name", NAME)
    shutil.rmtree(layout.state, ignore_errors=True)
    return True


def _exists() -> bool:
    listed = subprocess.run(["kind", "get", "clusters"], capture_output=True, text=True, check=True)
    return NAME in listed.stdout.split()


def _kind(*arguments: str) -> None:
    subprocess.run(["kind", *arguments], check=True)


def _advertise_gpus(layout: Layout) -> None:
    patch = json.dumps({"status": {"capacity": {"nvidia.com/gpu": str(GPUS)}}})
    nodes = kubectl(layout, "get", "nodes", "--selector=type!=kwok", "--output=name").stdout.split()
    for node in nodes:
        kubectl(layout, "patch", node, "--subresource=status", "--type=merge", f"--patch={patch}")


def _start_kwok(layout: Layout) -> None:
    """On the host: the nodes that it plays exist in the API server only."""
    _stop_kwok(layout)
    write_kwok_configuration(layout)
    with (layout.state / "kwok.log").open("ab") as log:
        started = subprocess.Popen(
            commands.kwok(layout, kubeconfig="admin"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (layout.state / _KWOK).write_text(json.dumps(identify(started.pid).as_record()))


def _stop_kwok(layout: Layout) -> None:
    record = layout.state / _KWOK
    if record.exists():
        from_record(json.loads(record.read_text())).end()
        record.unlink()
