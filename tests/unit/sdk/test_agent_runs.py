"""Agent runs: the DAGs of one id as stages, with jobs and files."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_store import FakeStore

from titan_sdk import TitanJob
from titan_sdk.errors import TitanNotFound


def stage(cluster, name, created, run="run-1", **status):
    made = make.dag(f"{name}-abcde", called=name, run=run, **status)
    made["metadata"]["creationTimestamp"] = created
    cluster.add("titandags", made)
    cluster.add("titanjobs", make.job("work", dag=f"{name}-abcde", phase=status.get("phase", "Pending")))


DONE = {"phase": "Succeeded", "completionTime": "2026-01-02T04:00:00Z"}


def test_a_run_is_its_dags_in_the_order_of_their_submission():
    cluster = FakeCluster()
    stage(cluster, "execute", "2026-01-02T03:05:00Z", phase="Running")
    stage(cluster, "plan", "2026-01-02T03:04:00Z", **DONE)
    stage(cluster, "other", "2026-01-02T03:04:30Z", run="run-2")
    run = client_of(cluster).agent_run("run-1")
    assert [(one.display_name, one.phase) for one in run.stages] == [("plan", "Succeeded"), ("execute", "Running")]
    assert [[job.job_id for job in one.jobs] for one in run.stages] == [["work"], ["work"]]
    assert (run.phase, run.is_final, run.completed) == ("Running", False, None)
    assert run.created == run.stages[0].created


@pytest.mark.parametrize(
    ("phases", "phase"),
    [
        (["Succeeded", "Succeeded"], "Succeeded"),
        (["Failed", "Succeeded"], "Failed"),
        (["Cancelled", "Succeeded"], "Cancelled"),
        (["Failed", "Running"], "Running"),
        (["Running", "Pending"], "Pending"),
    ],
)
def test_a_run_is_in_the_phase_of_what_goes_on_or_of_its_worst_end(phases, phase):
    cluster = FakeCluster()
    for number, one in enumerate(phases):
        stage(cluster, f"s{number}", f"2026-01-02T03:0{number}:00Z", phase=one)
    assert client_of(cluster).agent_run("run-1").phase == phase


def test_files_are_those_of_its_jobs_and_of_its_keys():
    cluster, store = FakeCluster(), FakeStore()
    stage(cluster, "plan", "2026-01-02T03:04:00Z", **DONE)
    return_of_a_job = client_of(cluster, store, TITAN_AGENT_RUN="run-1")
    return_of_the_agent = client_of(cluster, store, TITAN_AGENT_RUN="")
    return_of_a_job.publish_artifact("any:key", __file__)
    return_of_the_agent.publish_artifact("run:run-1:report", __file__)
    return_of_the_agent.publish_artifact("run:run-2:report", __file__)
    files = client_of(cluster, store).agent_run("run-1").files
    assert [(file.key, file.name) for file in files] == [
        ("any:key", "test_agent_runs.py"),
        ("run:run-1:report", "test_agent_runs.py"),
    ]
    assert {file.digest for file in files} == set(store.blobs)


def test_runs_are_listed_the_one_that_did_something_last_at_the_front():
    cluster = FakeCluster()
    stage(cluster, "plan", "2026-01-02T03:01:00Z", run="old", **DONE)
    stage(cluster, "plan2", "2026-01-02T03:02:00Z", run="new", **DONE)
    stage(cluster, "execute", "2026-01-02T03:03:00Z", run="old", phase="Running")
    cluster.add("titandags", make.dag("alone-abcde"))
    runs = client_of(cluster).list_agent_runs()
    assert [(run.run_id, run.phase, len(run.stages)) for run in runs] == [
        ("old", "Running", 2),
        ("new", "Succeeded", 1),
    ]


def test_what_is_submitted_under_a_run_belongs_to_it():
    cluster = FakeCluster()
    mine = client_of(cluster)
    mine.submit_dag("PLAN", [TitanJob("a", script_content="1")], agent_run_id="any id / ü")
    assert [one.display_name for one in mine.agent_run("any id / ü").stages] == ["PLAN"]
    with pytest.raises(TitanNotFound, match="no agent run 'nobody'"):
        mine.agent_run("nobody")
