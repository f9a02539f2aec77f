"""A DAG once more: created by the viewer's own token, all or nothing."""

import pytest
from builders.store.cluster_objects import dag_object, job_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, CLIENT, FakeReviewer
from builders.store.sign_ins import Browser
from builders.store.stores import Store

from titan_api import names
from titan_api.json_types import Json

PATH = "/dags/nightly/resubmit"


@pytest.fixture
def cluster() -> FakeCluster:
    cluster = FakeCluster()
    spec = {"run": 3, "cancel": True, "jobCount": 2, "agentRunID": "run-7", "requestedBy": "bob@example.com"}
    cluster.put(dag_object("nightly", spec=spec, status={"phase": "Failed"}))
    cluster.put(job_object("extract", spec={"requestedBy": "bob@example.com", "cancel": True}))
    cluster.put(job_object("load", spec={"parents": [{"jobID": "extract"}]}))
    cluster.put(job_object("other", "weekly"))
    return cluster


def copies_in(cluster: FakeCluster, kind: str) -> list[Json]:
    old = {"nightly", "nightly-extract", "nightly-load", "weekly-other"}
    return [raw for (_, name), raw in sorted(cluster.objects[kind].items()) if name not in old]


async def test_the_copy_is_a_new_dag_of_the_viewers(browser: Browser, cluster: FakeCluster) -> None:
    reply = await browser.post(PATH)
    assert (reply.status, reply.json["run"], reply.json["requestedBy"]) == (201, 1, "alice@example.com")
    [dag] = copies_in(cluster, names.KIND_DAG)
    assert dag["metadata"]["name"] == reply.json["name"]
    assert dag["metadata"]["labels"][names.LABEL_AGENT_RUN] == "run-7"
    assert "cancel" not in dag["spec"]
    assert dag["spec"]["jobCount"] == 2
    jobs = copies_in(cluster, names.KIND_JOB)
    assert [job["spec"]["jobID"] for job in jobs] == ["extract", "load"]
    for job in jobs:
        assert job["metadata"]["ownerReferences"][0]["uid"] == dag["metadata"]["uid"]
        assert (job["spec"]["dag"], job["spec"]["requestedBy"]) == (dag["metadata"]["name"], "alice@example.com")
    assert jobs[1]["spec"]["parents"] == [{"jobID": "extract"}]


async def test_everything_is_created_with_the_viewers_own_token(browser: Browser, cluster: FakeCluster) -> None:
    await browser.post(PATH)
    assert len(cluster.writes.made) == 3
    assert {token for token, *_ in cluster.writes.made} == {ALICE}
    assert cluster.writes.made[0][2] == copies_in(cluster, names.KIND_DAG)[0]["metadata"]["name"]


async def test_an_answer_that_got_lost_doubles_nothing(browser: Browser, cluster: FakeCluster) -> None:
    cluster.writes.lost_answers = 3
    assert (await browser.post(PATH)).status == 201
    assert (len(copies_in(cluster, names.KIND_DAG)), len(copies_in(cluster, names.KIND_JOB))) == (1, 2)


async def test_a_refused_job_takes_the_whole_submission_back(browser: Browser, cluster: FakeCluster) -> None:
    cluster.writes.refused.add("-load")
    reply = await browser.post(PATH)
    assert (reply.status, "is too much" in reply.json["error"]["message"]) == (403, True)
    assert copies_in(cluster, names.KIND_DAG) == []


async def test_a_dag_whose_jobs_are_gone_is_not_submitted_again(browser: Browser, cluster: FakeCluster) -> None:
    cluster.drop(names.KIND_JOB, "nightly-load")
    reply = await browser.post(PATH)
    assert (reply.status, reply.code) == (409, "CannotResubmit")
    assert "had 2 jobs, of which only 1 are still there" in reply.json["error"]["message"]
    assert cluster.writes.made == []


async def test_whoever_has_no_token_for_the_api_server_gets_the_command(store: Store, cluster: FakeCluster) -> None:
    browser = Browser(store)
    await browser.sign_in(token=CLIENT)
    reply = await browser.post(PATH)
    assert reply.status == 403
    assert "titan resubmit nightly -n team" in reply.json["error"]["message"]
    assert cluster.writes.made == []


async def test_the_right_to_create_jobs_is_needed_too(
    browser: Browser, reviewer: FakeReviewer, cluster: FakeCluster
) -> None:
    reviewer.refused.add(("alice@example.com", "create", "titanjobs"))
    reply = await browser.post(PATH)
    assert reply.json["error"]["message"] == "alice@example.com may not create titanjobs.titan.io in namespace team."
    assert cluster.writes.made == []
