"""Services on a running cluster: their port lets children go, they are kept alive, and nothing of them stays behind."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

import pytest
from bench.clusters import component_pids, private_cluster
from titan_local.clusters import LocalCluster
from titan_local.running.admin import Admin

from titan_api import names
from titan_sdk import TitanClient, TitanJob

T = TypeVar("T")

SERVER = """
import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_):
        pass
print("began", flush=True)
time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 0)
http.server.HTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""
CALL = """
import sys, urllib.request
from titan_sdk import TitanClient
address = TitanClient().service_address(sys.argv[1])
urllib.request.urlopen(f"http://{address}/", timeout=5).read()
print("it answered")
"""
PATIENCE_SECONDS = 40.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with private_cluster() as running:
        yield running


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def a_service(job_id: str, port: int, args: str = "") -> TitanJob:
    return TitanJob(job_id, f"{job_id}.py", "SERVICE", args, port=port, script_content=SERVER)


def wait_for(look: Callable[[], T]) -> T:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("what was waited for did not happen")


def pid_that_answers(port: int) -> int:
    """Of the service's program; 0 while nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=1) as answer:
            return int(answer.read())
    except OSError:
        return 0


def objects(cluster: LocalCluster, path: str) -> list[dict[str, Any]]:
    admin = Admin(cluster.state_dir / "kubeconfig")
    try:
        items: list[dict[str, Any]] = admin.request("GET", path)["items"]
        return items
    finally:
        admin.close()


def remains(cluster: LocalCluster, dag: str) -> list[str]:
    """What there is of a DAG's services, by kind and name."""
    paths = {
        "Deployment": "/apis/apps/v1/namespaces/default/deployments",
        "Service": "/api/v1/namespaces/default/services",
        "Endpoints": "/api/v1/namespaces/default/endpoints",
        "Pod": f"/api/v1/namespaces/default/pods?labelSelector={names.LABEL_DAG}={dag}",
    }
    found = [(kind, one["metadata"]["name"]) for kind, path in paths.items() for one in objects(cluster, path)]
    return [f"{kind} {name}" for kind, name in found if name.startswith(dag)]


def test_a_child_starts_when_the_port_answers_and_finds_it_by_its_address(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    dag = client.submit_dag(
        "answers",
        [
            a_service("slow_api", port, "1.5"),
            TitanJob("call", "call.py", args="slow_api", script_content=CALL, parents=["slow_api"]),
        ],
    )
    view = client.wait(dag, timeout=60)
    assert (view.phase, view.is_serving) == ("Running", True)
    assert client.fetch_logs("call") == "it answered\n"
    assert client.get_job("call").attempt == 1
    assert client.get_job_status("slow_api") == "COMPLETED"
    assert [(job.job_id, job.address) for job in client.list_services()] == [("slow_api", f"127.0.0.1:{port}")]
    assert client.stop_service("DAG-slow_api") == "STOPPED: DAG-slow_api"
    assert client.wait(dag, timeout=60).phase == "Succeeded"
    assert client.list_services() == []
    assert client.stop_service("slow_api").startswith("ERROR: ")


def test_a_service_that_was_killed_comes_back_and_its_log_goes_on(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    dag = client.submit_dag("killed", [a_service("phoenix", port)])
    client.wait(dag, timeout=60)
    first = pid_that_answers(port)
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: pid_that_answers(port))
    assert second != first
    assert wait_for(lambda: client.fetch_logs("phoenix").count("began") == 2)
    wait_for(lambda: client.get_job("phoenix").phase == "Serving")
    assert client.get_dag(dag.name).phase == "Running"
    client.cancel(dag.name)
    client.wait(dag, timeout=60)


@pytest.mark.parametrize("component", ["operator", "controllers", "kubelet"])
def test_a_service_outlives_each_component(cluster: LocalCluster, port: int, component: str) -> None:
    client = TitanClient()
    dag = client.submit_dag(f"outlives-{component}", [a_service(f"api_{component}", port)])
    client.wait(dag, timeout=60)
    before = pid_that_answers(port)
    os.kill(component_pids(cluster)[component], signal.SIGKILL)
    assert pid_that_answers(port) == before
    # What comes after it still works.
    assert client.stop_service(f"api_{component}").startswith("STOPPED")
    assert client.wait(dag, timeout=60).phase == "Succeeded"
    assert pid_that_answers(port) == 0


def test_cancelling_the_dag_ends_the_services_process(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    dag = client.submit_dag("cancelled", [a_service("doomed", port)])
    client.wait(dag, timeout=60)
    pid = pid_that_answers(port)
    client.cancel(dag.name)
    assert client.wait(dag, timeout=60).phase == "Cancelled"
    assert not Path(f"/proc/{pid}").exists()
    assert remains(cluster, dag.name) == []


def test_deleting_the_dag_leaves_nothing_of_its_services(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    dag = client.submit_dag("deleted", [a_service("gone", port)])
    client.wait(dag, timeout=60)
    pid = pid_that_answers(port)
    kinds = {one.split()[0] for one in remains(cluster, dag.name)}
    assert kinds == {"Deployment", "Service", "Endpoints", "Pod"}
    admin = Admin(cluster.state_dir / "kubeconfig")
    admin.request("DELETE", f"/apis/{names.API_VERSION}/namespaces/default/titandags/{dag.name}")
    admin.close()
    wait_for(lambda: not remains(cluster, dag.name) and not Path(f"/proc/{pid}").exists())


def test_a_second_service_on_the_same_port_says_that_it_is_taken(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    first = client.submit_dag("first", [a_service("one", port)])
    client.wait(first, timeout=60)
    second = client.submit_dag("second", [a_service("two", port)])
    wait_for(lambda: "Address already in use" in client.get_job("two").message)
    assert client.get_job_status("two") != "COMPLETED"
    assert "Address already in use" in client.fetch_logs("two")
    client.cancel(second.name)
    client.cancel(first.name)
    assert client.wait(second, timeout=60).phase == "Cancelled"
    client.wait(first, timeout=60)


def test_a_service_that_was_cancelled_serves_again_in_the_next_run(cluster: LocalCluster, port: int) -> None:
    client = TitanClient()
    dag = client.submit_dag("again", [a_service("twice", port)])
    client.wait(dag, timeout=60)
    client.cancel(dag.name)
    assert client.wait(dag, timeout=60).phase == "Cancelled"
    client.retry(dag.name)
    wait_for(lambda: client.get_job("twice").phase == "Serving")
    assert client.fetch_logs("twice").count("began") == 2
    client.stop_service("twice")
    assert client.wait(dag, timeout=60).phase == "Succeeded"


def test_a_service_out_of_an_archive_gets_its_arguments(cluster: LocalCluster, port: int, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "web").mkdir(parents=True)
    (project / "web" / "words.py").write_text("WORD = 'hello'\n")
    (project / "web" / "serve.py").write_text(
        f"import sys, words\nprint(words.WORD, sys.argv[2], flush=True)\n{SERVER}"
    )
    client = TitanClient()
    client.upload_project_folder(str(project), "web.zip")
    job = TitanJob("packed", "web.zip/web/serve.py", "SERVICE", "0 you", port=port, is_archive=True)
    dag = client.submit_dag("archive", [job])
    client.wait(dag, timeout=60)
    assert client.fetch_logs("packed").splitlines()[0] == "hello you"
    client.cancel(dag.name)
    client.wait(dag, timeout=60)
