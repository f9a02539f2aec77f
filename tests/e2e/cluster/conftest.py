"""Titan in a real cluster, installed by its chart once for the whole session; `make e2e` runs these tests."""

from collections.abc import Iterator

import pytest
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, find_kubeconfig

from titan_sdk import TitanClient

CONTROL_PLANE = ("deployment/titan-operator", "statefulset/titan-store")
LOG_LINES = "60"


@pytest.fixture(scope="session")
def bare() -> RealCluster:
    """The cluster as it is, whatever is installed in it."""
    cluster = RealCluster(find_kubeconfig())
    answer = cluster.kubectl("get", "--raw", "/readyz", timeout=20)
    if answer.returncode:
        pytest.exit(f"no cluster answers at {cluster.kubeconfig} (make cluster-up, or kind-up): {answer.stderr}", 1)
    return cluster


@pytest.fixture(scope="session")
def real(bare: RealCluster) -> RealCluster:
    """The cluster with Titan in it, just as the README installs it."""
    installed = bare.helm(
        "upgrade", "--install", "titan", "charts/titan", "--namespace", SYSTEM_NAMESPACE, "--create-namespace", "--wait"
    )
    assert installed.returncode == 0, installed.stderr
    return bare


@pytest.fixture
def namespace(real: RealCluster) -> Iterator[str]:
    """One for this test alone."""
    with real.namespace() as name:
        yield name


@pytest.fixture
def client(real: RealCluster, namespace: str) -> TitanClient:
    """The SDK of a person outside, whose kubeconfig leads to the cluster."""
    return real.client(namespace)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put the control plane's last lines, and the namespace's events, under a failed test."""
    report = yield
    arguments = getattr(item, "funcargs", {})
    cluster = arguments.get("real") or arguments.get("bare")
    if report.failed and isinstance(cluster, RealCluster):
        for workload in CONTROL_PLANE:
            log = cluster.kubectl("logs", workload, "-n", SYSTEM_NAMESPACE, "--tail", LOG_LINES, "--all-pods")
            report.sections.append((f"log of {workload}", log.stdout + log.stderr))
        if "namespace" in arguments:
            events = cluster.kubectl("get", "events,pods,tjob", "-n", arguments["namespace"])
            report.sections.append(("the namespace", events.stdout + events.stderr))
    return report
