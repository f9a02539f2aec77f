"""Whoever may see one kind of object sees nothing of another by it: each part of each answer has its own right."""

import asyncio
import json

import pytest
from builders.store.cluster_objects import dag_object, job_object, node_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, BOB, CLIENT, NAMESPACE, FakeReviewer
from builders.store.stores import Store

from titan_api import names
from titan_api.json_types import Json

PERSON = "alice@example.com"
WAITING = {"readyTime": "2026-01-02T03:00:00.000000Z", "gate": "Pending"}


@pytest.fixture
def cluster() -> FakeCluster:
    cluster = FakeCluster()
    cluster.put(dag_object("nightly", spec={"agentRunID": "run-7"}))
    cluster.put(job_object("extract", status=WAITING))
    cluster.put(job_object("load", second=1, spec={"parents": [{"jobID": "extract"}]}))
    cluster.put(job_object("api", None, second=2, spec={"type": "Service"}))
    cluster.add_gate()
    return cluster


def hide(reviewer: FakeReviewer, *plurals: str) -> None:
    """From Alice."""
    reviewer.refused |= {(PERSON, verb, plural) for verb in ("get", "list") for plural in plurals}


async def read(store: Store, path: str, **query: str) -> Json:
    reply = await store.get(path, query, token=ALICE)
    assert reply.status == 200, reply.text
    content: Json = reply.json
    return content


@pytest.mark.parametrize("query", [{}, {"namespace": NAMESPACE}], ids=str)
async def test_an_overview_shows_no_jobs_and_gates_to_whoever_may_list_dags_only(
    store: Store, reviewer: FakeReviewer, query: dict[str, str]
) -> None:
    hide(reviewer, "titanjobs", "titanapprovals")
    whole = (await store.get("/v1/views/overview", query, token=BOB)).json
    assert ([job["jobID"] for job in whole["queue"]], len(whole["gates"])) == (["extract"], 1)
    seen = await read(store, "/v1/views/overview", **query)
    assert (seen["queue"], seen["gates"], len(seen["running"])) == ([], [], 1)


@pytest.mark.parametrize(("view", "plural"), [("services", "titanjobs"), ("approvals", "titanapprovals")])
async def test_a_list_needs_the_right_to_what_it_lists(
    store: Store, reviewer: FakeReviewer, view: str, plural: str
) -> None:
    hide(reviewer, plural)
    assert (await store.get(f"/v1/views/{view}", {"namespace": NAMESPACE}, token=ALICE)).status == 403
    assert (await read(store, f"/v1/views/{view}"))["items"] == []


async def test_an_approver_who_sees_no_dags_finds_the_gates(store: Store, reviewer: FakeReviewer) -> None:
    hide(reviewer, "titandags", "titanjobs")
    assert len((await read(store, "/v1/views/approvals"))["items"]) == 1
    found = await read(store, "/v1/views/namespaces")
    assert (found["items"], found["all"]) == ([{"name": NAMESPACE, "dags": 0}], True)
    assert (await read(store, "/v1/views/overview", namespace=NAMESPACE))["running"] == []


async def test_a_run_shows_its_jobs_only_to_those_who_may_list_jobs(store: Store, reviewer: FakeReviewer) -> None:
    hide(reviewer, "titanjobs")
    (stage,) = (await read(store, "/runs", id="run-7"))["stages"]
    assert (stage["dag"]["name"], stage["jobs"]) == ("nightly", [])


@pytest.mark.parametrize(
    ("refused", "children", "gate"),
    [
        (set(), ["load"], True),
        ({(PERSON, "list", "titanjobs")}, [], True),
        ({(PERSON, "get", "titanapprovals")}, ["load"], False),
    ],
    ids=["both", "not the other jobs", "not the gate"],
)
async def test_a_job_shows_its_neighbours_and_gate_only_to_those_who_may_see_them(
    store: Store, reviewer: FakeReviewer, refused: set[tuple[str, str, str]], children: list[str], gate: bool
) -> None:
    reviewer.refused |= refused
    job = await read(store, "/jobs/nightly-extract")
    assert (job["children"], "gate" in job) == (children, gate)


async def test_the_stream_names_no_jobs_gates_and_nodes_to_whoever_may_list_dags_only(
    store: Store, reviewer: FakeReviewer, cluster: FakeCluster
) -> None:
    hide(reviewer, "titanjobs", "titanapprovals")
    headers = {"Authorization": f"Bearer {ALICE}"}
    async with store.session.get(store.url("/v1/views/changes"), headers=headers) as response:
        assert await response.content.readline()
        cluster.put(job_object("secret"))
        cluster.add_gate("nightly-secret")
        cluster.put(node_object("secret-node"))
        await asyncio.sleep(0.3)
        cluster.put(dag_object("last"))
        told = ""
        async with asyncio.timeout(20):
            while '"last"' not in told:
                told += (await response.content.readline()).decode()
    assert "secret" not in told


async def test_whoever_sees_nothing_of_a_namespace_has_no_stream_of_it(store: Store, reviewer: FakeReviewer) -> None:
    hide(reviewer, "titandags", "titanjobs", "titanapprovals")
    for view in ("changes", "overview"):
        reply = await store.get(f"/v1/views/{view}", {"namespace": NAMESPACE}, token=ALICE)
        assert (reply.status, reply.code) == (403, "Forbidden")


@pytest.mark.parametrize("path", ["/dags/nightly/jobs", "/dags/nightly/graph", "/dags/nightly/files"])
async def test_the_right_to_list_is_asked_for_all_and_not_for_something_of_the_same_name(
    store: Store, reviewer: FakeReviewer, path: str
) -> None:
    """A role that names one job is not one for a DAG that happens to be called the same."""
    await store.get(path, token=ALICE)
    assert {asked.name for _, asked in reviewer.asked if asked.verb == "list"} <= {""}


@pytest.mark.parametrize(
    "entry",
    [
        {"user": "eve", "time": "9" * 33, "text": "a time that no answer holds"},
        {"user": "eve", "time": 7, "text": "x"},
        {"user": None, "time": "t", "text": "x"},
        "text",
    ],
    ids=str,
)
async def test_a_comment_of_an_odd_shape_hides_only_itself(store: Store, cluster: FakeCluster, entry: object) -> None:
    sound = {"user": "bob", "time": "2026-01-02T03:04:05Z", "text": "fine"}
    cluster.put(dag_object("odd", annotations={names.ANNOTATION_COMMENTS: json.dumps([entry, sound])}))
    assert [said["text"] for said in (await read(store, "/dags/odd"))["comments"]] == ["fine"]


@pytest.mark.parametrize(
    ("annotation", "shown"),
    [
        ("[" * 100_000, 0),
        ('[{"user": "\\ud800", "time": "t", "text": "\\udfff half"}]', 1),
        (json.dumps([{"user": "eve", "time": "t", "text": str(number)} for number in range(3_000)]), 200),
        ("7", 0),
    ],
    ids=["deep", "half a character", "too many", "no list"],
)
async def test_no_annotation_breaks_the_page_of_a_dag(
    store: Store, cluster: FakeCluster, annotation: str, shown: int
) -> None:
    cluster.put(dag_object("odd", annotations={names.ANNOTATION_COMMENTS: annotation}))
    assert len((await read(store, "/dags/odd"))["comments"]) == shown


async def test_a_shared_client_may_still_see_everything_of_its_namespace(store: Store) -> None:
    reply = await store.get("/v1/views/overview", {"namespace": NAMESPACE}, token=CLIENT)
    assert (reply.status, len(reply.json["gates"])) == (200, 1)
