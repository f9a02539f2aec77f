"""``python -m titan_local.kubelet``: run the pods that are bound to the simulated nodes."""

import argparse
import asyncio
import os
import secrets
import shutil
from pathlib import Path

from aiohttp import web

from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.informer import inform
from titan_local.files import write_atomically
from titan_local.kubelet.logs import build_app
from titan_local.kubelet.registration import keep_registered
from titan_local.kubelet.sessions import kill_run
from titan_local.kubelet.workers import Worker
from titan_local.nodes import SimulatedNode, read_nodes
from titan_local.processes import run_until_told

TOKEN_FILE = "kubelet.token"
PARALLEL_STARTS = max(2, os.cpu_count() or 1)


class Kubelet:
    """The workers of all pods on all simulated nodes."""

    def __init__(self, kube: Client, nodes: list[SimulatedNode], root: Path) -> None:
        self._kube = kube
        self._nodes = {node.name for node in nodes}
        self._root = root
        self._starts = asyncio.Semaphore(PARALLEL_STARTS)
        self._workers: dict[str, Worker] = {}
        self._uids: dict[tuple[str, str], str] = {}
        self._phases: dict[str, str] = {}

    def on_pod(self, kind: str, pod: Json) -> None:
        """One event of the watch."""
        if pod["spec"].get("nodeName") not in self._nodes:
            return
        metadata = pod["metadata"]
        uid = metadata["uid"]
        self._phases[uid] = pod["status"].get("phase", "")
        worker = self._workers.get(uid)
        if worker is not None:
            worker.observe(kind, pod)
        elif kind != "DELETED":
            worker = self._workers[uid] = Worker(self._kube, pod, self._root, self._starts)
            self._uids[metadata["namespace"], metadata["name"]] = uid
            worker.start(lambda: self._forget(uid))

    def find_log(self, namespace: str, pod: str, container: str, previous: bool) -> Path | None:
        """The log file of a container."""
        worker = self._workers.get(self._uids.get((namespace, pod), ""))
        return worker.log_of(container, previous=previous) if worker is not None else None

    def is_running(self, namespace: str, pod: str) -> bool:
        """Whether more may be written to its log."""
        uid = self._uids.get((namespace, pod), "")
        return uid in self._workers and self._phases.get(uid) not in ("Succeeded", "Failed")

    def sweep(self) -> None:
        """Remove directories of pods that vanished while no kubelet ran, with whatever still runs in them."""
        for directory in self._root.iterdir():
            if directory.name not in self._workers:
                for run in directory.glob("runs/*/*"):
                    kill_run(run)
                shutil.rmtree(directory, ignore_errors=True)

    async def stop(self) -> None:
        """Leave all pods running."""
        await asyncio.gather(*(worker.stop_following() for worker in list(self._workers.values())))

    def _forget(self, uid: str) -> None:
        self._workers.pop(uid, None)
        self._phases.pop(uid, None)
        for place in [place for place, known in self._uids.items() if known == uid]:
            del self._uids[place]


async def _run(kube: Client, state_dir: Path) -> None:
    root, nodes = state_dir / "pods", read_nodes(state_dir / "nodes.json")
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    token = secrets.token_urlsafe(24)
    write_atomically(state_dir / TOKEN_FILE, token, mode=0o600)
    kubelet = Kubelet(kube, nodes, root)
    runner = web.AppRunner(build_app(kubelet.find_log, kubelet.is_running, token), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    synced = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_registered(kube, nodes, port))
            tasks.create_task(inform(kube, "/api/v1/pods", kubelet.on_pod, synced=synced))
            await synced.wait()
            kubelet.sweep()
    finally:
        await kubelet.stop()
        await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m titan_local.kubelet", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True, help="where pods, their logs and nodes.json are kept")
    state_dir = parser.parse_args().state_dir
    run_until_told(lambda kube: _run(kube, state_dir))
