"""The graph of a DAG and the pages of single jobs over HTTP."""

import pytest
import yaml
from builders.store.cluster_objects import condition, dag_object, job_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, BOB, CLIENT, NAMESPACE, STRANGER
from builders.store.stores import Store

from titan_api import names
from titan_api.json_types import Json

JOB = "/jobs/nightly-extract"


@pytest.fixture
def cluster() -> FakeCluster:
    cluster = FakeCluster()
    cluster.put(dag_object("nightly"))
    return cluster


async def read(store: Store, path: str, token: str = ALICE, **query: str) -> Json:
    reply = await store.get(path, query, token=token)
    assert reply.status == 200, reply.text
    content: Json = reply.json
    return content


def put_fan_out(cluster: FakeCluster, width: int) -> None:
    cluster.put(job_object("split", status={"phase": "Succeeded", "attempt": 1}))
    for number in range(width):
        phase = "Failed" if number == 3 else "Running"
        parents = {"parents": [{"jobID": "split"}]}
        cluster.put(job_object(f"work-{number:02}", second=number + 1, spec=parents, status={"phase": phase}))


async def test_a_graph_folds_its_fan_outs_and_opens_them_on_demand(store: Store, cluster: FakeCluster) -> None:
    put_fan_out(cluster, 12)
    graph = await read(store, "/dags/nightly/graph")
    assert graph["jobs"] == 13
    split, fold = graph["nodes"]
    assert (split["id"], split["kind"], split["phase"], split["job"]["name"]) == (
        "job:split", "Job", "Succeeded", "nightly-split",
    )  # fmt: skip
    assert fold == {
        "id": "fold:fanout:work-00",
        "kind": "FanOut",
        "label": "work-00 … work-11",
        "parents": ["job:split"],
        "phase": "Failed",
        "size": 12,
        "counts": {"running": 11, "failed": 1},
        "opens": True,
    }
    opened = await read(store, "/dags/nightly/graph", open=f"{fold['id']},fold:chain:nobody")
    assert [node["id"] for node in opened["nodes"][:2]] == ["job:split", "job:work-00"]
    assert {node.get("group") for node in opened["nodes"][1:]} == {fold["id"]}
    assert opened["shape"] != graph["shape"]
    page = await read(store, "/dags/nightly/jobs", group=fold["id"], phase="Failed")
    assert [item["jobID"] for item in page["items"]] == ["work-03"]
    assert (await read(store, "/dags/nightly/jobs", group=fold["id"]))["total"] == 12
    assert (await read(store, "/dags/nightly/jobs", group="fold:fanout:nobody"))["total"] == 0


async def test_states_change_without_another_shape_and_new_jobs_make_one(store: Store, cluster: FakeCluster) -> None:
    put_fan_out(cluster, 12)
    before = await read(store, "/dags/nightly/graph")
    cluster.put(job_object("work-03", second=4, spec={"parents": [{"jobID": "split"}]}, status={"phase": "Succeeded"}))
    await store.settle()
    after = await read(store, "/dags/nightly/graph")
    assert (after["nodes"][1]["phase"], after["shape"]) == ("Running", before["shape"])
    cluster.put(job_object("end", second=50, spec={"parents": [{"jobID": "work-03"}, {"jobID": "unknown"}]}))
    await store.settle()
    assert (await read(store, "/dags/nightly/graph"))["shape"] != before["shape"]


async def test_a_dag_that_no_watch_has_told_yet_is_there_all_the_same(store: Store, cluster: FakeCluster) -> None:
    assert (await read(store, "/dags/nightly"))["name"] == "nightly"
    cluster.objects[names.KIND_DAG][NAMESPACE, "newborn"] = dag_object("newborn")
    assert (await read(store, "/dags/newborn"))["name"] == "newborn"
    graph = await read(store, "/dags/newborn/graph")
    assert (graph["jobs"], graph["nodes"]) == (0, [])


async def test_a_dag_whose_jobs_form_a_circle_has_a_graph(store: Store, cluster: FakeCluster) -> None:
    for job_id, parent in {"a": "c", "b": "a", "c": "b"}.items():
        cluster.put(job_object(job_id, second=ord(job_id) - 96, spec={"parents": [{"jobID": parent}]}))
    nodes = (await read(store, "/dags/nightly/graph"))["nodes"]
    assert [node["parents"] for node in nodes] == [[], ["job:a"], ["job:b"]]


async def test_a_job_tells_what_it_runs_and_why_it_waits(store: Store, cluster: FakeCluster) -> None:
    cluster.put(job_object("draft", second=1, status={"phase": "Succeeded", "approval": "Pending"}))
    gate = cluster.add_gate("nightly-draft", subject={"job": "nightly-draft", "jobID": "draft", "uid": "u", "round": 1})
    spec = {
        "parents": [{"jobID": "draft"}],
        "source": {"script": {"fileName": "extract.py", "digest": f"sha256:{'a' * 64}"}},
        "args": ["--fast"],
        "env": [{"name": "REGION", "value": "eu"}, {"name": "EMPTY"}],
        "secrets": ["api-key"],
        "resources": {"requests": {"cpu": 2, "memory": "1Gi"}},
        "image": "python:3.13",
        "requestedBy": "bob@example.com",
        "activeDeadlineSeconds": 60,
        "futureField": {"of": "a newer release"},
    }
    attempt = {"number": 1, "pod": "nightly-extract-1", "podUID": "p", "exitCode": 2, "reason": "Error"}
    status = {
        "attempts": [attempt],
        "attempt": 1,
        "conditions": [condition("Scheduled", "Unschedulable", "no room", "False")],
    }
    cluster.put(job_object("extract", second=2, spec=spec, status=status))
    cluster.put(job_object("publish", second=3, spec={"parents": [{"jobID": "extract"}]}))
    detail = await read(store, JOB)
    assert detail["why"].startswith("job 'extract' waits: a person must approve the gate hitl-gate-draft")
    assert detail["job"]["jobID"] == "extract"
    assert detail["source"] == {"kind": "script", "fileName": "extract.py", "digest": f"sha256:{'a' * 64}"}
    assert detail["children"] == ["publish"]
    assert detail["attempts"] == [{"number": 1, "pod": "nightly-extract-1", "exitCode": 2, "reason": "Error"}]
    assert detail["env"] == [{"name": "REGION", "value": "eu"}, {"name": "EMPTY", "value": ""}]
    assert detail["resources"] == {"requests": {"cpu": "2", "memory": "1Gi"}, "limits": {}}
    assert detail["retry"] == {"limit": 3, "backoffSeconds": 1, "maxBackoffSeconds": 600}
    assert (detail["args"], detail["secrets"], detail["image"]) == (["--fast"], ["api-key"], "python:3.13")
    assert (detail["requestedBy"], detail["activeDeadlineSeconds"]) == ("bob@example.com", 60)
    assert detail["conditions"][0]["message"] == "no room"
    assert "gate" not in detail
    behind = (await read(store, "/jobs/nightly-draft"))["gate"]
    assert (behind["name"], behind["mayDecide"], behind["message"]) == ("nightly-draft", True, gate["spec"]["message"])


async def test_a_parent_of_an_earlier_dag_counts_only_if_it_is_the_same_object(
    store: Store, cluster: FakeCluster
) -> None:
    cluster.put(job_object("source", "older", status={"phase": "Running"}))
    parents = [{"jobID": "source", "name": "older-source", "uid": "uid-of-team-older-source"}]
    cluster.put(job_object("extract", spec={"parents": parents}))
    assert "its parent 'source' is Running" in (await read(store, JOB))["why"]
    parents[0]["uid"] = "another"
    cluster.put(job_object("extract", spec={"parents": parents}))
    await store.settle()
    assert "its parent 'source' is not there" in (await read(store, JOB))["why"]


async def test_events_of_a_job_and_its_pods_come_newest_first(store: Store, cluster: FakeCluster) -> None:
    attempts = {"attempts": [{"number": 1, "pod": "nightly-extract-1"}]}
    cluster.put(job_object("extract", status=attempts))
    cluster.running_pods.append(
        {
            "metadata": {
                "namespace": NAMESPACE,
                "name": "nightly-extract-2",
                "labels": {names.LABEL_JOB_UID: "uid-of-team-nightly-extract"},
            }
        }
    )
    told = [
        (names.KIND_JOB, "nightly-extract", {"lastTimestamp": "2026-01-02T03:00:01Z", "count": 3}),
        ("Pod", "nightly-extract-1", {"eventTime": "2026-01-02T03:00:02.500000Z", "reportingComponent": "scheduler"}),
        ("Pod", "nightly-extract-2", {"series": {"lastObservedTime": "2026-01-02T03:00:03Z", "count": 7}}),
        ("Pod", "somebody-else", {"lastTimestamp": "2026-01-02T03:00:04Z"}),
    ]
    for kind, name, more in told:
        cluster.told.append(
            {
                "metadata": {"creationTimestamp": "2026-01-02T03:00:00Z"},
                "involvedObject": {"kind": kind, "namespace": NAMESPACE, "name": name},
                "reason": "Why",
                "message": f"About {name}.",
                "type": "Warning",
                "source": {"component": "kubelet"},
                **more,
            }
        )
    items = (await read(store, f"{JOB}/events"))["items"]
    assert [(item["object"], item["count"], item["source"]) for item in items] == [
        ("Pod nightly-extract-2", 7, "kubelet"),
        ("Pod nightly-extract-1", 1, "scheduler"),
        ("TitanJob nightly-extract", 3, "kubelet"),
    ]
    assert (items[1]["time"], items[1]["message"]) == ("2026-01-02T03:00:02.500000Z", "About nightly-extract-1.")


async def test_manifests_are_yaml_of_what_the_api_server_has_now(store: Store, cluster: FakeCluster) -> None:
    job = job_object("extract", spec={"env": [{"name": "WORDS", "value": "größer: 'ja'\nyes"}]})
    job["metadata"]["managedFields"] = [{"manager": "titan-operator"}]
    cluster.put(job)
    for path, kind in (("/jobs/nightly-extract", names.KIND_JOB), ("/dags/nightly", names.KIND_DAG)):
        reply = await store.get(f"{path}/manifest", token=ALICE)
        assert (reply.status, reply.headers["Content-Type"]) == (200, "text/yaml; charset=utf-8")
        shown = yaml.safe_load(reply.text)
        assert (shown["kind"], "managedFields" in shown["metadata"]) == (kind, False)
    reply = await store.get("/jobs/nightly-extract/manifest", token=ALICE)
    assert yaml.safe_load(reply.text)["spec"] == job["spec"]
    assert "größer" in reply.text


@pytest.mark.parametrize("path", ["", "/events", "/manifest"])
async def test_a_job_that_is_not_there_is_named(store: Store, path: str) -> None:
    reply = await store.get(f"/jobs/nobody{path}", token=ALICE)
    assert (reply.status, reply.code) == (404, "JobNotFound")
    assert "There is no job nobody in namespace team" in reply.json["error"]["message"]


@pytest.mark.parametrize("path", ["/graph", "/manifest", "/files"])
async def test_a_dag_that_is_not_there_is_named(store: Store, path: str) -> None:
    reply = await store.get(f"/dags/nobody{path}", token=CLIENT)
    assert (reply.status, reply.code) == (404, "DAGNotFound")


@pytest.mark.parametrize("path", ["/dags/nightly/graph", JOB, f"{JOB}/events", f"{JOB}/manifest", "/runs?id=x"])
async def test_nobody_sees_what_they_may_not_read(store: Store, cluster: FakeCluster, path: str) -> None:
    cluster.put(job_object("extract"))
    place, _, query = path.partition("?")
    reply = await store.get(place, {"id": "x"} if query else None, token=STRANGER)
    assert (reply.status, "stranger may not" in reply.json["error"]["message"]) == (403, True)
    assert (await store.get(place, {"id": "x"} if query else None, token=None)).status == 401
    assert (await store.get(place, {"id": "x"} if query else None, token=BOB)).status != 403
