"""One server for all conformance tests: the embedded one as a process of its own, a real one, or any cluster.

``pytest tests/conformance --server real`` runs them against a kube-apiserver that it starts, and ``--kubeconfig FILE``
(or the environment variable TITAN_CONFORMANCE_KUBECONFIG) against any cluster: where the two differ, the embedded one
is wrong. Only tests that need to kill the server, read its disk or play its kubelet are skipped there.
``make agreement`` runs both and writes docs/agreement.md.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from builders.kubernetes.real_api_server import RealApiServer, why_unavailable
from conformance.api import Api, open_api, until
from conformance.embedded import EmbeddedServer
from conformance.objects import CRDS, GROUP, PLURAL, VERSION, gadget_definition, serves

KUBECONFIG_VARIABLE = "TITAN_CONFORMANCE_KUBECONFIG"
ROOT = Path(__file__).parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kubeconfig", default="", help="run the conformance tests against this cluster")
    servers = ("embedded", "real")
    parser.addoption("--server", default="embedded", choices=servers, help="which server the conformance tests start")
    parser.addoption("--record", action="store_true", help="write tests/conformance/answers anew")


@dataclass(frozen=True)
class Cluster:
    """The cluster under test."""

    kubeconfig: Path
    embedded: EmbeddedServer | None


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    given = request.config.getoption("--kubeconfig", "") or os.environ.get(KUBECONFIG_VARIABLE, "")
    if given:
        yield Cluster(Path(given), None)
        return
    if request.config.getoption("--server", "embedded") == "real":
        if reason := why_unavailable():
            pytest.fail(reason)
        with RealApiServer(tmp_path_factory.mktemp("kube-apiserver")) as real:
            yield Cluster(real.kubeconfig, None)
        return
    with EmbeddedServer(tmp_path_factory.mktemp("apiserver")) as server:
        yield Cluster(server.kubeconfig, server)


@pytest.fixture(scope="session")
def embedded(cluster: Cluster) -> EmbeddedServer:
    if cluster.embedded is None:
        pytest.skip("needs the embedded server's own directory")
    return cluster.embedded


@pytest.fixture(scope="session")
def api(cluster: Cluster) -> Api:
    """The caller who may do everything; Gadgets and Titan's own kinds are served."""
    api = open_api(cluster.kubeconfig)
    titan = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "crds").glob("*.yaml"))]
    for crd in [gadget_definition(), *titan]:
        answer = api.post(CRDS, crd)
        assert answer.status in (201, 409), answer.message
        spec = crd["spec"]
        serves(api, spec["group"], spec["versions"][0]["name"], spec["names"]["plural"])
    return api


@pytest.fixture
def namespace(api: Api) -> Iterator[str]:
    """A namespace that no other test uses."""
    name = f"t-{uuid.uuid4().hex[:10]}"
    assert api.post("/api/v1/namespaces", {"metadata": {"name": name}}).status == 201
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    until(lambda: api.get(account).status == 200, what="the namespace's ServiceAccount, without which no pod is made")
    yield name
    api.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture
def gadgets(namespace: str) -> str:
    """The path of the Gadgets of a test's namespace."""
    return f"/apis/{GROUP}/{VERSION}/namespaces/{namespace}/{PLURAL}"


@pytest.fixture
def config_maps(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/configmaps"


@pytest.fixture
def pods(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/pods"
