"""Submitting: what is created, and what remains when something goes wrong on the way."""

from dataclasses import replace

import pytest
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_api import names
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanUnavailable
from titan_sdk.submit import submissions
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Stamp
from titan_sdk.submit.settings import DagSettings
from titan_sdk.submit.submissions import plan

STAMP = Stamp("2026-01-02T03:04:05.000006Z abc", "anna")
SOURCE = {"inline": {"fileName": "s.py", "content": "1"}}


def jobs(*ids):
    return [TitanJob(job_id, script_content="1") for job_id in ids]


def submit(cluster, *ids, stamp=STAMP, agent_run_id=None):
    planned = submissions.plan_dag("Nightly Run", jobs(*ids))
    assert [one.parents for one in planned] == [()] * len(ids)
    settings = DagSettings(agent_run_id=agent_run_id)
    ready = [replace(one, source=SOURCE) for one in planned]
    return submissions.create_dag(cluster.kube(), "Nightly Run", ready, settings, stamp)


def test_a_dag_is_created_with_all_its_jobs():
    cluster = FakeCluster()
    accepted = submit(cluster, "a_B", "c", agent_run_id="run 1")

    assert accepted == "DAG_ACCEPTED"
    assert (accepted.job_ids, accepted.namespace) == (("a_B", "c"), "team")
    (dag,) = cluster.objects["titandags"].values()
    assert dag["metadata"]["name"] == accepted.name
    assert accepted.name.startswith("nightly-run-")
    assert dag["spec"] == {"name": "Nightly Run", "requestedBy": "anna", "jobCount": 2, "agentRunID": "run 1"}
    created = cluster.objects["titanjobs"]
    assert set(created) == {names.job_name(accepted.name, "a_B"), names.job_name(accepted.name, "c")}
    for job in created.values():
        assert job["metadata"]["ownerReferences"][0]["uid"] == dag["metadata"]["uid"]
        assert job["metadata"]["labels"][names.LABEL_DAG] == accepted.name
        assert job["spec"]["dag"] == accepted.name


def test_the_dag_is_there_before_its_jobs_and_announces_their_number():
    cluster = FakeCluster()
    submit(cluster, *map(str, range(20)))
    created = [asked.path.rpartition("/")[2] for asked in cluster.transport.asked]
    assert created == ["titandags"] + ["titanjobs"] * 20


@pytest.mark.parametrize("kind", ["unsent", "lost", "503", "500", "429"])
@pytest.mark.parametrize("plural", ["titandags", "titanjobs"])
def test_a_request_that_fails_once_is_repeated_and_nothing_is_created_twice(kind, plural):
    cluster = FakeCluster()
    cluster.transport.fail(kind, "POST", plural)
    submit(cluster, "a", "b", "c")
    assert len(cluster.objects["titandags"]) == 1
    assert len(cluster.objects["titanjobs"]) == 3


def test_a_submission_that_breaks_off_takes_its_dag_back_and_says_why():
    cluster = FakeCluster()
    cluster.transport.fail("403", "POST", "titanjobs", times=1)
    with pytest.raises(TitanForbidden):
        submit(cluster, "a", "b", "c")
    assert cluster.objects["titandags"] == {}
    assert cluster.objects["titanjobs"] == {}


def test_an_outage_in_the_middle_is_reported_as_one():
    cluster = FakeCluster()
    cluster.transport.fail("unsent", "POST", "titanjobs", times=1_000)
    with pytest.raises(TitanUnavailable):
        submit(cluster, "a")
    assert cluster.objects["titandags"] == {}


def test_a_job_of_the_same_name_that_belongs_to_somebody_else_is_not_taken_for_ours():
    cluster = FakeCluster()

    def take_the_name(asked):
        name = asked.json["metadata"]["name"]
        cluster.add("titanjobs", {"metadata": {"name": name}, "spec": {"jobID": "a"}})

    cluster.transport.before("POST", "titanjobs", take_the_name)
    with pytest.raises(TitanConflict):
        submit(cluster, "a")
    assert cluster.objects["titandags"] == {}


def test_a_name_that_is_taken_is_drawn_again():
    cluster = FakeCluster()

    def take_the_name(asked):
        cluster.add("titandags", {"metadata": {"name": asked.json["metadata"]["name"]}, "spec": {"name": "theirs"}})

    cluster.transport.before("POST", "titandags", take_the_name)
    accepted = submit(cluster, "a")
    assert cluster.objects["titandags"][accepted.name]["spec"]["name"] == "Nightly Run"
    assert len(cluster.objects["titandags"]) == 2


def test_a_job_alone_has_no_dag():
    cluster = FakeCluster()
    accepted = client_of(cluster).dags.submit_job(*jobs("Report"))
    (job,) = cluster.objects["titanjobs"].values()
    assert accepted == "DAG_ACCEPTED"
    assert job["metadata"]["name"] == accepted.name
    assert "dag" not in job["spec"]
    assert "ownerReferences" not in job["metadata"]


@pytest.mark.parametrize(
    ("name", "described", "words"),
    [
        ("", jobs("a"), "name of a DAG must not be empty"),
        ("n" * 300, jobs("a"), "300 characters"),
        ("x", [{"id": "a"}], "must be TitanJobs, not dict"),
        ("x", [], "at least one job"),
        ("x", jobs("a", "a"), "more than one job has the id 'a'"),
    ],
)
def test_what_cannot_be_submitted_is_refused_beforehand(name, described, words):
    with pytest.raises(ValueError, match=words):
        submissions.plan_dag(name, described)


def test_a_job_alone_cannot_wait_for_itself():
    with pytest.raises(ValueError, match="names itself as its parent"):
        plan("submit_job", [TitanJob("a", script_content="1", parents=["DAG-a"])])


def test_two_calls_never_carry_the_same_stamp():
    assert submissions.new_stamp("anna").submitted != submissions.new_stamp("anna").submitted
