"""Parents of earlier DAGs: found by id, meant by uid from then on."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk import TitanJob


def submit(cluster, *jobs):
    accepted = client_of(cluster).submit_dag("later", jobs)
    return {
        job["spec"]["jobID"]: job["spec"].get("parents")
        for job in cluster.objects["titanjobs"].values()
        if job["spec"].get("dag") == accepted.name
    }


@pytest.fixture
def cluster():
    """A cluster in which the job ``prep`` was submitted twice."""
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("prep", dag="one", submitted="2026-01-01"))
    cluster.add("titanjobs", make.job("prep", dag="two", submitted="2026-01-02"))
    return cluster


@pytest.mark.parametrize("parent", ["prep", "DAG-prep"])
def test_the_newest_submission_is_the_parent(cluster, parent):
    newest = cluster.objects["titanjobs"]["two-prep"]
    parents = submit(cluster, TitanJob("train", script_content="1", parents=[parent]))
    assert parents == {"train": [{"jobID": "prep", "name": "two-prep", "uid": newest["metadata"]["uid"]}]}


def test_a_job_of_the_same_dag_comes_before_one_of_an_earlier_dag(cluster):
    parents = submit(
        cluster,
        TitanJob("prep", script_content="1"),
        TitanJob("train", script_content="1", parents=["prep"]),
    )
    assert parents["train"] == [{"jobID": "prep"}]


def test_a_job_alone_may_wait_for_an_earlier_one(cluster):
    accepted = client_of(cluster).submit_job(TitanJob("train", script_content="1", parents=["DAG-prep"]))
    (parent,) = cluster.objects["titanjobs"][accepted.name]["spec"]["parents"]
    assert parent["name"] == "two-prep"


@pytest.mark.parametrize(
    "submit_it",
    [lambda client, job: client.submit_dag("x", [job]), lambda client, job: client.submit_job(job)],
    ids=["in a DAG", "alone"],
)
def test_a_parent_that_is_nowhere_is_a_value_error(cluster, submit_it):
    with pytest.raises(ValueError, match="'train' has the parent 'nobody', which is no job of this DAG and of no earl"):
        submit_it(client_of(cluster), TitanJob("train", script_content="1", parents=["nobody"]))
    assert cluster.objects["titandags"] == {}


def test_each_parent_is_looked_up_once(cluster):
    jobs = [TitanJob(str(number), script_content="1", parents=["prep"]) for number in range(20)]
    client_of(cluster).submit_dag("x", jobs)
    lookups = [asked for asked in cluster.transport.asked if "labelSelector" in asked.query]
    assert len(lookups) == 1
