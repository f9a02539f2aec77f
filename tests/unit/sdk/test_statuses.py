"""get_job_status and the views: what programs read of jobs, gates and DAGs."""

from datetime import UTC, datetime

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_cluster import FakeCluster

from titan_api.views import view_dag, view_job
from titan_sdk.errors import TitanNotFound
from titan_sdk.legacy.statuses import get_status
from titan_sdk.runs import lookups

PHASES = {
    "Pending": "PENDING",
    "Running": "RUNNING",
    "Serving": "COMPLETED",
    "Succeeded": "COMPLETED",
    "Failed": "FAILED",
    "Cancelled": "CANCELLED",
}


def status_of(job_id, *objects, approvals=()):
    cluster = FakeCluster()
    for obj in objects:
        cluster.add("titanjobs", obj)
    for obj in approvals:
        cluster.add("titanapprovals", obj)
    return get_status(cluster.kube(), job_id)


@pytest.mark.parametrize(("phase", "word"), PHASES.items())
@pytest.mark.parametrize("asked", ["train_v1", "DAG-train_v1"])
def test_a_job_has_the_word_of_its_phase(phase, word, asked):
    assert status_of(asked, make.job("train_v1", phase=phase)) == word


def test_a_job_that_the_operator_has_not_seen_is_pending():
    assert status_of("train", make.job("train")) == "PENDING"


def test_an_unknown_id_is_null():
    assert status_of("nobody", make.job("train")) == "NULL"


@pytest.mark.parametrize("job_id", ["größe", "Extract Data", "a" * 200, "a_b.C"])
def test_any_id_is_found_by_its_label(job_id):
    assert status_of(job_id, make.job(job_id, phase="Running"), make.job("other", phase="Failed")) == "RUNNING"


def test_a_job_whose_id_really_begins_with_the_prefix_is_found():
    assert status_of("DAG-x", make.job("DAG-x", phase="Failed")) == "FAILED"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"created": "2026-01-02T03:04:05Z"}, {"created": "2026-01-02T03:04:06Z"}),
        ({"submitted": "2026-01-02T03:04:05.100000Z x"}, {"submitted": "2026-01-02T03:04:05.200000Z a"}),
    ],
    ids=["in different seconds", "within one second"],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_submission_wins(older, newer, order):
    jobs = [
        make.job("train", name="z-train", phase="Failed", **older),
        make.job("train", name="a-train", phase="Running", **newer),
    ]
    assert status_of("train", *jobs[::order]) == "RUNNING"


GATES = {
    "before its job has ended": ("Running", "Scheduled", "PENDING"),
    "open": ("Succeeded", "Pending", "RUNNING"),
    "approved": ("Succeeded", "Approved", "COMPLETED"),
    "rejected": ("Succeeded", "Rejected", "FAILED"),
    "out of time": ("Succeeded", "TimedOut", "FAILED"),
    "behind a job that failed": ("Failed", "Scheduled", "CANCELLED"),
    "behind a job that was cancelled": ("Cancelled", "Scheduled", "CANCELLED"),
}


@pytest.mark.parametrize(("phase", "gate", "word"), GATES.values(), ids=GATES.keys())
def test_a_gate_has_a_word_of_its_own(phase, gate, word):
    cluster = FakeCluster()
    behind = cluster.add("titanjobs", make.job("draft", gated=True, phase=phase))
    cluster.add("titanapprovals", make.approval(behind, phase=gate))
    assert get_status(cluster.kube(), "hitl-gate-draft") == word
    assert get_status(cluster.kube(), "DAG-hitl-gate-draft") == word


def test_a_gate_that_the_operator_has_not_made_yet_is_pending():
    assert status_of("hitl-gate-draft", make.job("draft", gated=True, phase="Running")) == "PENDING"


def test_a_job_without_a_gate_has_none():
    assert status_of("hitl-gate-draft", make.job("draft")) == "NULL"


def test_a_dag_is_found_by_its_object_and_by_the_newest_of_its_name():
    cluster = FakeCluster()
    for name, created in (("night-aaaaa", "2026-01-02T03:04:09Z"), ("night-bbbbb", "2026-01-02T03:04:05Z")):
        manifest = make.dag(name, called="Night run")
        manifest["metadata"]["creationTimestamp"] = created
        cluster.add("titandags", manifest)
    assert lookups.get_dag(cluster.kube(), "Night run")["metadata"]["name"] == "night-aaaaa"
    assert lookups.get_dag(cluster.kube(), "night-bbbbb")["metadata"]["name"] == "night-bbbbb"
    with pytest.raises(TitanNotFound, match="no DAG 'day'"):
        lookups.get_dag(cluster.kube(), "day")


def test_a_job_is_sought_only_in_the_dag_that_was_named():
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("train", dag="night-aaaaa", phase="Failed"))
    cluster.add("titanjobs", make.job("train", dag="night-bbbbb", phase="Running"))
    found = lookups.get_job(cluster.kube(), "train", "night-aaaaa")
    assert found["status"]["phase"] == "Failed"
    with pytest.raises(TitanNotFound, match="no job 'train' in DAG 'day'"):
        lookups.get_job(cluster.kube(), "train", "day")


def test_a_long_list_comes_page_by_page():
    cluster = FakeCluster()
    for number in range(1_201):
        cluster.add("titanjobs", make.job(f"job{number}"))
    assert len(lookups.list_jobs(cluster.kube(), "night-abcde")) == 1_201


def test_a_view_says_why_a_job_waits_or_failed():
    waiting = {"type": "Scheduled", "status": "False", "reason": "Unschedulable", "message": "Insufficient gpu"}
    assert view_job(_stored(make.job(conditions=[waiting]))).message == "Insufficient gpu"
    failed = {"type": "Failed", "status": "True", "reason": "RetriesExhausted", "message": "exit code 3"}
    seen = view_job(_stored(make.job(phase="Failed", conditions=[waiting, failed], attempts=[{"exitCode": 3}])))
    assert (seen.message, seen.exit_code, seen.is_final, seen.succeeded) == ("exit code 3", 3, True, False)


def test_a_view_has_the_api_servers_words_about_a_pod_that_it_refuses():
    refused = {"type": "Waiting", "status": "True", "reason": "Refused", "message": "no PriorityClass titan-3"}
    assert view_job(_stored(make.job(conditions=[refused]))).message == "no PriorityClass titan-3"


def test_times_are_in_utc():
    seen = view_dag(_stored(make.dag(startTime="2026-01-02T03:04:05.000006Z", counts={"running": 1, "failed": 0})))
    assert seen.started == datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert seen.counts == {"running": 1}
    assert seen.completed is None


def _stored(raw):
    return FakeCluster().add("any", raw)
