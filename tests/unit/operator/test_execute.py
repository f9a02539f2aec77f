"""What becomes of a decision when the API server says no."""

import pytest
from builders.operators.rig import NAMESPACE, Rig
from titan_operator.records import Key

from titan_api import names
from titan_api.json_types import Json
from titan_kube.errors import APIError, Forbidden, Rejected, Unavailable


class Refusing:
    """Refuses to create a kind, a number of times."""

    def __init__(self, rig: Rig, kind: str, error: APIError, times: int) -> None:
        self._create, self._kind, self._error, self._times = rig.api.create, kind, error, times
        rig.api.create = self.create

    async def create(self, kind: str, namespace: str, body: Json) -> Json:
        if kind == self._kind and self._times:
            self._times -= 1
            raise self._error
        return await self._create(kind, namespace, body)


def failed_condition(status: Json) -> Json:
    return next(found for found in status["conditions"] if found["type"] == names.CONDITION_FAILED)


async def test_a_pod_that_the_api_server_refuses_as_invalid_fails_the_job_with_its_words() -> None:
    rig = Rig()
    await rig.submit("d", {"a": (), "b": ("a",)})
    Refusing(rig, "Pod", Rejected("spec.containers[0].image: Required value", code=422), 99)
    await rig.run()
    status = rig.job("d", "a")
    assert status["phase"] == "Failed"
    assert failed_condition(status)["reason"] == names.REASON_REJECTED_BY_API
    assert "spec.containers[0].image: Required value" in failed_condition(status)["message"]
    assert rig.job("d", "b")["phase"] == "Cancelled"
    assert rig.dag("d")["phase"] == "Failed"


@pytest.mark.parametrize(
    "error", [Forbidden("exceeded quota", code=403), Unavailable("too many requests", code=429, retry_after=20)]
)
async def test_a_refusal_that_may_pass_is_waited_out(error: APIError) -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    Refusing(rig, "Pod", error, 3)
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.starts == [("a", 1)]
    assert rig.clock.seconds >= (error.retry_after or 0)


async def test_a_pod_of_somebody_else_under_our_name_fails_the_job() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    rig.api.on_pod = lambda pod: None
    name = names.pod_name(names.job_name("d", "a"), 1)
    await rig.api.create("Pod", NAMESPACE, {"metadata": {"name": name, "labels": {}}})
    await rig.run()
    condition = failed_condition(rig.job("d", "a"))
    assert condition["reason"] == names.REASON_NAME_TAKEN
    assert f'"{name}"' in condition["message"]


async def test_a_pod_of_a_former_job_of_the_same_name_is_waited_for() -> None:
    rig = Rig()
    job = names.job_name("d", "a")
    labels = {names.LABEL_JOB: job, names.LABEL_JOB_ID: "a", names.LABEL_ATTEMPT: "1", names.LABEL_JOB_UID: "u-former"}
    owner = {"kind": names.KIND_JOB, "name": job, "uid": "u-former", "controller": True}
    meta = {"name": names.pod_name(job, 1), "labels": labels, "ownerReferences": [owner]}
    await rig.api.create("Pod", NAMESPACE, {"metadata": meta})
    rig.starts.clear()
    rig.processes.clear()
    await rig.submit("d", {"a": ()})
    await rig.synchronise()
    while rig.deliver() | await rig.run_passes():
        pass
    assert rig.starts == []
    rig.api.remove("Pod", NAMESPACE, names.pod_name(job, 1))
    await rig.run()
    assert rig.starts == [("a", 1)]
    assert rig.dag("d")["phase"] == "Succeeded"


async def test_a_job_that_a_person_applied_gets_owner_and_labels_and_keeps_what_it_had() -> None:
    rig = Rig()
    dag = await rig.api.create("TitanDAG", NAMESPACE, {"metadata": {"name": "d"}, "spec": {"name": "d"}})
    body = {
        "metadata": {"name": "d-a", "labels": {"mine": "1"}, "ownerReferences": [{"kind": "X", "uid": "x"}]},
        "spec": {"dag": "d", "jobID": "a", "source": {"inline": {"fileName": "a.py", "content": ""}}},
    }
    await rig.api.create("TitanJob", NAMESPACE, body)
    await rig.run()
    meta = rig.api.objects["TitanJob", NAMESPACE, "d-a"]["metadata"]
    assert meta["labels"]["mine"] == "1"
    assert meta["labels"][names.LABEL_DAG] == "d"
    assert [owner["uid"] for owner in meta["ownerReferences"]] == ["x", dag["metadata"]["uid"]]
    assert rig.dag("d")["phase"] == "Succeeded"


async def test_cancelling_deletes_the_pod_and_nothing_starts_after_it() -> None:
    rig = Rig()
    await rig.submit("d", {"a": (), "b": ("a",)})
    await rig.synchronise()
    while rig.deliver() | await rig.run_passes():
        pass
    rig.processes[0].has_ended = True
    rig.api.set_spec("TitanDAG", NAMESPACE, "d", cancel=True)
    await rig.run()
    assert rig.dag("d")["phase"] == "Cancelled"
    assert {rig.job("d", job_id)["phase"] for job_id in "ab"} == {"Cancelled"}
    assert rig.api.all("Pod") == []
    assert rig.starts == [("a", 1)]


async def test_pods_of_ended_jobs_are_removed_after_their_time() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    await rig.run()
    assert rig.clock.seconds >= 600
    assert rig.api.all("Pod") == []


async def test_a_status_write_for_an_object_that_has_gone_is_no_error() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    await rig.synchronise()
    rig.feed.is_cut.update(("TitanDAG", "TitanJob"))
    rig.api.remove("TitanDAG", NAMESPACE, "d")
    await rig.run()
    assert rig.operator.cache.dag(Key(names.KIND_DAG, NAMESPACE, "d")) is None
    assert rig.starts == []


async def test_events_tell_of_failures_once() -> None:
    rig = Rig(failures={"a": 4})
    await rig.submit("d", {"a": ()})
    await rig.run()
    events = rig.operator.events
    while events.waiting:
        await events.write_next()
    told = sorted((event["reason"], event["involvedObject"]["name"]) for event in rig.api.all("Event"))
    assert told == [("AttemptFailed", "d-a")] * 3 + [("DAGFailed", "d"), ("JobFailed", "d-a")]
