"""Which pod goes where, and in which order: tables without a cluster."""

from typing import Any

import pytest
from titan_local.scheduler.backlog import Backlog, Binding, Refusal

from titan_api.json_types import Json

NAMES = iter(range(1, 1_000_000))


def node(name: str, *, labels: dict[str, str] | None = None, ready: bool = True, **capacity: str) -> Json:
    offered = {"cpu": "8", "memory": "32Gi", "pods": "110"} | {key.replace("_", "/"): v for key, v in capacity.items()}
    return {
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name} | (labels or {})},
        "spec": {},
        "status": {"allocatable": offered, "conditions": [{"type": "Ready", "status": str(ready)}]},
    }


def pod(name: str, *, priority: str = "", created: str = "2026-01-01T00:00:00Z", **spec: Any) -> Json:
    resources = {"requests": spec.pop("requests", {})}
    metadata = {"name": name, "namespace": "default", "uid": name, "creationTimestamp": created}
    return {
        "metadata": metadata | {"resourceVersion": str(next(NAMES)), "labels": spec.pop("labels", {})},
        "spec": {"containers": [{"name": "main", "resources": resources}], "priorityClassName": priority} | spec,
        "status": {"phase": "Pending"},
    }


def ended(bound: Json, where: str) -> Json:
    return bound | {"spec": bound["spec"] | {"nodeName": where}, "status": {"phase": "Succeeded"}}


def backlog(*nodes: Json, pods: tuple[Json, ...] = (), priorities: dict[str, int] | None = None) -> Backlog:
    made = Backlog()
    for one in nodes:
        made.observe_node("ADDED", one)
    for name, value in (priorities or {}).items():
        made.observe_priority("ADDED", {"metadata": {"name": name}, "value": value})
    for one in pods:
        made.observe_pod("ADDED", one)
    return made


def shown(made: Backlog) -> list[tuple[str, str]]:
    """Pod and node, or pod and the reason against it."""
    return [
        (decision.pod["metadata"]["name"], decision.node if isinstance(decision, Binding) else decision.message)
        for decision in made.decide()
    ]


GPU = {"nvidia.com/gpu": "1"}
GPU_NODE = node("gpu", **{"nvidia.com_gpu": "1"})
NOT_HELPFUL = "preemption: 0/{0} nodes are available: {0} Preemption is not helpful for scheduling."


def test_a_second_gpu_pod_waits_until_the_first_has_ended() -> None:
    first, second = pod("first", requests=GPU), pod("second", requests=GPU)
    made = backlog(node("plain"), GPU_NODE, pods=(first, second))

    decided = shown(made)
    made.observe_pod("MODIFIED", ended(first, "gpu"))

    reason = f"0/2 nodes are available: 2 Insufficient nvidia.com/gpu. {NOT_HELPFUL.format(2)}"
    assert decided == [("first", "gpu"), ("second", reason)]
    assert shown(made) == [("second", "gpu")]


def test_higher_priority_goes_first_and_equal_priority_in_order_of_arrival() -> None:
    made = backlog(
        GPU_NODE,
        pods=tuple(pod(name, priority=f"titan-{name[0]}", requests=GPU) for name in ("1a", "1b", "9c", "5d")),
        priorities={"titan-1": 1000, "titan-5": 5000, "titan-9": 9000},
    )

    assert [name for name, _ in shown(made)] == ["9c", "5d", "1a", "1b"]


def test_the_earlier_second_comes_before_the_earlier_arrival() -> None:
    late = pod("late", created="2026-01-01T00:00:09Z", requests=GPU)
    early = pod("early", created="2026-01-01T00:00:01Z", requests=GPU)

    assert shown(backlog(GPU_NODE, pods=(late, early)))[0] == ("early", "gpu")


def test_a_changed_condition_does_not_cost_a_pod_its_place() -> None:
    first, second = pod("first", requests=GPU), pod("second", requests=GPU)
    made = backlog(pods=(first, second))
    made.observe_pod("MODIFIED", first | {"metadata": first["metadata"] | {"resourceVersion": "99999999"}})
    made.observe_node("ADDED", GPU_NODE)

    assert shown(made)[0] == ("first", "gpu")


def test_a_pod_that_fits_nowhere_starves_nobody() -> None:
    made = backlog(node("plain"), pods=(pod("gpu", requests=GPU), pod("other")))

    assert ("other", "plain") in shown(made)


def test_the_same_reason_is_said_once_and_a_new_one_again() -> None:
    made = backlog(node("plain"), pods=(pod("gpu", requests=GPU),))

    said = [shown(made), shown(made)]
    made.observe_node("ADDED", node("second"))

    assert [len(decisions) for decisions in said] == [1, 0]
    assert shown(made)[0][1].startswith("0/2 nodes are available: 2 Insufficient nvidia.com/gpu.")


def test_what_could_not_be_written_is_decided_again() -> None:
    made = backlog(node("plain"), pods=(pod("one"), pod("gpu", requests=GPU)))

    first = made.decide()
    for decision in first:
        made.undo(decision)

    assert made.decide() == first
    assert {type(decision) for decision in first} == {Binding, Refusal}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, "a"),
        ({"nodeSelector": {"disk": "ssd"}}, "b"),
        ({"nodeSelector": {"disk": "tape"}}, "node(s) didn't match Pod's node affinity/selector"),
        ({"requests": {"cpu": "9"}}, "Insufficient cpu"),
        ({"requests": {"memory": "33Gi"}}, "Insufficient memory"),
        ({"nodeName": "elsewhere"}, None),
        ({"schedulerName": "another"}, None),
    ],
)
def test_a_pod_goes_where_it_fits(spec: Json, expected: str | None) -> None:
    made = backlog(node("a"), node("b", labels={"disk": "ssd"}), pods=(pod("p", **spec),))

    decided = shown(made)

    if expected is None:
        assert decided == []
    else:
        assert expected in decided[0][1]


def near(*hosts: str) -> Json:
    expression = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(hosts)}
    wish = {"weight": 100, "preference": {"matchExpressions": [expression]}}
    return {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}}


@pytest.mark.parametrize(("host", "expected"), [("b", "b"), ("nowhere", "a")])
def test_a_preferred_node_is_taken_if_it_can_be(host: str, expected: str) -> None:
    assert shown(backlog(node("a"), node("b"), pods=(pod("p", affinity=near(host)),))) == [("p", expected)]


def test_a_preferred_node_that_is_full_does_not_keep_a_pod_waiting() -> None:
    full = pod("full", nodeName="b", requests={"cpu": "8"})
    wishing = pod("p", affinity=near("b"), requests={"cpu": "1"})

    assert shown(backlog(node("a"), node("b"), pods=(full, wishing))) == [("p", "a")]


def test_pods_spread_over_the_nodes() -> None:
    pods = tuple(pod(f"p{index}", requests={"cpu": "1"}) for index in range(6))

    decided = [where for _, where in shown(backlog(node("a"), node("b"), node("c"), pods=pods))]

    assert sorted(decided) == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (node("a", ready=False), "1 node(s) were not ready"),
        (node("a") | {"spec": {"unschedulable": True}}, "1 node(s) were unschedulable"),
        (
            node("a") | {"spec": {"taints": [{"key": "k", "value": "v", "effect": "NoSchedule"}]}},
            "1 node(s) had untolerated taint {k: v}",
        ),
    ],
)
def test_a_node_that_takes_no_pods_is_named_with_its_reason(made: Json, reason: str) -> None:
    decided = shown(backlog(made, pods=(pod("p"),)))

    assert decided == [("p", f"0/1 nodes are available: {reason}. {NOT_HELPFUL.format(1)}")]


@pytest.mark.parametrize(
    "toleration",
    [
        {"operator": "Exists"},
        {"key": "k", "operator": "Exists"},
        {"key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"},
        {"key": "k", "value": "v"},
    ],
)
def test_a_tolerated_taint_is_no_obstacle(toleration: Json) -> None:
    tainted = node("a") | {"spec": {"taints": [{"key": "k", "value": "v", "effect": "NoSchedule"}]}}

    assert shown(backlog(tainted, pods=(pod("p", tolerations=[toleration]),))) == [("p", "a")]


def test_without_any_node_the_reason_says_so() -> None:
    assert shown(backlog(pods=(pod("p"),))) == [("p", "no nodes available to schedule pods")]


def test_a_deleted_pod_gives_its_room_back() -> None:
    first, second = pod("first", nodeName="gpu", requests=GPU), pod("second", requests=GPU)
    made = backlog(GPU_NODE, pods=(first, second))
    shown(made)

    made.observe_pod("DELETED", first)

    assert shown(made) == [("second", "gpu")]
