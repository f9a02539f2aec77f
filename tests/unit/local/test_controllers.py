"""The controllers as a process: pods for Deployments, endpoints for Services, readiness by the kubelet's probes."""

import socket
from collections.abc import Iterator

import pytest
from builders.kubernetes.control_plane import PODS, ControlPlane, wait_for
from titan_local.running.admin import AdminError

from titan_api.json_types import Json

DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
SERVICES, ENDPOINTS = PODS.replace("pods", "services"), PODS.replace("pods", "endpoints")

LISTEN = "exec python3 -c 'import socket, sys, time; s = socket.create_server((\"\", {port})); time.sleep(600)'"
PAGES = "exec python3 -m http.server {port} >/dev/null 2>&1"


@pytest.fixture(scope="module")
def controlled(plane: ControlPlane) -> Iterator[ControlPlane]:
    plane.start("scheduler")
    plane.start("controllers")
    yield plane
    plane.kill("controllers")
    plane.kill("scheduler")


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def deploy(plane: ControlPlane, name: str, script: str, probe: Json) -> None:
    container = {"name": "c", "image": "none", "command": ["sh", "-c", script], "readinessProbe": probe}
    labels = {"app": name}
    spec = {"restartPolicy": "Always", "terminationGracePeriodSeconds": 1, "containers": [container]}
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}},
    }
    plane.admin.request("POST", DEPLOYMENTS, body)


def pods_of(plane: ControlPlane, name: str) -> list[Json]:
    items: list[Json] = plane.admin.request("GET", f"{PODS}?labelSelector=app={name}")["items"]
    return items


def is_available(plane: ControlPlane, name: str) -> bool:
    status = plane.admin.request("GET", f"{DEPLOYMENTS}/{name}").get("status") or {}
    return status.get("availableReplicas") == 1


@pytest.mark.parametrize(("name", "script", "action"), [("tcp", LISTEN, "tcpSocket"), ("http", PAGES, "httpGet")])
def test_a_deployment_is_available_once_its_port_answers(
    controlled: ControlPlane, port: int, name: str, script: str, action: str
) -> None:
    deploy(controlled, name, f"sleep 1; {script.format(port=port)}", {action: {"port": port}, "periodSeconds": 1})
    wait_for(lambda: [pod for pod in pods_of(controlled, name) if pod["status"]["phase"] == "Running"])
    assert not is_available(controlled, name)
    wait_for(lambda: is_available(controlled, name))
    controlled.admin.request("DELETE", f"{DEPLOYMENTS}/{name}")
    wait_for(lambda: not pods_of(controlled, name))


def test_a_port_that_somebody_else_listens_on_makes_nobody_ready(controlled: ControlPlane) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        deploy(controlled, "wrong", "exec sleep 600", {"tcpSocket": {"port": taken}, "periodSeconds": 1})
        accepted, _ = listener.accept()
        accepted.close()
        # The probe was answered; the verdict on the next one is the same.
        accepted, _ = listener.accept()
        accepted.close()
        assert not is_available(controlled, "wrong")
    controlled.admin.request("DELETE", f"{DEPLOYMENTS}/wrong")
    wait_for(lambda: not pods_of(controlled, "wrong"))


def test_a_lost_pod_is_replaced_and_the_service_leads_to_the_new_one(controlled: ControlPlane, port: int) -> None:
    deploy(controlled, "web", LISTEN.format(port=port), {"tcpSocket": {"port": port}, "periodSeconds": 1})
    spec = {"selector": {"app": "web"}, "ports": [{"name": "p", "port": 80, "targetPort": port}]}
    controlled.admin.request(
        "POST", SERVICES, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    )

    def target() -> str:
        try:
            subsets = controlled.admin.request("GET", f"{ENDPOINTS}/web").get("subsets") or []
        except AdminError:
            return ""
        if not subsets:
            return ""
        assert [(one["name"], one["port"]) for one in subsets[0]["ports"]] == [("p", port)]
        return str(subsets[0]["addresses"][0]["targetRef"]["name"])

    first = wait_for(target)
    controlled.delete_pod(first)
    second = wait_for(lambda: target() if target() != first else "")
    assert [pod["metadata"]["name"] for pod in pods_of(controlled, "web")] == [second]
    controlled.admin.request("DELETE", f"{SERVICES}/web")
    wait_for(lambda: not target())
    controlled.admin.request("DELETE", f"{DEPLOYMENTS}/web")
    wait_for(lambda: not pods_of(controlled, "web"))


def test_what_happens_while_no_controller_runs_is_caught_up_with(controlled: ControlPlane) -> None:
    controlled.kill("controllers")
    deploy(controlled, "late", "exec sleep 600", {"exec": {"command": ["true"]}})
    controlled.start("controllers")
    wait_for(lambda: is_available(controlled, "late"))
    scaled = controlled.admin.request("GET", f"{DEPLOYMENTS}/late")
    scaled["spec"]["replicas"] = 0
    del scaled["metadata"]["resourceVersion"]
    controlled.admin.request("PUT", f"{DEPLOYMENTS}/late", scaled)
    wait_for(lambda: not pods_of(controlled, "late"))
    controlled.admin.request("DELETE", f"{DEPLOYMENTS}/late")
