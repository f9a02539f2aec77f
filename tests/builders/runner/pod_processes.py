"""The processes of a pod as this machine sees them, to freeze them; nothing in Kubernetes can do that."""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, wait_until

PROC = Path("/proc")
_CALL = re.compile(r'titan_api_calls_total\{code="\d+",kind="(\w+)",verb="(\w+)"\} ([\d.e+]+)')


@contextmanager
def frozen(real: RealCluster, pod: str, module: str) -> Iterator[None]:
    """The program of a pod of Titan stands still meanwhile; skips the test where this machine does not run it."""
    uid = real.get("pod", pod, "-n", SYSTEM_NAMESPACE)["metadata"]["uid"]
    found = [process for process in _processes() if _is_of(process, uid, module)]
    if not found or os.geteuid() != 0:
        pytest.skip(f"the processes of {pod} can be frozen only by root on the machine that runs them")
    for process in found:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in found:
            with suppress(ProcessLookupError):  # The kubelet was faster.
                os.kill(process, signal.SIGCONT)


def writes_of(real: RealCluster, operator: str) -> Counter[tuple[str, str]]:
    """What an operator has written so far, by verb and kind, the Lease left out."""
    container = real.get("pod", operator, "-n", SYSTEM_NAMESPACE)["spec"]["containers"][0]
    port = next(port["containerPort"] for port in container["ports"] if port["name"] == "metrics")
    path = f"/api/v1/namespaces/{SYSTEM_NAMESPACE}/pods/{operator}:{port}/proxy/metrics"
    metrics = wait_until(f"the metrics of {operator}", lambda: real.kubectl("get", "--raw", path).stdout)
    found: Counter[tuple[str, str]] = Counter()
    for kind, verb, number in _CALL.findall(metrics):
        if verb != "GET" and kind != "Lease":
            found[verb, kind] += int(float(number))
    return found


def _processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal()]


def _is_of(process: int, pod_uid: str, module: str) -> bool:
    """By its control group, which has the pod's uid in its name; the systemd driver writes it with underscores."""
    try:
        groups = (PROC / str(process) / "cgroup").read_text().replace("_", "-")
        command = (PROC / str(process) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False  # It has just ended.
    return f"pod{pod_uid}" in groups and module.encode() in command
