"""What tests of a real cluster change, and put back: objects taken away or replaced, a store of their own, an S3 server."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders.kubernetes.clusters import REPOSITORY
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, find_tool
from builders.store.s3_server import ACCESS, BINARY, BUCKET

from titan_api.json_types import Json

SERVER_METADATA = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def stripped(found: Json) -> Json:
    """An object as somebody would apply it: without what the server has written into it."""
    metadata = {name: value for name, value in found["metadata"].items() if name not in SERVER_METADATA}
    return {name: value for name, value in found.items() if name != "status"} | {"metadata": metadata}


@contextmanager
def removed(real: RealCluster, *which: str) -> Iterator[Callable[[], None]]:
    """An object of the cluster is not there; calling what is yielded brings it back, as does the end."""
    found = stripped(real.get(*which))
    real.do("delete", *which)
    is_away = True

    def bring_back() -> None:
        nonlocal is_away
        if is_away:
            real.do("create", "-f", "-", stdin=json.dumps(found))
            is_away = False

    try:
        yield bring_back
    finally:
        bring_back()


@contextmanager
def changed(real: RealCluster, change: Callable[[Json], None], *which: str) -> Iterator[Callable[[], None]]:
    """An object is another one for a while; calling what is yielded restores it, as does the end."""
    found = stripped(real.get(*which))
    other = json.loads(json.dumps(found))
    change(other)
    real.do("replace", "-f", "-", stdin=json.dumps(other))

    def restore() -> None:
        real.do("replace", "-f", "-", stdin=json.dumps(found))

    try:
        yield restore
    finally:
        restore()


def restart_counts(real: RealCluster, namespace: str = SYSTEM_NAMESPACE) -> dict[str, int]:
    """How often the kubelet has started a program of these pods again."""
    return {
        pod["metadata"]["name"]: sum(
            status["restartCount"] for status in pod.get("status", {}).get("containerStatuses", [])
        )
        for pod in real.get("pods", "-n", namespace)["items"]
    }


def read_log(real: RealCluster, workload: str, namespace: str = SYSTEM_NAMESPACE) -> str:
    """What the workload's pods have logged, as far as they can be asked."""
    return real.kubectl("logs", workload, "-n", namespace, "--all-pods", "--tail=-1", "--ignore-errors").stdout


def is_ready(real: RealCluster, pod: str, namespace: str) -> bool:
    """Whether the pod's condition Ready is True."""
    words = "jsonpath={.status.conditions[?(@.type=='Ready')].status}"
    return real.kubectl("get", "pod", pod, "-n", namespace, "-o", words).stdout == "True"


@contextmanager
def own_store(real: RealCluster, namespace: str, *settings: str) -> Iterator[None]:
    """The chart's store once more, without TLS, in a namespace of a test; the SDK is led to it there."""
    rights = f"titan-store-{namespace}"
    account = f"{namespace}:titan-store"
    real.do("create", "clusterrolebinding", rights, "--clusterrole=titan-store", f"--serviceaccount={account}")
    try:
        apply_store(real, namespace, *settings)
        note = f"titan.io/store-service={namespace}/titan-store:api"
        real.do("annotate", "serviceaccount", "titan-client", "-n", namespace, "--overwrite", note)
        yield
    finally:
        real.do("delete", "clusterrolebinding", rights)


def apply_store(real: RealCluster, namespace: str, *settings: str) -> None:
    """Make or change the store of such a namespace."""
    given = [word for setting in ("store.tls.enabled=false", *settings) for word in ("--set", setting)]
    rendered = real.helm(
        *("template", "titan", str(REPOSITORY / "charts" / "titan"), "--namespace", namespace),
        *("--show-only", "templates/store.yaml", *given),
    )
    assert rendered.returncode == 0, rendered.stderr
    real.do("apply", "-n", namespace, "-f", "-", stdin=rendered.stdout)


def host_address(real: RealCluster) -> str:
    """This machine as the nodes, and so the pods, reach it: the address that it uses towards a node."""
    nodes = real.get("nodes", "-l", "type!=kwok")["items"]
    address = next(one["address"] for one in nodes[0]["status"]["addresses"] if one["type"] == "InternalIP")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((address, 9))  # Nothing is sent: the kernel only chooses the route.
        return str(probe.getsockname()[0])


class HostS3:
    """A real S3 server on this machine that pods reach; it goes away, and comes back with what it had."""

    def __init__(self, directory: Path, address: str) -> None:
        if not BINARY.exists():
            pytest.skip(f"{BINARY} is not there: `python3 -m tools.binaries versitygw` makes it")
        self._directory = directory
        (directory / BUCKET).mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind((address, 0))
            self._place: tuple[str, int] = (address, int(probe.getsockname()[1]))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """For store.s3.endpoint."""
        return "http://{}:{}".format(*self._place)

    def holds(self, content: bytes) -> bool:
        """Whether an object of the bucket has exactly these bytes."""
        return any(path.is_file() and path.read_bytes() == content for path in self._directory.rglob("*"))

    def start(self, secret: str) -> None:
        """Serve whoever signs with this key."""
        self.stop()
        arguments = ("--port", "{}:{}".format(*self._place), "--quiet", "posix", str(self._directory))
        self._process = subprocess.Popen(
            [find_tool("versitygw"), *arguments],
            env={**os.environ, "ROOT_ACCESS_KEY": ACCESS, "ROOT_SECRET_KEY": secret},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(self._place, timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the S3 server does not listen")

    def stop(self) -> None:
        """Gone, without a farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
