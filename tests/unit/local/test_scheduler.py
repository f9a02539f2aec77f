"""The scheduler as a process: what it writes."""

from builders.kubernetes.control_plane import PODS, ControlPlane, wait_for

GPU = {"resources": {"limits": {"nvidia.com/gpu": "1"}}}


def test_a_pod_without_a_node_is_bound_and_runs(plane: ControlPlane) -> None:
    plane.start("scheduler")
    plane.run_pod("unbound", "true", nodeName="")

    assert plane.wait_for_phase("unbound", "Succeeded")["spec"]["nodeName"].startswith("titan-")
    plane.kill("scheduler")


def test_a_second_gpu_pod_says_why_it_waits_and_then_runs(plane: ControlPlane) -> None:
    plane.start("scheduler")
    plane.run_pod("gpu-1", "sleep 600", nodeName="", container=GPU)
    assert plane.wait_for_phase("gpu-1", "Running")["spec"]["nodeName"] == "titan-gpu"
    plane.run_pod("gpu-2", "true", nodeName="", container=GPU)

    def refusal() -> str:
        conditions = (plane.get_pod("gpu-2") or {})["status"].get("conditions") or []
        return next((c["message"] for c in conditions if c.get("reason") == "Unschedulable"), "")

    assert "4 Insufficient nvidia.com/gpu" in wait_for(refusal)

    def reasons() -> list[str]:
        events = plane.admin.request("GET", PODS.replace("pods", "events"))["items"]
        return [event["reason"] for event in events if event["involvedObject"]["name"] == "gpu-2"]

    assert wait_for(reasons) == ["FailedScheduling"]  # The event comes after the condition.
    plane.delete_pod("gpu-1", grace=0)
    assert plane.wait_for_phase("gpu-2", "Succeeded")["spec"]["nodeName"] == "titan-gpu"
    plane.kill("scheduler")


def test_a_scheduler_that_was_killed_goes_on_where_it_was(plane: ControlPlane) -> None:
    plane.start("scheduler")
    plane.kill("scheduler")
    plane.run_pod("meanwhile", "true", nodeName="")
    plane.start("scheduler")

    assert plane.wait_for_end("meanwhile")["exitCode"] == 0
    plane.kill("scheduler")
