"""Services with the whole operator: their Deployments are made, believed, and removed."""

import pytest
from builders.operators.raw import raw_pod, stored
from builders.operators.rig import NAMESPACE, Rig
from titan_operator.records.pods_and_outcomes import parse_deployment, parse_pod

from titan_api import names
from titan_api.json_types import Json
from titan_kube.errors import Unavailable

SERVICE: Json = {"type": "Service", "port": 8080}
NAME = "d-api"


async def a_rig_with_a_service() -> Rig:
    rig = Rig()
    await rig.submit("d", {"api": (), "child": ("api",)}, api=SERVICE)
    await rig.run()
    return rig


def answer(rig: Rig, replicas: int = 1) -> None:
    """The port answers, says the Deployment."""
    rig.api.set_status("Deployment", NAMESPACE, NAME, observedGeneration=1, availableReplicas=replicas)


def kinds(rig: Rig, kind: str) -> list[str]:
    return [raw["metadata"]["name"] for raw in rig.api.all(kind)]


async def test_children_wait_for_the_port_and_the_dag_for_the_services_end() -> None:
    rig = await a_rig_with_a_service()
    assert (kinds(rig, "Deployment"), kinds(rig, "Service")) == ([NAME], [NAME])
    assert rig.starts == []
    answer(rig)
    await rig.run()
    assert rig.starts == [("child", 1)]
    assert rig.dag("d")["phase"] == "Running"
    assert rig.dag("d")["counts"]["serving"] == 1
    rig.api.set_spec("TitanJob", NAMESPACE, NAME, cancel=True)
    await rig.run()
    assert (kinds(rig, "Deployment"), kinds(rig, "Service")) == ([], [])
    assert (rig.job("d", "api")["phase"], rig.dag("d")["phase"]) == ("Succeeded", "Succeeded")


async def test_cancelling_the_dag_ends_its_services() -> None:
    rig = await a_rig_with_a_service()
    answer(rig)
    await rig.run()
    rig.api.set_spec("TitanDAG", NAMESPACE, "d", cancel=True)
    await rig.run()
    assert (kinds(rig, "Deployment"), kinds(rig, "Service")) == ([], [])
    assert (rig.job("d", "api")["phase"], rig.dag("d")["phase"]) == ("Cancelled", "Cancelled")


async def test_an_operator_that_takes_over_finds_the_service_as_it_is() -> None:
    rig = await a_rig_with_a_service()
    rig.kill()
    answer(rig)
    await rig.run()
    assert rig.job("d", "api")["phase"] == "Serving"
    assert rig.starts == [("child", 1)]
    assert kinds(rig, "Deployment") == [NAME]


async def test_a_deployment_whose_creation_was_not_answered_is_taken_for_ours() -> None:
    rig = Rig()
    create, lost = rig.api.create, ["Service", "Deployment"]

    async def create_without_a_word(kind: str, namespace: str, body: Json) -> Json:
        made = await create(kind, namespace, body)
        if kind in lost:
            lost.remove(kind)
            raise Unavailable("no answer")
        return made

    rig.api.create = create_without_a_word
    await rig.submit("d", {"api": ()}, api=SERVICE)
    await rig.run()
    answer(rig)
    await rig.run()
    assert (lost, rig.job("d", "api")["phase"]) == ([], "Serving")


@pytest.mark.parametrize("kind", ["Service", "Deployment"])
async def test_somebody_elses_object_under_the_name_fails_the_job_and_is_left_alone(kind: str) -> None:
    rig = Rig()
    await rig.api.create(kind, NAMESPACE, {"metadata": {"name": NAME, "labels": {}}})
    await rig.submit("d", {"api": ()}, api=SERVICE)
    await rig.run()
    failed = [one for one in rig.job("d", "api")["conditions"] if one["type"] == names.CONDITION_FAILED]
    assert (rig.job("d", "api")["phase"], failed[0]["reason"]) == ("Failed", names.REASON_NAME_TAKEN)
    assert kinds(rig, kind) == [NAME]


async def test_nothing_is_remembered_of_a_service_that_is_gone() -> None:
    rig = await a_rig_with_a_service()
    answer(rig)
    await rig.run()
    rig.api.remove("TitanDAG", NAMESPACE, "d")
    await rig.run()
    assert rig.operator.cache.indexes.is_empty


def test_a_pod_of_a_deployment_is_no_attempt_of_a_job() -> None:
    job = {"metadata": {"name": NAME, "uid": "uid-1"}}
    raw = stored(raw_pod(job, 1, phase="Running"), uid="p", version=3)
    raw["metadata"] |= {
        "labels": raw["metadata"]["labels"] | {names.LABEL_JOB_UID: "uid-1"},
        "ownerReferences": [{"kind": "ReplicaSet", "name": "r", "uid": "r", "controller": True}],
    }
    pod = parse_pod(raw)
    assert (pod.job_uid, pod.serves) == ("", "uid-1")


@pytest.mark.parametrize(
    ("status", "available"),
    [
        ({}, False),
        ({"observedGeneration": 2, "availableReplicas": 1}, True),
        ({"observedGeneration": 1, "availableReplicas": 1}, False),
        ({"observedGeneration": 2, "replicas": 1}, False),
    ],
)
def test_a_deployment_is_believed_only_about_its_present_generation(status: Json, available: bool) -> None:
    raw = stored({"metadata": {"name": NAME}}, uid="u", version=1) | {"status": status}
    raw["metadata"]["generation"] = 2
    assert parse_deployment(raw).is_available is available


def test_why_a_deployment_gets_no_pod_is_kept() -> None:
    trouble = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}
    raw = stored({"metadata": {"name": NAME}}, uid="u", version=1, conditions=[trouble])
    assert parse_deployment(raw).trouble == "exceeded quota"
