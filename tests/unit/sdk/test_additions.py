"""Adding jobs to a DAG that is under way: the number rises first, exactly once, and the graph stays sound."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk import TitanJob
from titan_sdk.errors import TitanConflict, TitanNotFound, TitanUnavailable

DAG = "night-abcde"


def job(job_id, *parents):
    return TitanJob(job_id, script_content="1", parents=list(parents))


@pytest.fixture
def cluster():
    """A running DAG with the jobs a and b."""
    cluster = FakeCluster()
    cluster.add("titandags", make.dag(DAG, phase="Running"))
    cluster.objects["titandags"][DAG]["spec"]["jobCount"] = 2
    cluster.add("titanjobs", make.job("a"))
    cluster.add("titanjobs", make.job("b", parents=("a",)))
    return cluster


def count(cluster):
    return cluster.objects["titandags"][DAG]["spec"]["jobCount"]


@pytest.mark.parametrize("name", [DAG, "night"], ids=["by its own name", "by the user's name"])
def test_jobs_are_announced_and_then_created_as_the_dags_own(cluster, name):
    client_of(cluster).add_jobs(name, [job("c", "DAG-b"), job("d", "c")])
    assert count(cluster) == 4
    added = cluster.objects["titanjobs"][f"{DAG}-c"]
    assert added["spec"]["parents"] == [{"jobID": "b"}]
    assert added["metadata"]["ownerReferences"][0]["uid"] == cluster.objects["titandags"][DAG]["metadata"]["uid"]
    methods = [asked.method for asked in cluster.transport.asked if asked.method in ("PATCH", "POST")]
    assert methods[-3:] == ["PATCH", "POST", "POST"]


@pytest.mark.parametrize("kind", ["lost", "unsent", "503", "500"])
def test_an_announcement_whose_answer_is_lost_counts_once(cluster, kind):
    cluster.transport.fail(kind, "PATCH", "titandags")
    client_of(cluster).add_jobs(DAG, [job("c")])
    assert count(cluster) == 3


def test_two_who_add_at_once_both_find_their_place(cluster):
    other = client_of(cluster)
    cluster.transport.before("PATCH", "titandags", lambda asked: other.add_jobs(DAG, [job("other")]))
    client_of(cluster).add_jobs(DAG, [job("mine")])
    assert count(cluster) == 4
    assert {f"{DAG}-other", f"{DAG}-mine"} <= set(cluster.objects["titanjobs"])


def test_adding_the_same_jobs_again_changes_nothing_but_what_is_missing(cluster):
    mine = client_of(cluster)
    mine.add_jobs(DAG, [job("c", "b")])
    mine.add_jobs(DAG, [job("c", "DAG-b")])
    assert count(cluster) == 3
    mine.add_jobs(DAG, [job("c", "b"), job("d", "c")])
    assert count(cluster) == 4
    with pytest.raises(ValueError, match="has another job of the id 'd'"):
        mine.add_jobs(DAG, [job("d", "a")])


def test_a_dag_without_a_number_just_gets_the_jobs(cluster):
    del cluster.objects["titandags"][DAG]["spec"]["jobCount"]
    client_of(cluster).add_jobs(DAG, [job("c", "a")])
    assert "jobCount" not in cluster.objects["titandags"][DAG]["spec"]
    assert f"{DAG}-c" in cluster.objects["titanjobs"]


WRONG = {
    "an id that is there": ([job("a")], "has another job of the id 'a'"),
    "an id twice": ([job("c"), job("c")], "more than one job has the id 'c'"),
    "a circle through what is there": ([job("c", "d"), job("d", "c")], "form a circle"),
    "an unknown parent": ([job("c", "nobody")], "has the parent 'nobody'"),
    "no jobs": ([], "there is no job to add"),
    "no job": (["c"], "must be TitanJobs, not str"),
}


@pytest.mark.parametrize(("jobs", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_changes_nothing(cluster, jobs, words):
    with pytest.raises(ValueError, match=words):
        client_of(cluster).add_jobs(DAG, jobs)
    assert (count(cluster), len(cluster.objects["titanjobs"])) == (2, 2)


@pytest.mark.parametrize("phase", ["Succeeded", "Failed", "Cancelled"])
def test_a_dag_that_has_ended_takes_no_more(cluster, phase):
    cluster.set_status("titandags", DAG, phase=phase)
    with pytest.raises(TitanConflict, match=rf"has ended \({phase}\)"):
        client_of(cluster).add_jobs(DAG, [job("c")])


def test_a_dag_that_ends_meanwhile_takes_no_more(cluster):
    cluster.transport.before("PATCH", "titandags", lambda _: cluster.set_status("titandags", DAG, phase="Succeeded"))
    with pytest.raises(TitanConflict, match="has ended"):
        client_of(cluster).add_jobs(DAG, [job("c")])
    assert count(cluster) == 2


def test_an_outage_and_an_unknown_dag_are_errors(cluster):
    with pytest.raises(TitanNotFound, match="no DAG 'morning'"):
        client_of(cluster).add_jobs("morning", [job("c")])
    cluster.transport.fail("unsent", times=10**6)
    with pytest.raises(TitanUnavailable):
        client_of(cluster).add_jobs(DAG, [job("c")])
