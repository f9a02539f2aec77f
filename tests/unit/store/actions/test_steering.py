"""Cancel, suspend, resume, retry, comment: what is written, with whose right, and what is said instead."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from builders.store.cluster_objects import dag_object, job_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, CLIENT, STRANGER, FakeReviewer
from builders.store.stores import Reply, Store, running_store
from titan_store.api.actions.edges import MOST_WHOLE_DAGS

from titan_api import names
from titan_api.json_types import Json

FAILED = {"phase": "Failed", "progress": "2/2", "counts": {"failed": 1, "succeeded": 1}}
DONE = {"phase": "Succeeded", "progress": "1/1", "counts": {"succeeded": 1}}


async def act(store: Store, path: str, token: str | None = ALICE, **more: Any) -> Reply:
    return await store.call("POST", path, token=token, **more)


@pytest.mark.parametrize(
    ("action", "field", "value", "before"),
    [("cancel", "cancel", True, {}), ("suspend", "suspend", True, {}), ("resume", "suspend", False, {"suspend": True})],
)
async def test_a_dag_is_steered_by_a_field_of_its_spec(
    store: Store, cluster: FakeCluster, action: str, field: str, value: bool, before: Json
) -> None:
    dag = cluster.put(dag_object("nightly", spec=before))
    for _ in range(2):  # The same again is no error, and writes nothing.
        reply = await act(store, f"/dags/nightly/{action}")
        assert (reply.status, reply.json["name"]) == (200, "nightly")
        assert reply.json["cancelling" if field == "cancel" else "suspended"] == value
    assert dag["spec"][field] == value
    assert cluster.writes.made == [(None, "patch", "nightly")]


async def test_a_job_is_cancelled_and_a_service_stopped_the_same_way(store: Store, cluster: FakeCluster) -> None:
    cluster.put(job_object("extract"))
    cluster.put(job_object("ui", spec={"type": "Service"}, status={"phase": "Serving"}))
    for name in ("nightly-extract", "nightly-ui"):
        reply = await act(store, f"/jobs/{name}/cancel")
        assert (reply.status, reply.json["cancelling"]) == (200, True)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/dags/done/cancel", "The DAG done has already ended: it is Succeeded."),
        ("/dags/done/suspend", "The DAG done has already ended: it is Succeeded."),
        ("/jobs/nightly-old/cancel", "The job old has already ended: it is Failed."),
        ("/jobs/nightly-gone/cancel", "The service gone has already ended: it is Succeeded."),
        ("/dags/done/retry", "Nothing in the DAG 'done' failed or was cancelled: it is Succeeded."),
        ("/dags/running/retry", "Nothing in the DAG 'running' failed or was cancelled: it is Running."),
    ],
)
async def test_what_makes_no_sense_any_more_is_refused_in_a_sentence(
    store: Store, cluster: FakeCluster, path: str, words: str
) -> None:
    cluster.put(dag_object("done", status=DONE))
    cluster.put(dag_object("running"))
    cluster.put(job_object("old", status={"phase": "Failed"}))
    cluster.put(job_object("gone", spec={"type": "Service"}, status={"phase": "Succeeded"}))
    reply = await act(store, path)
    assert (reply.status, reply.json["error"]["message"]) == (409, words)
    assert cluster.writes.made == []


@pytest.mark.parametrize("path", ["cancel", "suspend", "resume", "retry", "resubmit"])
async def test_what_is_not_there_is_named(store: Store, path: str) -> None:
    reply = await act(store, f"/dags/nowhere/{path}")
    assert (reply.status, reply.code) == (404, "DAGNotFound")
    assert reply.json["error"]["message"] == "There is no DAG nowhere in namespace team."
    assert (await act(store, "/jobs/nowhere/cancel")).code == "JobNotFound"


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/dags/nightly/cancel", "patch titandags.titan.io"),
        ("/dags/nightly/retry", "patch titandags.titan.io"),
        ("/dags/nightly/comments", "patch titandags.titan.io"),
        ("/dags/nightly/resubmit", "create titandags.titan.io"),
        ("/jobs/nightly-extract/cancel", "patch titanjobs.titan.io"),
    ],
)
async def test_each_action_needs_the_right_that_kubectl_would_need(
    store: Store, cluster: FakeCluster, path: str, right: str
) -> None:
    cluster.put(dag_object("nightly", status=FAILED))
    cluster.put(job_object("extract"))
    reply = await act(store, path, STRANGER, json={"text": "hi"})
    assert (reply.status, reply.json["error"]["message"]) == (403, f"stranger may not {right} in namespace team.")
    assert (await act(store, path, None)).status == 401
    assert cluster.writes.made == []


async def test_the_log_names_the_person(store: Store, cluster: FakeCluster, caplog: pytest.LogCaptureFixture) -> None:
    cluster.put(dag_object("nightly"))
    with caplog.at_level(logging.INFO, "titan_store"):
        await act(store, "/dags/nightly/cancel")
    assert "alice@example.com: cancelled the DAG team/nightly" in caplog.text
    assert ALICE not in caplog.text


async def test_a_rival_change_is_seen_before_it_is_overwritten(store: Store, cluster: FakeCluster) -> None:
    dag = cluster.put(dag_object("nightly"))
    cluster.writes.rivals.append({"status": DONE})
    assert (await act(store, "/dags/nightly/cancel")).code == "AlreadyEnded"
    assert "cancel" not in dag["spec"]


async def test_a_retry_takes_cancels_back_and_starts_the_next_run(store: Store, cluster: FakeCluster) -> None:
    dag = cluster.put(dag_object("nightly", spec={"run": 2, "cancel": True}, status=FAILED | {"run": 2}))
    ended = cluster.put(job_object("a", spec={"cancel": True}, status={"phase": "Cancelled"}))
    going = cluster.put(job_object("b", spec={"cancel": True}, status={"phase": "Running"}))
    other = cluster.put(job_object("c", "weekly", spec={"cancel": True}, status={"phase": "Cancelled"}))
    reply = await act(store, "/dags/nightly/retry")
    assert (reply.status, reply.json["run"], reply.json["phase"]) == (200, 3, "Pending")
    assert (dag["spec"]["run"], dag["spec"]["cancel"]) == (3, False)
    assert [job["spec"]["cancel"] for job in (ended, going, other)] == [False, True, True]


async def test_a_retry_takes_cancels_of_jobs_back_only_for_those_who_may_change_jobs(
    store: Store, cluster: FakeCluster, reviewer: FakeReviewer
) -> None:
    reviewer.refused.add(("alice@example.com", "patch", "titanjobs"))
    cluster.put(dag_object("nightly", status=FAILED))
    cluster.put(job_object("b", status={"phase": "Failed"}))
    cluster.put(dag_object("weekly", status=FAILED))
    cluster.put(job_object("a", "weekly", spec={"cancel": True}, status={"phase": "Cancelled"}))
    assert (await act(store, "/dags/nightly/retry")).status == 200
    written = list(cluster.writes.made)
    reply = await act(store, "/dags/weekly/retry")
    assert (reply.status, "may not patch titanjobs.titan.io" in reply.text) == (403, True)
    assert cluster.writes.made == written


@pytest.mark.parametrize("action", ["retry", "resubmit"])
async def test_somebody_who_clicks_often_has_few_whole_dags_read_at_once(
    store: Store, cluster: FakeCluster, action: str
) -> None:
    cluster.writes.seconds_per_list = 0.05
    for number in range(3 * MOST_WHOLE_DAGS):
        cluster.put(dag_object(f"dag-{number}", status=FAILED))
        cluster.put(job_object("a", f"dag-{number}", status={"phase": "Failed"}))
    replies = await asyncio.gather(
        *(act(store, f"/dags/dag-{number}/{action}") for number in range(3 * MOST_WHOLE_DAGS))
    )
    assert {reply.status for reply in replies} == {201 if action == "resubmit" else 200}
    assert cluster.writes.most_lists_at_once == MOST_WHOLE_DAGS


async def test_a_second_click_before_the_operator_has_seen_the_first_asks_for_nothing_more(
    store: Store, cluster: FakeCluster
) -> None:
    dag = cluster.put(dag_object("nightly", status=FAILED | {"run": 1}))
    for _ in range(2):
        reply = await act(store, "/dags/nightly/retry")
        assert (reply.status, reply.json["run"], reply.json["phase"]) == (200, 2, "Pending")
    assert dag["spec"]["run"] == 2
    assert cluster.writes.made == [(None, "patch", "nightly")]


async def test_two_who_retry_at_once_get_one_run(store: Store, cluster: FakeCluster) -> None:
    dag = cluster.put(dag_object("nightly", status=FAILED))
    cluster.writes.rivals.append({"spec": {"run": 2}})
    assert (await act(store, "/dags/nightly/retry")).json["run"] == 2
    assert dag["spec"]["run"] == 2


async def test_comments_say_who_and_when_and_stay_in_order(store: Store, cluster: FakeCluster) -> None:
    dag = cluster.put(dag_object("nightly"))
    hostile = '<script>alert(1)</script>\n‮ "quoted" \u0007'
    cluster.writes.rivals.append(
        {"metadata": {"annotations": {names.ANNOTATION_COMMENTS: '[{"user": "bob", "time": "t", "text": "first"}]'}}}
    )
    reply = await act(store, "/dags/nightly/comments", json={"text": f"  {hostile} "})
    assert reply.status == 200
    assert [(said["user"], said["text"]) for said in reply.json["comments"]] == [
        ("bob", "first"),
        ("alice@example.com", hostile),
    ]
    kept = json.loads(dag["metadata"]["annotations"][names.ANNOTATION_COMMENTS])
    assert kept[1] == {"user": "alice@example.com", "time": "2026-01-02T03:04:05.000000Z", "text": hostile}


@pytest.mark.parametrize("text", ["", "   ", "x" * 1025])
async def test_a_comment_has_a_text_of_bearable_length(store: Store, cluster: FakeCluster, text: str) -> None:
    cluster.put(dag_object("nightly"))
    assert (await act(store, "/dags/nightly/comments", json={"text": text})).status == 400


async def test_a_dag_full_of_comments_takes_no_more(store: Store, cluster: FakeCluster) -> None:
    said = json.dumps([{"user": "bob", "time": "t", "text": "again"}] * 50)
    cluster.put(dag_object("nightly", annotations={names.ANNOTATION_COMMENTS: said}))
    reply = await act(store, "/dags/nightly/comments", json={"text": "one more"})
    assert (reply.status, reply.code) == (409, "TooManyComments")


async def test_a_shared_identity_may_steer_if_it_has_the_right(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    assert (await act(store, "/dags/nightly/cancel", CLIENT)).status == 200


async def test_a_store_without_a_cluster_says_so(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        assert (await act(store, "/dags/nightly/cancel")).status == 503
