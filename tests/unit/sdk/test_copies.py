"""A DAG submitted once more: the same wishes under a new name, and nothing of what became of the first."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_api import names
from titan_api.copies import copy_dag, own_job
from titan_sdk.errors import TitanConflict

DAG = "night-abcde"
WISHES = {"maxParallel": 3, "ttlSecondsAfterFinished": 60, "workspace": {"mode": "None"}}
COURSE = {"cancel": True, "suspend": True, "run": 4, "requestedBy": "anna"}


def original(**spec):
    dag = make.dag(DAG, run="run-1")
    dag["spec"] |= {"jobCount": 2} | spec
    dag["metadata"]["annotations"] = {"titan.io/comments": "[]"}
    jobs = [make.job("load"), make.job("train", parents=("load",))]
    jobs[1]["spec"] |= {"cancel": True, "suspend": True, "requestedBy": "anna", "env": [{"name": "A", "value": "1"}]}
    return dag, jobs


def test_a_copy_asks_for_the_same_and_starts_from_the_beginning():
    dag, jobs = original(**WISHES, **COURSE)
    copy, copied = copy_dag(dag, jobs, "zzzzz", "bob", "now")
    assert copy["metadata"]["name"] == "night-zzzzz"
    expected = WISHES | {"name": "night", "agentRunID": "run-1", "jobCount": 2, "requestedBy": "bob"}
    assert copy["spec"] == expected
    assert [job["metadata"]["name"] for job in copied] == ["night-zzzzz-load", "night-zzzzz-train"]
    assert copied[1]["spec"] == {
        "jobID": "train",
        "dag": "night-zzzzz",
        "parents": [{"jobID": "load"}],
        "env": [{"name": "A", "value": "1"}],
        "requestedBy": "bob",
    }


def test_a_copy_is_found_by_its_labels_and_carries_no_comment_of_the_original():
    copy, copied = copy_dag(*original(), "zzzzz", None, "now")
    assert copy["metadata"]["labels"][names.LABEL_AGENT_RUN] == "run-1"
    assert copy["metadata"]["annotations"] == {names.ANNOTATION_SUBMITTED: "now"}
    assert copied[0]["metadata"]["labels"][names.LABEL_DAG] == "night-zzzzz"
    assert "requestedBy" not in copy["spec"]


def test_parents_of_earlier_dags_stay_the_very_jobs_that_they_were():
    dag, jobs = original()
    earlier = {"jobID": "base", "name": "old-x-base", "uid": "u-1"}
    jobs[0]["spec"]["parents"] = [earlier]
    assert copy_dag(dag, jobs, "zzzzz", None, "now")[1][0]["spec"]["parents"] == [earlier]


def test_the_jobs_of_an_applied_dag_wait_for_one_another_in_its_copy():
    dag, jobs = original()
    del dag["spec"]["jobCount"]
    assert copy_dag(dag, jobs, "zzzzz", None, "now")[0]["spec"]["jobCount"] == 2


def test_nothing_of_the_original_changes_by_being_copied():
    dag, jobs = original(**COURSE)
    before = repr((dag, jobs))
    _, copied = copy_dag(dag, jobs, "zzzzz", "bob", "now")
    own_job(copied[0], {"metadata": {"name": "night-zzzzz", "uid": "u"}})
    assert repr((dag, jobs)) == before
    assert "ownerReferences" not in copied[0]["metadata"]


@pytest.mark.parametrize(("kept", "words"), [(1, "had 2 jobs, of which only 1 are still there"), (0, "has no jobs")])
def test_a_dag_of_which_jobs_are_gone_cannot_be_copied(kept, words):
    dag, jobs = original()
    with pytest.raises(ValueError, match=words):
        copy_dag(dag, jobs[:kept], "zzzzz", None, "now")


def cluster_with(jobs):
    cluster = FakeCluster()
    dag, raw = original(**COURSE)
    cluster.add("titandags", dag)
    for job in raw[:jobs]:
        cluster.add("titanjobs", job)
    return cluster


def test_resubmitting_creates_a_new_dag_that_owns_its_jobs():
    cluster = cluster_with(2)
    accepted = client_of(cluster).resubmit("night")
    created = cluster.objects["titandags"][accepted.name]
    assert (accepted.job_ids, accepted.name != DAG, created["spec"]["requestedBy"]) == (("load", "train"), True, "anna")
    jobs = [job for job in cluster.objects["titanjobs"].values() if job["spec"]["dag"] == accepted.name]
    assert [job["metadata"]["ownerReferences"][0]["uid"] for job in jobs] == [created["metadata"]["uid"]] * 2


def test_resubmitting_what_is_not_whole_any_more_is_a_conflict_and_creates_nothing():
    cluster = cluster_with(1)
    with pytest.raises(TitanConflict, match="only 1"):
        client_of(cluster).resubmit(DAG)
    assert list(cluster.objects["titandags"]) == [DAG]


@pytest.mark.parametrize("kind", ["lost", "unsent", "500"])
def test_a_resubmission_whose_answer_is_lost_creates_one_dag(kind):
    cluster = cluster_with(2)
    cluster.transport.fail(kind, "POST", "titandags")
    client_of(cluster).resubmit(DAG)
    assert len(cluster.objects["titandags"]) == 2


def test_a_resubmission_that_breaks_off_leaves_nothing_behind():
    cluster = cluster_with(2)
    cluster.transport.fail("403", "POST", "titanjobs", times=2)
    with pytest.raises(Exception, match="403"):
        client_of(cluster).resubmit(DAG)
    assert list(cluster.objects["titandags"]) == [DAG]
