"""Why a job waits: one row for each reason, from what is known alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.views import START, dag_view, gate_view, job_view

from titan_api.reasons import Situation, explain

RUNNING = dag_view(phase="Running")


def waiting(**more):
    known = {"job": job_view("train"), "now": START, "dag": RUNNING} | more
    return Situation(**known)


def gate(**more):
    return replace(gate_view(), deadline=START + timedelta(minutes=2), **more)


ROWS = {
    "nothing is in the way": (waiting(), "job 'train' waits: it is about to start"),
    "no DAG": (
        waiting(job=replace(job_view("train"), dag="night"), dag=None, dag_is_missing=True),
        "its DAG 'night' is not there",
    ),
    "a DAG that is not complete": (
        waiting(dag=dag_view(phase="Pending")),
        "arrived (0 so far), or the operator does not run",
    ),
    "a DAG that has ended": (waiting(dag=dag_view(phase="Failed")), "its DAG has ended (Failed), so it will be canc"),
    "a DAG that is suspended": (
        waiting(dag=replace(RUNNING, suspended=True)),
        "its DAG is suspended (titan resume digits-x7k2p)",
    ),
    "a job that is suspended": (
        waiting(job=replace(job_view("train"), suspended=True)),
        "it is suspended (titan resume train)",
    ),
    "a retry that was not seen yet": (waiting(dag=replace(dag_view(phase="Pending"), run=2)), "about to start"),
    "a parent that runs": (waiting(parents={"prep": job_view("prep", "Running")}), "its parent 'prep' is Running"),
    "a parent that is not there": (waiting(parents={"prep": None}), "its parent 'prep' is not there"),
    "a parent that failed": (
        waiting(parents={"prep": job_view("prep", "Failed")}),
        "its parent 'prep' is Failed, so it will be cancelled",
    ),
    "a parent that is done": (waiting(parents={"prep": job_view("prep", "Succeeded")}), "about to start"),
    "a service that serves": (waiting(parents={"api": job_view("api", "Serving")}), "about to start"),
    "five parents": (
        waiting(parents={name: job_view(name, "Running") for name in "abcde"}),
        "its parent 'a' is Running; its parent 'b' is Running; its parent 'c' is Running; and 2 parents more",
    ),
    "a gate": (
        waiting(
            parents={"prep": replace(job_view("prep", "Succeeded"), approval="Pending")},
            gates={"prep": gate()},
        ),
        "a person must approve the gate hitl-gate-prep within 120s",
    ),
    "a gate for two": (
        waiting(
            parents={"prep": replace(job_view("prep", "Succeeded"), approval="Pending")},
            gates={"prep": gate(required_approvals=2, decisions=())},
        ),
        "hitl-gate-prep within 120s (0 of 2 approvals)",
    ),
    **{
        f"a gate with {hours} hours left": (
            waiting(
                parents={"prep": replace(job_view("prep", "Succeeded"), approval="Pending")},
                gates={"prep": replace(gate(), deadline=START + timedelta(hours=hours))},
            ),
            f"the gate hitl-gate-prep within {words}",
        )
        for hours, words in {0.5: "30m", 1.5: "1h30m", 47.99: "1d23h"}.items()
    },
    "a gate that was rejected": (
        waiting(parents={"prep": replace(job_view("prep", "Succeeded"), approval="Rejected")}),
        "the gate hitl-gate-prep is Rejected, so it will be cancelled",
    ),
    "a delay": (
        waiting(job=replace(job_view("train"), delay_seconds=5, ready=START - timedelta(seconds=2))),
        "its delay of 5.0s ends in 3.0s",
    ),
    "a delay that is over": (
        waiting(job=replace(job_view("train"), delay_seconds=5, ready=START - timedelta(seconds=6))),
        "about to start",
    ),
    "a limit": (
        waiting(dag=replace(dag_view(job_view("a", "Running"), job_view("b", "Running")), max_parallel=2)),
        "its DAG may run 2 at once (max_parallel), and 2 are running",
    ),
    "the scheduler's words": (
        waiting(job=job_view("train", message="0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")),
        "job 'train' waits: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.",
    ),
    "an attempt that failed": (
        waiting(job=replace(job_view("train", message="exit code 3"), attempt=2)),
        "waits: attempt 2: exit code 3",
    ),
    "it is being cancelled": (waiting(dag=replace(RUNNING, cancelling=True)), "job 'train' is being cancelled"),
    "it runs": (waiting(job=job_view("train", "Running")), "job 'train' is running on titan-1, attempt 1"),
    "it serves": (waiting(job=job_view("train", "Serving")), "job 'train' is a service and serves on titan-1"),
    "it failed": (waiting(job=job_view("train", "Failed", message="exit code 1")), "job 'train' failed: exit code 1"),
    "it was cancelled": (
        waiting(job=job_view("train", "Cancelled", message="parent prep failed")),
        "job 'train' was cancelled: parent prep failed",
    ),
    "it succeeded": (waiting(job=job_view("train", "Succeeded")), "job 'train' has succeeded"),
    "its own gate is open": (
        waiting(job=replace(job_view("train", "Succeeded"), approval="Pending"), gates={"train": gate()}),
        "job 'train' has succeeded; a person must approve the gate hitl-gate-train within 120s",
    ),
    "its own gate is decided": (
        waiting(job=replace(job_view("train", "Succeeded"), approval="Approved")),
        "job 'train' has succeeded, and its gate is Approved",
    ),
}


@pytest.mark.parametrize(("seen", "words"), ROWS.values(), ids=ROWS.keys())
def test_the_most_telling_reason_is_told(seen, words):
    assert words in explain(seen)


def test_everything_that_may_hold_a_job_up_is_looked_at():
    cluster = FakeCluster()
    cluster.add("titandags", make.dag(phase="Running"))
    elsewhere = cluster.add("titanjobs", make.job("old", dag="earlier", phase="Running"))
    behind = cluster.add("titanjobs", make.job("prep", gated=True, phase="Succeeded", approval="Pending"))
    cluster.add("titanapprovals", make.approval(behind))
    train = make.job("train", parents=("prep", "old", "gone"))
    train["spec"]["parents"][1] |= {"name": "earlier-old", "uid": elsewhere["metadata"]["uid"]}
    train["spec"]["parents"][2] |= {"name": "earlier-gone", "uid": "u-9"}
    cluster.add("titanjobs", train)
    assert client_of(cluster).why("train") == (
        "job 'train' waits: a person must approve the gate hitl-gate-prep; its parent 'old' is Running; "
        "its parent 'gone' is not there"
    )


def test_a_job_whose_dag_is_gone_says_so():
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("train"))
    assert "its DAG 'night-abcde' is not there" in client_of(cluster).why("train")
