"""The embedded cluster as a whole, with everything in it, as ``titan local`` uses it."""

import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.kubernetes.control_plane import PODS, wait_for
from titan_local.clusters import LocalCluster
from titan_local.daemons import current_process
from titan_local.running.admin import Admin, AdminError
from titan_local.running.states import LocalError, unusable

COMPONENTS = ["apiserver", "store", "kubelet", "scheduler", "operator", "controllers"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    cluster = LocalCluster(tmp_path_factory.mktemp("home") / "local")
    cluster.up(api_port=0, store_port=0)
    yield cluster
    cluster.down()


def pids(cluster: LocalCluster) -> dict[str, int | None]:
    return {component.name: component.pid for component in cluster.status().components}


def start_pod(cluster: LocalCluster, name: str, script: str) -> None:
    """Create a pod; retried, because the API server may be the component that was just killed."""
    container = {"name": "main", "image": "none", "command": ["sh", "-c", script]}
    body: dict[str, Any] = {"metadata": {"name": name}, "spec": {"restartPolicy": "Never", "containers": [container]}}

    def created() -> bool:
        admin = Admin(cluster.state_dir / "kubeconfig")
        try:
            admin.request("POST", PODS, body)
        except AdminError as error:
            return error.code == 409
        except (OSError, http.client.HTTPException):
            return False
        finally:
            admin.close()
        return True

    wait_for(created)


def wait_until_pod_succeeds(cluster: LocalCluster, name: str) -> None:
    def phase() -> bool:
        admin = Admin(cluster.state_dir / "kubeconfig")
        try:
            return bool(admin.request("GET", f"{PODS}/{name}")["status"]["phase"] == "Succeeded")
        except (AdminError, OSError, http.client.HTTPException):
            return False
        finally:
            admin.close()

    wait_for(phase)


def test_everything_runs_and_answers(cluster: LocalCluster) -> None:
    status = cluster.status()

    assert status.is_ready
    assert {c.name for c in status.components if c.state == "running"} == {"supervisor", *COMPONENTS}
    assert all(component.log.exists() for component in status.components)


def test_up_again_says_that_it_is_up_and_starts_nothing(cluster: LocalCluster) -> None:
    before = pids(cluster)

    info = cluster.up(api_port=0, store_port=0)

    assert info.already_up
    assert pids(cluster) == before


def test_the_environment_leads_programs_to_the_cluster(cluster: LocalCluster) -> None:
    environment = cluster.env()

    assert environment["TITAN_STORE_URL"] == f"http://{environment['TITAN_HOST']}:{environment['TITAN_PORT']}"
    assert environment["KUBECONFIG"] == str(cluster.state_dir / "kubeconfig")
    with socket.create_connection((environment["TITAN_HOST"], int(environment["TITAN_PORT"]))):
        pass


def test_the_components_have_the_rights_of_their_roles_and_no_more(cluster: LocalCluster) -> None:
    for component, allowed, refused in (
        ("operator", "/api/v1/pods", "/api/v1/secrets"),
        ("store", "/api/v1/namespaces", "/api/v1/secrets"),
        ("controllers", "/apis/apps/v1/deployments", "/apis/titan.io/v1alpha1/titanjobs"),
    ):
        admin = Admin(cluster.state_dir / f"{component}.kubeconfig")
        assert "items" in admin.request("GET", allowed)
        with pytest.raises(AdminError, match="is forbidden"):
            admin.request("GET", refused)
        admin.close()


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_that_was_killed_is_back_and_the_cluster_works(cluster: LocalCluster, component: str) -> None:
    before = pids(cluster)
    pid = before[component]
    assert pid is not None

    os.kill(pid, signal.SIGKILL)

    wait_for(lambda: pids(cluster)[component] not in (None, pid))
    start_pod(cluster, f"after-{component}", "true")
    wait_until_pod_succeeds(cluster, f"after-{component}")
    wait_for(lambda: cluster.status().is_ready)
    assert {n: p for n, p in pids(cluster).items() if n != component} == {
        n: p for n, p in before.items() if n != component
    }


def test_the_components_outlive_their_supervisor_and_the_next_one_adopts_them(cluster: LocalCluster) -> None:
    before = pids(cluster)
    assert before["supervisor"] is not None

    os.kill(before["supervisor"], signal.SIGKILL)
    wait_for(lambda: "supervisor" in cluster.status().missing)
    start_pod(cluster, "unsupervised", "true")
    wait_until_pod_succeeds(cluster, "unsupervised")
    info = cluster.up(api_port=0, store_port=0)

    after = pids(cluster)
    assert not info.already_up
    assert after["supervisor"] not in (None, before["supervisor"])
    assert {name: after[name] for name in COMPONENTS} == {name: before[name] for name in COMPONENTS}


def test_down_ends_everything_and_up_finds_the_objects_and_ports_again(tmp_path: Path) -> None:
    cluster = LocalCluster(tmp_path / "local")
    ports = cluster.up(api_port=0, store_port=0)
    try:
        start_pod(cluster, "sleeper", f"echo $$$$ > {tmp_path}/pid; sleep 600")
        program = int(wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
        processes = [pid for pid in pids(cluster).values() if pid is not None] + [program]

        cluster.down()
        cluster.down()

        assert [pid for pid in processes if Path(f"/proc/{pid}/exe").exists()] == []
        assert not cluster.status().is_ready
        again = cluster.up(api_port=0, store_port=0)
        assert (again.api_server, again.store_url) == (ports.api_server, ports.store_url)
        admin = Admin(cluster.state_dir / "kubeconfig")
        assert admin.request("GET", f"{PODS}/sleeper")["metadata"]["name"] == "sleeper"
        admin.close()
    finally:
        cluster.reset()
    assert not cluster.state_dir.exists()


def test_a_component_that_cannot_start_is_named_and_nothing_is_left_running(tmp_path: Path) -> None:
    cluster = LocalCluster(tmp_path / "local")
    (tmp_path / "local" / "apiserver.db").mkdir(parents=True)
    (tmp_path / "local" / "ports.json").write_text("{}")

    with pytest.raises(LocalError, match=r"the apiserver did not become ready.*its log is"):
        cluster.up(api_port=0, store_port=0)

    assert all(component.pid is None for component in cluster.status().components)


def test_a_stale_state_directory_does_not_matter_and_no_stranger_is_touched(tmp_path: Path) -> None:
    cluster = LocalCluster(tmp_path / "local")
    (tmp_path / "local").mkdir()
    stranger = {"pid": current_process().pid, "startTicks": 1, "restarts": 0}
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    content = {"bootID": boot, "components": dict.fromkeys(["supervisor", *COMPONENTS], stranger)}
    (tmp_path / "local" / "cluster.json").write_text(json.dumps(content))
    (tmp_path / "local" / "ports.json").write_text("damaged")

    cluster.down()
    assert not cluster.up(api_port=0, store_port=0).already_up
    cluster.down()


def test_a_taken_port_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError) as caught:
            LocalCluster(tmp_path / "local").up(api_port=0, store_port=port)

    assert f"port {port} for the store is taken by another program" in str(caught.value)
    assert "--store-port 0" in str(caught.value)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(tmp_path: Path, port: int) -> None:
    with pytest.raises(LocalError, match=f"{port} is not a valid port for the API server"):
        LocalCluster(tmp_path / "local").up(api_port=port)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LocalError, match=r"the state directory .*file/local cannot be used: Not a directory"):
        LocalCluster(tmp_path / "file" / "local").up(api_port=0, store_port=0)


def test_a_directory_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")

    with pytest.raises(LocalError, match="contains files that do not belong to an embedded cluster"):
        LocalCluster(tmp_path).up(api_port=0, store_port=0)
    LocalCluster(tmp_path).reset()

    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_full_disk_is_said_in_a_sentence() -> None:
    error = unusable(Path("/state"), OSError(errno.ENOSPC, "No space left on device"))

    assert str(error) == "there is no space left for the state directory /state; free some, or set TITAN_HOME"


@pytest.mark.parametrize(
    "content", ["no json", "[]", '[{"name": "a"}]', '[{"name":"a","capacity":{}},{"name":"a","capacity":{}}]']
)
def test_a_nodes_file_that_describes_no_nodes_is_refused(tmp_path: Path, content: str) -> None:
    nodes = tmp_path / "nodes.json"
    nodes.write_text(content)

    with pytest.raises(LocalError, match=str(nodes)):
        LocalCluster(tmp_path / "local").up(api_port=0, store_port=0, nodes_file=nodes)


def test_the_plain_command_line_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "titan_local", "env", "--state-dir", str(tmp_path / "none")]

    done = subprocess.run(command, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    expected = f"titan: no embedded cluster is up in {tmp_path}/none; start it with: titan local up\n"
    assert done.stderr == expected
