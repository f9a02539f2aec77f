"""Which jobs could start, in which order, and how much room the cluster has for them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders.store.cluster_objects import condition, dag_object, job_object, node_object
from titan_store.serving.profiles import read_profiles
from titan_store.views.cached.readings import read_dag, read_job, read_node
from titan_store.views.cached.records import DagRecord
from titan_store.views.capacities import Capacity, measure, read_amount
from titan_store.views.queues import could_start, lacks_room, line_up

from titan_api.profiles import DEFAULT_PROFILES, Profile, Toleration, find_profile

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
READY = {"readyTime": "2026-01-02T03:04:00.000000Z"}
DAG = read_dag(dag_object("nightly"))


def waiting(reason: str, **more: Any) -> dict[str, Any]:
    return READY | {"conditions": [condition("Waiting", reason)]} | more


@pytest.mark.parametrize(
    ("spec", "status", "expected"),
    [
        ({}, READY, True),
        ({}, {}, False),
        ({}, READY | {"phase": "Running"}, False),
        ({}, READY | {"attempt": 1}, True),
        ({}, READY | {"attempt": 1, "nodeName": "titan-1"}, False),
        ({"suspend": True}, READY, False),
        ({"cancel": True}, READY, False),
        ({"delayMilliseconds": 4_000}, READY, True),
        ({"delayMilliseconds": 6_000}, READY, False),
        ({}, waiting("BackOff"), False),
        ({}, waiting("Refused"), False),
        ({}, waiting("ParallelLimit", nodeName="titan-1"), True),
        # Before its first start a pod that no node takes is all that the status tells.
        ({}, {"conditions": [condition("Scheduled", "Unschedulable", status="False")]}, True),
        ({"suspend": True}, {"conditions": [condition("Scheduled", "Unschedulable", status="False")]}, False),
    ],
    ids=str,
)
def test_a_job_stands_in_the_queue_if_only_room_or_its_turn_is_missing(
    spec: dict[str, Any], status: dict[str, Any], expected: bool
) -> None:
    job = read_job(job_object("extract", spec=spec, status=status))
    assert could_start(job, lambda namespace, name: DAG, NOW) is expected


@pytest.mark.parametrize(
    "dag",
    [
        None,
        read_dag(dag_object("nightly", spec={"suspend": True})),
        read_dag(dag_object("nightly", spec={"cancel": True})),
        read_dag(dag_object("nightly", status={"phase": "Failed"})),
    ],
    ids=["missing", "suspended", "cancelling", "ended"],
)
def test_a_dag_that_starts_nothing_keeps_its_jobs_out_of_the_queue(dag: DagRecord | None) -> None:
    assert not could_start(read_job(job_object("extract", status=READY)), lambda namespace, name: dag, NOW)


def test_jobs_that_stand_alone_queue_too() -> None:
    assert could_start(read_job(job_object("alone", None, status=READY)), lambda namespace, name: None, NOW)


def test_the_queue_goes_by_priority_class_then_by_readiness() -> None:
    later = {"readyTime": "2026-01-02T03:04:01.000000Z"}
    jobs = [
        read_job(job_object("low", spec={"priority": -5}, status=READY)),
        read_job(job_object("one", second=1, status=READY)),
        read_job(job_object("late", spec={"priority": 10}, status=later)),
        read_job(job_object("beyond", spec={"priority": 99}, status=later)),
        read_job(job_object("first", spec={"priority": 10}, status=READY)),
    ]
    lined = line_up(jobs, lambda namespace, name: DAG, NOW)
    assert [job.job_id for job in lined] == ["first", "beyond", "late", "low", "one"]


def test_what_a_dags_own_limit_holds_back_lacks_no_room() -> None:
    assert not lacks_room(read_job(job_object("extract", status=waiting("ParallelLimit"))))
    assert lacks_room(read_job(job_object("extract", status=waiting("Unschedulable"))))


TAINT = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("node", "profile", "nodes", "places"),
    [
        (node_object("n"), Profile(), 1, 110),
        (node_object("n", allocatable={"cpu": "8"}), Profile(), 1, None),
        (node_object("n", allocatable={"cpu": "7500m", "pods": "110"}), Profile(resources={"cpu": "2"}), 1, 3),
        (node_object("n", allocatable={"memory": "1Gi", "pods": "110"}), Profile(resources={"memory": "300Mi"}), 1, 3),
        (node_object("n"), Profile(resources={"nvidia.com/gpu": "1"}), 0, 0),
        (node_object("n"), Profile({"zone": "a"}), 0, 0),
        (node_object("n", labels={"zone": "a"}), Profile({"zone": "a"}), 1, 110),
        (node_object("n", unschedulable=True), Profile(), 0, 0),
        (node_object("n", taints=[TAINT]), Profile(), 0, 0),
        (node_object("n", taints=[TAINT | {"effect": "PreferNoSchedule"}]), Profile(), 1, 110),
        (node_object("n", taints=[TAINT]), Profile(tolerations=(Toleration("gpu"),)), 1, 110),
        (node_object("n", taints=[TAINT]), Profile(tolerations=(Toleration("gpu", "Equal", "no"),)), 0, 0),
        (node_object("n", taints=[TAINT]), Profile(tolerations=(Toleration("gpu", "Equal", "yes"),)), 1, 110),
        (node_object("n", taints=[TAINT]), Profile(tolerations=(Toleration("gpu", effect="NoExecute"),)), 0, 0),
        (node_object("n", taints=[TAINT]), Profile(tolerations=(Toleration(),)), 1, 110),
    ],
    ids=str,
)
def test_a_node_has_places_for_what_it_may_take(
    node: dict[str, Any], profile: Profile, nodes: int, places: int | None
) -> None:
    assert measure([read_node(node)], [], [], {"X": profile}) == [Capacity("X", 0, 0, nodes, places)]


def test_a_node_that_is_not_ready_takes_nothing() -> None:
    node = node_object("n")
    node["status"]["conditions"] = [{"type": "Ready", "status": "Unknown"}]
    assert measure([read_node(node)], [], [], {"X": Profile()}) == [Capacity("X", 0, 0, 0, 0)]


def test_requirements_without_a_profile_are_shown_once_a_job_has_them() -> None:
    nodes = [read_node(node_object("n", labels={"capability.titan.io/FAST": "true"}))]
    running = [read_job(job_object("a", spec={"requirement": "FAST"}, status={"phase": "Serving"}))]
    queued = [read_job(job_object("b", spec={"requirement": "no label!"}))]
    assert measure(nodes, running, queued, {}) == [
        Capacity("FAST", 1, 0, 1, 110),
        Capacity("no label!", 0, 1, 0, 0),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8", "8"),
        ("500m", "0.5"),
        ("1.5Gi", "1610612736"),
        ("2k", "2000"),
        ("1e3", "1000"),
        ("5E-1", "0.5"),
        ("?", "0"),
    ],
)
def test_quantities_are_numbers(text: str, number: str) -> None:
    assert read_amount(text) == Decimal(number)


def test_profiles_of_a_file_stand_beside_the_operators_own(tmp_path: Path) -> None:
    file = tmp_path / "profiles.json"
    big = {"nodeSelector": {"size": "big"}, "tolerations": [{"key": "big"}], "image": "i", "runtimeClass": "gvisor"}
    file.write_text(json.dumps({"profiles": {"BIG": big, "GPU": {"resources": {"amd.com/gpu": "1"}}, "PLAIN": None}}))
    profiles = read_profiles(file)
    assert profiles["BIG"] == Profile({"size": "big"}, {}, (Toleration("big"),), "i", "gvisor")
    assert profiles["GPU"].resources == {"amd.com/gpu": "1"}
    assert profiles["PLAIN"] == Profile()
    assert profiles["HIGH_MEM"] == DEFAULT_PROFILES["HIGH_MEM"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"profiles": []}', '{"profiles": {"X": {"tolerations": [{"k": 1}]}}}']
)
def test_a_file_without_profiles_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "profiles.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"profiles\.json"):
        read_profiles(file)


def test_a_tag_selects_nodes_by_label_and_never_by_one_that_cannot_exist() -> None:
    assert find_profile("FAST", {}) == Profile({"capability.titan.io/FAST": "true"})
    assert find_profile("no label!", {}) is None
