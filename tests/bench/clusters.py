"""A private embedded cluster for one measurement: its own state directory, free ports, gone afterwards."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kubernetes.client import CoreV1Api
from kubernetes.config import new_client_from_config
from titan_local.clusters import LocalCluster


@contextmanager
def private_cluster() -> Iterator[LocalCluster]:
    """A running cluster; this process's environment points at it meanwhile."""
    home = Path(tempfile.mkdtemp(prefix="titan-bench-"))
    cluster = LocalCluster(home / "local")
    before = dict(os.environ)
    try:
        cluster.up(api_port=0, store_port=0)
        os.environ.update(cluster.env(), TITAN_HOME=str(home))
        yield cluster
    finally:
        cluster.down()
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(home, ignore_errors=True)


def run_directories(cluster: LocalCluster) -> dict[str, Path]:
    """Where the kubelet keeps the first run of each job's pod, by the name of the pod."""
    with new_client_from_config(str(cluster.state_dir / "kubeconfig")) as connection:
        pods = CoreV1Api(connection).list_namespaced_pod("default").items
    directories = {
        pod.metadata.name: cluster.state_dir / "pods" / pod.metadata.uid / "runs" / "job" / "0" for pod in pods
    }
    return {name: directory for name, directory in directories.items() if directory.exists()}


def component_pids(cluster: LocalCluster) -> dict[str, int]:
    """pid of each component, as the supervisor wrote it last."""
    content: dict[str, Any] = json.loads((cluster.state_dir / "cluster.json").read_text())
    return {name: int(component["pid"]) for name, component in content["components"].items()}
