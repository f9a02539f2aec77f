"""Suspend, resume, cancel, retry, and the end of a service: one field each, and a sentence where it makes no sense."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk.errors import TitanConflict, TitanNotFound

DAG = "night-abcde"


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.add("titandags", make.dag(DAG, phase="Failed", counts={"failed": 1, "succeeded": 2}))
    cluster.set_status("titandags", DAG, run=1)
    cluster.add("titanjobs", make.job("train"))
    return cluster


def spec(cluster, plural="titandags", name=DAG):
    return cluster.objects[plural][name]["spec"]


@pytest.mark.parametrize(
    ("call", "field", "value"), [("suspend", "suspend", True), ("resume", "suspend", False), ("cancel", "cancel", True)]
)
def test_a_dag_or_a_job_is_steered_by_one_field(cluster, call, field, value):
    mine = client_of(cluster)
    getattr(mine, call)("night")
    getattr(mine, call)("DAG-train")
    assert spec(cluster)[field] is value
    assert spec(cluster, "titanjobs", f"{DAG}-train")[field] is value
    with pytest.raises(TitanNotFound, match="no DAG and no job 'nobody'"):
        getattr(mine, call)("nobody")


def test_a_retry_raises_the_run_and_takes_the_cancelling_back(cluster):
    cluster.objects["titandags"][DAG]["spec"]["cancel"] = True
    view = client_of(cluster).retry("night")
    assert (spec(cluster)["run"], spec(cluster)["cancel"]) == (2, False)
    assert (view.run, view.phase, view.is_final, view.message) == (2, "Pending", False, "")


def test_a_retry_includes_jobs_that_were_cancelled_one_by_one_but_disturbs_no_cancel_under_way(cluster):
    for job, phase in (("stopped", "Cancelled"), ("stopping", "Running")):
        cluster.add("titanjobs", make.job(job, phase=phase))["spec"]["cancel"] = True
    client_of(cluster).retry("night")
    assert spec(cluster)["run"] == 2
    assert spec(cluster, "titanjobs", f"{DAG}-stopped")["cancel"] is False
    assert spec(cluster, "titanjobs", f"{DAG}-stopping")["cancel"] is True


@pytest.mark.parametrize("kind", ["lost", "unsent", "500"])
def test_a_retry_whose_answer_is_lost_raises_the_run_once(cluster, kind):
    cluster.transport.fail(kind, "PATCH", "titandags")
    assert client_of(cluster).retry(DAG).run == 2


def test_a_retry_that_the_operator_has_not_seen_yet_is_not_asked_for_twice(cluster):
    mine = client_of(cluster)
    assert [mine.retry(DAG).run, mine.retry(DAG).run] == [2, 2]
    mine.cancel(DAG)
    assert (mine.retry(DAG).run, spec(cluster)["cancel"]) == (3, False)


def test_waiting_after_a_retry_does_not_end_with_the_last_runs_end(cluster):
    mine = client_of(cluster)
    mine.retry(DAG)
    seen = []

    def go_on(view):
        seen.append(view.phase)
        cluster.set_status("titandags", DAG, run=2, phase="Succeeded" if len(seen) > 1 else "Running")

    assert mine.wait(DAG, timeout=20, on_change=go_on).phase == "Succeeded"
    assert seen[0] == "Pending"


REFUSED = {
    "all succeeded": ({"phase": "Succeeded", "counts": {"succeeded": 3}}, "it is Succeeded"),
    "nothing failed yet": ({"phase": "Running", "counts": {"running": 3}}, "it is Running"),
}


@pytest.mark.parametrize(("status", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_retry_of_what_did_not_fail_is_refused(cluster, status, words):
    cluster.set_status("titandags", DAG, **status)
    with pytest.raises(TitanConflict, match=words):
        client_of(cluster).retry(DAG)
    assert "run" not in spec(cluster)


def test_a_retry_while_other_branches_go_on_is_possible(cluster):
    cluster.set_status("titandags", DAG, phase="Running", counts={"failed": 1, "running": 1})
    assert client_of(cluster).retry(DAG).run == 2


def test_a_retry_of_a_job_says_what_to_retry_instead(cluster):
    with pytest.raises(TitanConflict, match=f"'{DAG}-train' is a job of the DAG '{DAG}': retry that"):
        client_of(cluster).retry("train")
    cluster.add("titanjobs", make.job("solo", dag=None))
    with pytest.raises(TitanConflict, match="stands alone"):
        client_of(cluster).retry("solo")


def service(cluster, phase):
    stored = cluster.add("titanjobs", make.job("api", phase=phase))
    stored["spec"] |= {"type": "Service", "port": 80}
    return stored["metadata"]["name"]


@pytest.mark.parametrize("name", ["api", "DAG-api"])
def test_a_service_is_stopped(cluster, name):
    stored = service(cluster, "Serving")
    assert client_of(cluster).stop_service(name) == "STOPPED: DAG-api"
    assert spec(cluster, "titanjobs", stored)["cancel"] is True


def test_what_cannot_be_stopped_is_told_in_words(cluster):
    mine = client_of(cluster)
    assert mine.stop_service("nobody") == "ERROR: there is no job 'nobody' in namespace 'team'"
    assert mine.stop_service("train") == "ERROR: the job 'train' is no service; cancel ends it"
    service(cluster, "Cancelled")
    assert mine.stop_service("api") == "ERROR: the service 'api' has ended already: Cancelled"
    cluster.transport.fail("403", times=10**6)
    assert mine.stop_service("api").startswith("ERROR: ")
    cluster.transport.faults.clear()
    cluster.transport.fail("unsent", times=10**6)
    assert mine.stop_service("api") == "CONNECTION_ERROR: nobody answers"


@pytest.mark.parametrize(
    ("status", "is_serving"),
    [
        ({"phase": "Running", "progress": "2/3", "counts": {"succeeded": 2, "serving": 1}}, True),
        ({"phase": "Running", "progress": "1/3", "counts": {"succeeded": 1, "serving": 1, "running": 1}}, False),
        ({"phase": "Running", "progress": "3/3", "counts": {"succeeded": 3}}, False),
        (
            {"phase": "Running", "progress": "2/3", "counts": {"succeeded": 2, "serving": 1}, "waitingApprovals": 1},
            False,
        ),
    ],
    ids=["only services are left", "a job runs", "no service", "a gate is open"],
)
def test_a_dag_of_which_only_services_are_left_is_waited_for_no_longer(cluster, status, is_serving):
    cluster.set_status("titandags", DAG, **status)
    mine = client_of(cluster)
    assert mine.get_dag(DAG).is_serving is is_serving
    if is_serving:
        assert mine.wait(DAG, timeout=20).phase == "Running"
