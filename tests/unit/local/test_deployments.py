"""What a Deployment needs: decided by a pure function."""

from datetime import UTC, datetime
from typing import Any

import pytest
from titan_local.controllers.deployments import (
    HASH_LABEL,
    CreatePod,
    Decision,
    DeletePod,
    WriteStatus,
    plan_deployment,
    template_hash,
)

from titan_api.json_types import Json

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_deployment(replicas: int = 1, image: str = "a", **metadata: Any) -> Json:
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    head = {"name": "api", "namespace": "default", "uid": "u", "generation": 3}
    return {"metadata": head | metadata, "spec": {"replicas": replicas, "template": template}}


def a_pod(name: str, of: Json, phase: str = "Running", *, ready: bool = False, **metadata: Any) -> Json:
    head = {"name": name, "namespace": "default", "uid": name, "creationTimestamp": f"2026-01-01T00:00:0{name[-1]}Z"}
    labels = {"app": "x", HASH_LABEL: template_hash(of)}
    conditions = [{"type": "Ready", "status": str(ready)}]
    return {"metadata": head | {"labels": labels} | metadata, "status": {"phase": phase, "conditions": conditions}}


def decide(deployment: Json, *pods: Json) -> list[Decision]:
    return plan_deployment(deployment, pods, NOW, lambda: "xyzzy")


def created(decisions: list[Decision]) -> list[Json]:
    return [decision.pod for decision in decisions if isinstance(decision, CreatePod)]


def deleted(decisions: list[Decision]) -> list[str]:
    return [decision.pod["metadata"]["name"] for decision in decisions if isinstance(decision, DeletePod)]


def status(decisions: list[Decision]) -> Json:
    (written,) = [decision.status for decision in decisions if isinstance(decision, WriteStatus)]
    return {field: value for field, value in written.items() if value is not None}


def test_a_new_deployment_gets_its_pod() -> None:
    deployment = a_deployment()
    (pod,) = created(decide(deployment))
    assert pod["metadata"]["name"] == f"api-{template_hash(deployment)}-xyzzy"
    assert pod["metadata"]["labels"] == {"app": "x", HASH_LABEL: template_hash(deployment)}
    assert pod["metadata"]["ownerReferences"][0]["uid"] == "u"
    assert pod["spec"] == deployment["spec"]["template"]["spec"]


@pytest.mark.parametrize(
    ("pods", "expected"),
    [
        ([{"name": "p1"}], (0, [])),
        ([{"name": "p1", "phase": "Failed"}], (1, ["p1"])),
        ([{"name": "p1", "phase": "Succeeded"}], (1, ["p1"])),
        ([{"name": "p1", "deletionTimestamp": "now"}], (1, [])),
        ([{"name": "p1"}, {"name": "p2", "ready": True}, {"name": "p3"}], (0, ["p1", "p3"])),
    ],
)
def test_a_pod_that_is_lost_is_replaced_and_one_too_many_goes(
    pods: list[Json], expected: tuple[int, list[str]]
) -> None:
    deployment = a_deployment()
    decisions = decide(deployment, *(a_pod(of=deployment, **pod) for pod in pods))
    assert (len(created(decisions)), deleted(decisions)) == expected


def test_scaled_to_nothing_it_keeps_no_pod() -> None:
    deployment = a_deployment(replicas=0)
    decisions = decide(deployment, a_pod("p1", deployment, ready=True))
    assert (created(decisions), deleted(decisions)) == ([], ["p1"])


def test_pods_of_a_former_template_go_before_new_ones_come() -> None:
    old = a_pod("p1", a_deployment(image="old"), ready=True)
    decisions = decide(a_deployment(), old)
    assert (created(decisions), deleted(decisions)) == ([], ["p1"])


def test_the_status_tells_of_readiness_and_is_written_only_when_it_changes() -> None:
    deployment = a_deployment()
    waiting = status(decide(deployment, a_pod("p1", deployment)))
    assert (waiting["observedGeneration"], waiting["unavailableReplicas"]) == (3, 1)
    assert "availableReplicas" not in waiting
    serving = status(decide(deployment, a_pod("p1", deployment, ready=True)))
    assert (serving["readyReplicas"], serving["availableReplicas"]) == (1, 1)
    assert {one["type"]: one["status"] for one in serving["conditions"]} == {"Available": "True", "Progressing": "True"}
    assert decide(deployment | {"status": serving}, a_pod("p1", deployment, ready=True)) == []


def test_a_deployment_that_is_being_deleted_is_left_to_the_collector() -> None:
    assert decide(a_deployment(deletionTimestamp="now")) == []
