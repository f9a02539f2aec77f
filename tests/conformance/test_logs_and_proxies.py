"""What the server passes on: logs from a kubelet, requests to a service. The stubs behind it need the embedded server."""

import threading
import uuid
from collections.abc import Iterator

import pytest
from conformance.api import Api
from conformance.embedded import EmbeddedServer
from conformance.objects import pod
from conformance.stubs import serving

KUBELET_TOKEN = "kubelet-token-of-the-conformance-tests"


@pytest.fixture
def node(api: Api, embedded: EmbeddedServer) -> Iterator[tuple[str, threading.Event]]:
    """A node whose kubelet is a stub."""
    (embedded.directory / "kubelet.token").write_text(KUBELET_TOKEN)
    name = f"node-{uuid.uuid4().hex[:8]}"
    with serving(KUBELET_TOKEN) as (port, go_on):
        api.post("/api/v1/nodes", {"metadata": {"name": name}})
        status = {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}}
        assert api.patch(f"/api/v1/nodes/{name}/status", status).status == 200
        yield name, go_on
    api.delete(f"/api/v1/nodes/{name}")


def bound_pod(api: Api, pods: str, name: str, node: str, *containers: str) -> str:
    api.post(pods, pod(name, *[{"name": item, "image": "x"} for item in containers or ("main",)]))
    assert api.post(f"{pods}/{name}/binding", {"metadata": {"name": name}, "target": {"name": node}}).status == 201
    return f"{pods}/{name}/log"


def test_a_log_comes_from_the_kubelet_of_the_pods_node(api: Api, pods: str, node: tuple[str, threading.Event]) -> None:
    path = bound_pod(api, pods, "p", node[0])
    namespace = pods.split("/")[4]
    answer = api.get(path)
    assert (answer.status, answer.text) == (200, f"first line of /containerLogs/{namespace}/p/main\n")


def test_a_followed_log_arrives_as_it_is_written(api: Api, pods: str, node: tuple[str, threading.Event]) -> None:
    path = bound_pod(api, pods, "p", node[0])
    response = api.open(path, follow="true")
    assert response.read1(65536).startswith(b"first line")
    node[1].set()
    assert b"".join(iter(lambda: response.read1(65536), b"")) == b"second line\n"
    response.release_conn()


def test_a_container_must_be_chosen_among_several(api: Api, pods: str) -> None:
    api.post(pods, pod("p", {"name": "main", "image": "x"}, {"name": "side", "image": "y"}))
    answer = api.get(f"{pods}/p/log")
    assert (answer.status, answer.reason) == (400, "BadRequest")
    assert answer.message == "a container name must be specified for pod p, choose one of: [main side]"
    answer = api.get(f"{pods}/p/log", container="zzz")
    assert (answer.status, answer.message) == (400, "container zzz is not valid for pod p")


def test_a_pod_without_a_node_has_an_empty_log(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    answer = api.get(f"{pods}/p/log")
    assert (answer.status, answer.content) == (204, b"")


def test_a_kubelet_that_is_away_is_an_error_and_no_hang(api: Api, pods: str, embedded: EmbeddedServer) -> None:
    with serving() as (port, _):
        pass  # Its port is free again now.
    name = f"node-{uuid.uuid4().hex[:8]}"
    api.post("/api/v1/nodes", {"metadata": {"name": name}})
    api.patch(f"/api/v1/nodes/{name}/status", {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}})
    answer = api.get(bound_pod(api, pods, "p", name))
    assert (answer.status, "the kubelet cannot be reached" in answer.message) == (500, True)
    api.delete(f"/api/v1/nodes/{name}")


@pytest.fixture
def proxy(api: Api, namespace: str, embedded: EmbeddedServer) -> Iterator[str]:
    """The path of a service's proxy; behind it is a stub that tells what it got."""
    path = f"/api/v1/namespaces/{namespace}"
    with serving() as (port, _):
        ports = [{"name": "api", "port": port}]
        assert api.post(f"{path}/services", {"metadata": {"name": "s"}, "spec": {"ports": ports}}).status == 201
        subsets = [{"addresses": [{"ip": "127.0.0.1"}], "ports": ports}]
        assert api.post(f"{path}/endpoints", {"metadata": {"name": "s"}, "subsets": subsets}).status == 201
        yield f"{path}/services/s:api/proxy"


def test_a_request_reaches_the_service_with_its_query_its_headers_and_its_body(api: Api, proxy: str) -> None:
    caller = api.acting_as(X_Titan_Token="t", Cookie="c=d")
    answer = caller.put(f"{proxy}/v1/value", b'{"a": 1}', key="ä b/c%2Fd", kind="application/json")
    seen = answer.body
    assert (answer.status, answer.headers["X-Served-By"]) == (200, "stub")
    assert (seen["method"], seen["body"]) == ("PUT", '{"a": 1}')
    assert seen["path"] == "/v1/value?key=%C3%A4+b%2Fc%252Fd"
    assert (seen["headers"]["X-Titan-Token"], seen["headers"]["Cookie"]) == ("t", "c=d")


def test_credentials_for_the_server_do_not_reach_the_service(api: Api, proxy: str) -> None:
    headers = {key.lower() for key in api.acting_as(X_Remote_User="me").get(f"{proxy}/x").body["headers"]}
    assert not headers & {"authorization", "x-remote-user"}


def test_the_services_own_errors_pass_through(api: Api, proxy: str) -> None:
    assert api.get(f"{proxy}/teapot").status == 418


@pytest.mark.parametrize("address", ["s", "s:api", "http:s:api", "http:s:"])
def test_a_service_is_addressed_in_several_ways(api: Api, proxy: str, address: str) -> None:
    assert api.get(proxy.replace("s:api", address) + "/x").status == 200


def test_a_service_without_anybody_behind_it_is_unavailable(api: Api, namespace: str, proxy: str) -> None:
    assert api.get(proxy.replace("s:api", "missing") + "/x").status == 404
    answer = api.get(proxy.replace("s:api", "s:other") + "/x")
    assert (answer.status, answer.reason) == (503, "ServiceUnavailable")
    api.delete(f"/api/v1/namespaces/{namespace}/endpoints/s")
    assert "no endpoints available for service" in api.get(f"{proxy}/x").message


def test_the_proxy_is_a_right_of_its_own(api: Api, proxy: str) -> None:
    answer = api.acting_as(Impersonate_User="bob").get(f"{proxy}/x")
    assert (answer.status, 'cannot get resource "services/proxy"' in answer.message) == (403, True)
