"""What people see over HTTP: lists in stable pages, one DAG, the overview, and only what they may see."""

import asyncio
import base64
from pathlib import Path

import pytest
from builders.store.cluster_objects import condition, dag_object, job_object, node_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, STRANGER
from builders.store.stores import Store, running_store

from titan_api import names
from titan_api.json_types import Json

DEEP = {"continue": base64.b64encode(b"[" * 3_000).decode()}
SHOWN = "2026-01-02T03:00:00.000000Z"


async def read(store: Store, path: str, **query: str) -> Json:
    reply = await store.get(path, query, token=ALICE)
    assert reply.status == 200, reply.text
    content: Json = reply.json
    return content


async def names_of(store: Store, path: str, **query: str) -> list[str]:
    return [item["name"] for item in (await read(store, path, **query))["items"]]


async def test_pages_of_dags_stay_in_place_while_new_ones_come(store: Store, cluster: FakeCluster) -> None:
    for second in range(5):
        cluster.put(dag_object(f"dag-{second}", second=second))
    first = await read(store, "/v1/views/dags", limit="2")
    cluster.put(dag_object("newer", second=50))
    assert [item["name"] for item in first["items"]] == ["dag-4", "dag-3"]
    second_page = await read(store, "/v1/views/dags", limit="2", **{"continue": first["continue"]})
    assert [item["name"] for item in second_page["items"]] == ["dag-2", "dag-1"]
    last = await read(store, "/v1/views/dags", limit="2", **{"continue": second_page["continue"]})
    assert ([item["name"] for item in last["items"]], last.get("continue")) == (["dag-0"], None)


async def test_what_somebody_wrote_on_a_dag_does_not_end_the_list_for_everybody(
    store: Store, cluster: FakeCluster
) -> None:
    for name in ("hostile", "later"):
        cluster.put(dag_object(name, annotations={names.ANNOTATION_SUBMITTED: "~" * 100_000}))
    cluster.put(dag_object("sound"))
    first = await read(store, "/v1/views/dags", limit="1")
    second = await read(store, "/v1/views/dags", limit="1", **{"continue": first["continue"]})
    third = await read(store, "/v1/views/dags", limit="1", **{"continue": second["continue"]})
    assert [page["items"][0]["name"] for page in (first, second, third)] == ["later", "hostile", "sound"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["weekly", "other", "nightly"]),
        ({"phase": "Failed"}, ["other"]),
        ({"phase": "Failed,Succeeded"}, ["weekly", "other"]),
        ({"search": "NIGHT"}, ["nightly"]),
        ({"search": "bob@"}, ["weekly"]),
        ({"search": "run-7"}, ["other"]),
        ({"run": "run-7"}, ["other"]),
        ({"run": "run"}, []),
    ],
    ids=str,
)
async def test_dags_are_found_by_phase_words_and_run(
    store: Store, cluster: FakeCluster, query: dict[str, str], expected: list[str]
) -> None:
    cluster.put(dag_object("nightly"))
    cluster.put(dag_object("other", second=1, spec={"agentRunID": "run-7"}, status={"phase": "Failed"}))
    cluster.put(dag_object("weekly", second=2, spec={"requestedBy": "bob@x"}, status={"phase": "Succeeded"}))
    page = await read(store, "/v1/views/dags", **query)
    assert [item["name"] for item in page["items"]] == expected
    assert page["total"] == len(expected)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"phase": "Sleeping"}, "phases are"),
        ({"continue": "!"}, "continue"),
        ({"continue": "e30"}, "continue"),
        (DEEP, "continue"),
    ],
    ids=str,
)
async def test_nonsense_is_refused_with_a_sentence(store: Store, query: dict[str, str], words: str) -> None:
    reply = await store.get("/v1/views/dags", query, token=ALICE)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert words in reply.json["error"]["message"]


async def test_a_dag_is_shown_with_comments_and_conditions(store: Store, cluster: FakeCluster) -> None:
    notes = '[{"user": "bob", "time": "2026-01-02T03:04:05Z", "text": "<script>"}, {"user": 1}, 7]'
    cluster.put(
        dag_object(
            "nightly",
            spec={"name": "Nightly", "workspace": {"mode": "Claim", "claimName": "c"}, "maxParallel": 3},
            status={"conditions": [condition("Sealed", "AllArrived", "all 3 jobs are there")]},
            annotations={"titan.io/comments": notes},
        )
    )
    found = await read(store, "/dags/nightly")
    assert (found["displayName"], found["workspace"], found["maxParallel"]) == ("Nightly", "Claim", 3)
    assert found["comments"] == [{"user": "bob", "time": "2026-01-02T03:04:05Z", "text": "<script>"}]
    assert found["conditions"][0]["reason"] == "AllArrived"
    missing = await store.get("/dags/weekly", token=ALICE)
    assert (missing.status, missing.code) == (404, "DAGNotFound")


async def test_jobs_of_a_dag_are_listed_by_creation_or_start(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    for number, started in enumerate(["05", None, "01"]):
        status = {"phase": "Running", "startTime": f"2026-01-02T03:00:{started}.000000Z"} if started else {}
        cluster.put(job_object(f"job-{number}", second=number, status=status))
    cluster.put(job_object("elsewhere", "weekly"))

    async def ids(**query: str) -> list[str]:
        return [item["jobID"] for item in (await read(store, "/dags/nightly/jobs", **query))["items"]]

    assert await ids() == ["job-0", "job-1", "job-2"]
    assert await ids(sort="started") == ["job-2", "job-0", "job-1"]
    assert await ids(phase="Pending") == ["job-1"]
    assert await ids(search="B-2") == ["job-2"]
    page = await read(store, "/dags/nightly/jobs", sort="started", limit="2")
    assert (page["total"], await ids(sort="started", **{"continue": page["continue"]})) == (3, ["job-1"])


async def test_the_overview_tells_what_runs_waits_and_failed(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    cluster.put(dag_object("broken", status={"phase": "Failed", "completionTime": SHOWN}))
    cluster.put(node_object("plain"))
    cluster.put(node_object("gpu", allocatable={"pods": "10", "nvidia.com/gpu": "4"}))
    cluster.put(job_object("works", status={"phase": "Running", "nodeName": "plain"}))
    cluster.put(job_object("next", spec={"priority": 5, "requirement": "GPU"}, status={"readyTime": SHOWN}))
    cluster.put(job_object("later", spec={"parents": [{"jobID": "next"}]}))
    cluster.put(job_object("after", status={"readyTime": SHOWN}))
    cluster.add_gate()
    found = await read(store, "/v1/views/overview")
    assert found["counts"] == {"pending": 0, "running": 1, "succeeded": 0, "failed": 1, "cancelled": 0}
    assert [dag["name"] for dag in found["running"]] == ["nightly"]
    assert [dag["name"] for dag in found["failed"]] == ["broken"]
    assert [gate["jobID"] for gate in found["gates"]] == ["extract"]
    assert ([job["jobID"] for job in found["queue"]], found["queueLength"]) == (["next", "after"], 2)
    room = {item.pop("requirement"): item for item in found["capacity"]}
    assert room["GENERAL"] == {"running": 1, "waiting": 1, "nodes": 2, "places": 120}
    assert room["GPU"] == {"running": 0, "waiting": 1, "nodes": 1, "places": 4}
    assert room["HIGH_MEM"] == {"running": 0, "waiting": 0, "nodes": 0, "places": 0}


async def test_an_overview_shows_each_change_and_goes_on_while_the_api_server_is_away(
    store: Store, cluster: FakeCluster
) -> None:
    async def until(*expected: str) -> None:
        async with asyncio.timeout(20):
            while [dag["name"] for dag in (await read(store, "/v1/views/overview"))["running"]] != list(expected):
                await asyncio.sleep(0.01)

    cluster.put(dag_object("first"))
    await until("first")
    cluster.put(dag_object("second", second=1))
    await until("second", "first")
    cluster.is_away = True
    cluster.break_watches()
    cluster.put(dag_object("third", second=2))
    await until("second", "first")
    cluster.is_away = False
    await until("third", "second", "first")


async def test_somebody_without_rights_sees_nothing_and_is_told_why(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    everything = await store.get("/v1/views/dags", token=STRANGER)
    assert (everything.status, everything.json["items"]) == (200, [])
    for path, query in (("/v1/views/dags", {"namespace": "team"}), ("/dags/nightly", {})):
        reply = await store.get(path, query, token=STRANGER)
        assert (reply.status, reply.code) == (403, "Forbidden")
    assert (await store.get("/v1/views/overview", token=None)).status == 401


async def test_namespaces_are_those_that_hold_something(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    cluster.put(dag_object("b", namespace="other"))
    cluster.put(dag_object("c", namespace="other"))
    found = await read(store, "/v1/views/namespaces")
    assert found == {"items": [{"name": "other", "dags": 2}, {"name": "team", "dags": 1}], "all": True}
    assert await names_of(store, "/v1/views/dags", namespace="other") == ["c", "b"]


async def test_a_store_that_may_not_look_says_so(store: Store, cluster: FakeCluster) -> None:
    cluster.forbidden = {"TitanJob"}
    reply = await store.get("/v1/views/overview", token=ALICE)
    assert (reply.status, reply.code) == (503, "Unavailable")
    assert "titanjobs" in reply.json["error"]["message"]


async def test_views_begin_anew_after_a_mistake_of_our_own(
    store: Store, cluster: FakeCluster, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.put(dag_object("nightly"))
    nodes = cluster.objects.pop("Node")
    pending = asyncio.create_task(store.get("/v1/views/dags", token=ALICE))
    async with asyncio.timeout(20):
        while cluster.watches < 3:
            await asyncio.sleep(0.01)
    cluster.objects["Node"] = nodes
    assert await names_of(store, "/v1/views/dags") == ["nightly"]
    assert (await pending).status == 200
    assert "start again" in caplog.text


async def test_a_store_without_a_cluster_says_so(tmp_path: Path) -> None:
    async with running_store(tmp_path / "data") as store:
        reply = await store.get("/v1/views/namespaces", token=ALICE)
    assert (reply.status, reply.code) == (503, "Unavailable")
    assert "without a cluster" in reply.json["error"]["message"]
