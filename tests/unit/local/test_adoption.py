"""kill -9 of the kubelet, or of a shim: no program is started twice, and no end is lost or invented."""

import os
import signal
from pathlib import Path

import pytest
from builders.kubernetes.control_plane import PODS, ControlPlane, wait_for

WAITS = "echo started >> {0}/starts; while [ ! -e {0}/go ]; do sleep 0.02; done; exit 4"


def starts(folder: Path) -> int:
    path = folder / "starts"
    return path.read_text().count("started") if path.exists() else 0


def test_a_program_that_outlived_its_kubelet_is_adopted(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("survivor", WAITS.format(tmp_path))
    wait_for(lambda: starts(tmp_path))

    plane.kill("kubelet")
    plane.start_kubelet()
    (tmp_path / "go").touch()

    assert plane.wait_for_end("survivor")["exitCode"] == 4
    assert starts(tmp_path) == 1


def test_an_end_while_no_kubelet_ran_is_reported_by_the_next_one(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("unseen", WAITS.format(tmp_path))
    wait_for(lambda: starts(tmp_path))

    plane.kill("kubelet")
    (tmp_path / "go").touch()
    wait_for(lambda: list(plane.state.pods.glob("*/runs/main/0/exit.json")))
    plane.start_kubelet()

    assert plane.wait_for_end("unseen")["exitCode"] == 4
    assert starts(tmp_path) == 1


@pytest.mark.parametrize("number", range(5))
def test_a_kubelet_killed_while_it_starts_pods_starts_each_once(
    plane: ControlPlane, tmp_path: Path, number: int
) -> None:
    pods = [f"burst-{number}-{index}" for index in range(6)]
    for pod in pods:
        (tmp_path / pod).mkdir()
        (tmp_path / pod / "go").touch()
        plane.run_pod(pod, WAITS.format(tmp_path / pod))
    wait_for(lambda: sum(starts(tmp_path / pod) for pod in pods) >= number)

    plane.kill("kubelet")
    plane.start_kubelet()

    assert [plane.wait_for_end(pod)["exitCode"] for pod in pods] == [4] * len(pods)
    assert [starts(tmp_path / pod) for pod in pods] == [1] * len(pods)


def test_a_pod_deleted_while_no_kubelet_ran_loses_its_program(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("forgotten", f"echo $$$$ > {tmp_path}/pid; sleep 600")
    pid = int(wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))

    plane.kill("kubelet")
    plane.admin.request("DELETE", "/api/v1/namespaces/default/pods/forgotten", {"gracePeriodSeconds": 0})
    plane.start_kubelet()

    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())


def test_a_pod_deleted_with_grace_while_no_kubelet_ran_ends_in_order(plane: ControlPlane, tmp_path: Path) -> None:
    script = f"trap 'touch {tmp_path}/ended; exit 0' TERM; touch {tmp_path}/begun; while true; do sleep 0.02; done"
    plane.run_pod("polite", script)
    wait_for((tmp_path / "begun").exists)

    plane.kill("kubelet")
    plane.admin.request("DELETE", f"{PODS}/polite", {"gracePeriodSeconds": 60})
    plane.start_kubelet()

    wait_for(lambda: plane.get_pod("polite") is None)
    assert (tmp_path / "ended").exists()


def test_a_run_whose_shim_was_killed_fails_as_lost_and_its_program_ends(plane: ControlPlane, tmp_path: Path) -> None:
    pod = plane.run_pod("orphan", f"echo $$$$ > {tmp_path}/pid; sleep 600")
    pid = int(wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    run = plane.state.pods / pod["metadata"]["uid"] / "runs" / "main" / "0"

    os.kill(int((run / "started").read_text()), signal.SIGKILL)

    status = plane.wait_for_phase("orphan", "Failed")["status"]
    assert status["reason"] == "Terminated"
    assert status["containerStatuses"][0]["state"]["terminated"]["reason"] == "ContainerStatusUnknown"
    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())
