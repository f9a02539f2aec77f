"""The chart as Helm renders it, without a cluster."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from builders.kubernetes.clusters import REPOSITORY

from titan_api.json_types import Json

CHART = REPOSITORY / "charts" / "titan"
NAMESPACE = "titan-system"
VALUE_SETS: dict[str, tuple[str, ...]] = {
    "minimal": (),
    "s3": ("store.s3.endpoint=https://s3.example.org:9000", "store.s3.bucket=titan", "store.s3.existingSecret=s3"),
    "own certificate": ("store.tls.existingSecret=store-certificate",),
    "without TLS": ("store.tls.enabled=false",),
    "assume": ("clusterResources=assume",),
    "only": ("clusterResources=only",),
    "ingress and monitor": (
        "ingress.enabled=true", "ingress.host=titan.example.org", "ingress.tlsSecret=host", "ingress.className=nginx",
        "serviceMonitor.enabled=true", "serviceMonitor.labels.release=prometheus",
    ),
    "trusted proxy": (
        "store.dashboard.trustedProxy.enabled=true", "store.dashboard.trustedProxy.cidrs={10.1.0.0/16,fd00::/64}",
        "store.dashboard.trustedProxy.groupsHeader=X-Forwarded-Groups",
    ),
    "two namespaces": ("namespaces={blue,green}", "operator.replicas=1"),
    "everything else": (
        "image.registry=registry.example.org/titan", "image.tag=1.2.3", "image.pullSecrets={pull}",
        "store.webhooks[0].secretName=hooks", "store.webhooks[0].key=url", "store.webhooks[1].secretName=hooks",
        "store.webhooks[1].key=slack", "store.webhooks[1].form=slack", "store.webhookToken.secretName=hooks",
        "store.persistence.existingClaim=mine", "operator.settings.finishedPodSeconds=60", "crds.keep=false",
        "operator.settings.leaderElection.leaseDurationSeconds=30", "store.priorityClassName=system-cluster-critical",
    ),
}  # fmt: skip
"""By name: what is given with --set. Each is rendered, linted and compared with Kubernetes' own schemas."""


def find_program(name: str) -> str:
    """A program that `python -m tools.binaries` built, else the one on the PATH; the test is skipped without both."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "titan" / "bin" / name
    found = str(built) if os.access(built, os.X_OK) else shutil.which(name)
    if found is None:
        pytest.skip(f"no {name}: run `python -m tools.binaries {name}`, or put one on the PATH")
    return found


def run_helm(*settings: str) -> "subprocess.CompletedProcess[str]":
    """helm template."""
    command = [find_program("helm"), "template", "titan", str(CHART), "--namespace", NAMESPACE]
    for setting in settings:
        command += ["--set", setting]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@functools.cache
def render_text(name: str) -> str:
    """What Helm renders for one of the value sets."""
    return _succeed(run_helm(*VALUE_SETS[name]))


def render(*settings: str) -> list[Json]:
    """The objects that Helm renders."""
    return _read(_succeed(run_helm(*settings)))


def render_set(name: str) -> list[Json]:
    """The objects of one of the value sets."""
    return _read(render_text(name))


def find(objects: list[Json], kind: str, name: str) -> Json:
    """The one object of that kind and name."""
    (found,) = [obj for obj in objects if obj["kind"] == kind and obj["metadata"]["name"] == name]
    return found


def find_container(objects: list[Json], kind: str, name: str) -> Json:
    """The container of a workload that has one."""
    (container,) = find(objects, kind, name)["spec"]["template"]["spec"]["containers"]
    return dict(container)


def _succeed(ended: "subprocess.CompletedProcess[str]") -> str:
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _read(text: str) -> list[Json]:
    return [document for document in yaml.safe_load_all(text) if document]
