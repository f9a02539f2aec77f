"""Agent runs, gates, services and left files over HTTP."""

from typing import Any

import pytest
from builders.store.cluster_objects import condition, dag_object, job_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, BOB, CLIENT, JOB, NAMESPACE, STRANGER, FakeReviewer
from builders.store.stores import Store

from titan_api import names
from titan_api.json_types import Json

ALICE_NAME, BOB_NAME = "alice@example.com", "bob@example.com"


async def read(store: Store, path: str, token: str = ALICE, **query: str) -> Json:
    reply = await store.get(path, query, token=token)
    assert reply.status == 200, reply.text
    content: Json = reply.json
    return content


def put_stage(cluster: FakeCluster, name: str, run: str, second: int, phase: str = "Succeeded", **status: Any) -> None:
    """A DAG of a run; its display name is what stands before the dash."""
    spec = {"name": name.partition("-")[0], "agentRunID": run}
    cluster.put(
        dag_object(name, second=second, spec=spec, status={"phase": phase, "counts": {"succeeded": 2}, **status})
    )


# ---------------------------------------------------------------- agent runs
async def test_runs_are_listed_by_their_newest_dag_and_say_how_they_stand(store: Store, cluster: FakeCluster) -> None:
    put_stage(cluster, "plan-1", "run/a", 1)
    put_stage(cluster, "plan-2", "run/b", 2, "Failed", completionTime="2026-01-02T03:00:30.000000Z")
    put_stage(cluster, "write-1", "run/a", 3, "Running", waitingApprovals=1)
    cluster.put(dag_object("without-run", second=4))
    page = await read(store, "/v1/views/runs")
    assert [(item["runID"], item["phase"], item["stages"]) for item in page["items"]] == [
        ("run/a", "Running", 2),
        ("run/b", "Failed", 1),
    ]
    newest, failed = page["items"]
    assert (newest["counts"], newest["waitingApprovals"], newest.get("completionTime")) == ({"succeeded": 4}, 1, None)
    assert failed["completionTime"] == "2026-01-02T03:00:30.000000Z"
    first = await read(store, "/v1/views/runs", limit="1")
    rest = await read(store, "/v1/views/runs", limit="1", **{"continue": first["continue"]})
    assert [item["runID"] for item in (*first["items"], *rest["items"])] == ["run/a", "run/b"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [({"search": "RUN/B"}, ["run/b"]), ({"search": "write"}, ["run/a"]), ({"phase": "Failed"}, ["run/b"])],
    ids=str,
)
async def test_runs_are_found_by_words_and_phase(
    store: Store, cluster: FakeCluster, query: dict[str, str], wanted: list[str]
) -> None:
    put_stage(cluster, "write-1", "run/a", 1)
    put_stage(cluster, "plan-1", "run/b", 2, "Failed")
    assert [item["runID"] for item in (await read(store, "/v1/views/runs", **query))["items"]] == wanted


async def test_a_run_has_its_stages_in_order_with_iterations_jobs_and_files(store: Store, cluster: FakeCluster) -> None:
    for second, name in enumerate(("plan-1", "write-1", "plan-2", "plan-3")):
        put_stage(cluster, name, "run 1", second)
    for number in range(205):
        cluster.put(job_object(f"job-{number:03}", "plan-1", second=number))
    await store.put_value("report", "out/report.pdf")
    await store.put_value("titan:artifact:report", '{"name": "report.pdf", "digest": "sha256:1"}')
    await store.post("/set/add", {"key": "titan:agent-run-artifacts:run 1"}, {"member": "report"})
    await store.post("/set/add", {"key": "titan:agent-run-artifacts:run 1"}, {"member": "gone"})
    await store.put_value("run:run 1:draft", "draft.txt")
    await store.put_value("titan:artifact:run:run 1:draft", '{"name": "another.txt", "digest": "sha256:2"}')
    detail = await read(store, "/runs", token=CLIENT, id="run 1")
    assert [(stage["dag"]["name"], stage["iteration"]) for stage in detail["stages"]] == [
        ("plan-1", 1),
        ("write-1", 1),
        ("plan-2", 2),
        ("plan-3", 3),
    ]
    assert (detail["stages"][0]["jobCount"], len(detail["stages"][0]["jobs"])) == (205, 200)
    assert detail["artifacts"] == [
        {"key": "report", "name": "report.pdf", "digest": "sha256:1"},
        {"key": "run:run 1:draft", "name": "draft.txt", "digest": ""},
    ]
    assert (await read(store, "/runs", token=ALICE, id="run 1"))["artifacts"] == []
    reply = await store.get("/runs", {"id": "run 2"}, token=ALICE)
    assert (reply.status, reply.code) == (404, "RunNotFound")


# ---------------------------------------------------------------- gates
async def test_waiting_gates_say_whether_the_viewer_may_decide_and_if_not_why_not(
    store: Store, cluster: FakeCluster, reviewer: FakeReviewer
) -> None:
    cluster.add_gate("free")
    cluster.add_gate("for-leads", approvers={"users": [], "groups": ["leads"]})
    cluster.add_gate("of-bob", requestedBy=BOB_NAME)
    cluster.add_gate("said", requiredApprovals=2, decisions=[{"user": BOB_NAME, "verdict": "Approve", "comment": ""}])
    cluster.add_gate("over", phase="Approved")
    cluster.add_gate("later", phase="Scheduled")
    gates = {item["name"]: item for item in (await read(store, "/v1/views/approvals", BOB))["items"]}
    assert {name: gate["mayDecide"] for name, gate in gates.items()} == {
        "for-leads": False, "free": True, "of-bob": False, "said": False,
    }  # fmt: skip
    for name, words in {
        "for-leads": "not among",
        "of-bob": "has submitted",
        "said": "has already said Approve",
    }.items():
        assert words in gates[name]["whyNot"]
    assert gates["free"]["command"] == "titan approve free -n team"
    assert gates["free"]["jobUID"] == "job-uid"
    reviewer.may_decide.clear()
    for token, words in (
        (ALICE, "alice@example.com may not approve titanapprovals.titan.io"),
        (CLIENT, "many people share"),
    ):
        page = await read(store, "/v1/views/approvals", token)
        (free,) = [item for item in page["items"] if item["name"] == "free"]
        assert (free["mayDecide"], words in free["whyNot"]) == (False, True)


async def test_a_right_for_one_gate_alone_is_enough(store: Store, cluster: FakeCluster, reviewer: FakeReviewer) -> None:
    cluster.add_gate("mine")
    cluster.add_gate("other")
    reviewer.may_decide.clear()
    reviewer.may_decide_about[ALICE_NAME] = "mine"
    gates = {item["name"]: item["mayDecide"] for item in (await read(store, "/v1/views/approvals"))["items"]}
    assert gates == {"mine": True, "other": False}


async def test_decided_gates_are_the_history_with_the_newest_first(store: Store, cluster: FakeCluster) -> None:
    for number, phase in enumerate(("Approved", "Rejected", "TimedOut")):
        gate = cluster.add_gate(f"gate-{number}", phase=phase)
        gate["status"]["decidedTime"] = f"2026-01-02T03:00:0{number}.000000Z"
    cluster.add_gate("just-now", decisions=[{"user": ALICE_NAME, "verdict": "Reject", "comment": "no"}])
    cluster.add_gate("waiting")
    pages: list[str] = []
    following: dict[str, str] = {}
    while True:
        page = await read(store, "/v1/views/approvals", phase="Decided", limit="2", **following)
        pages += [item["name"] for item in page["items"]]
        if "continue" not in page:
            break
        following = {"continue": page["continue"]}
    assert pages == ["just-now", "gate-2", "gate-1", "gate-0"]
    assert page["total"] == 4


async def test_a_gate_that_the_cluster_does_not_prove_says_so(store: Store, cluster: FakeCluster) -> None:
    gate = cluster.add_gate("bare")
    gate["status"]["conditions"] = [condition(names.CONDITION_UNPROTECTED, "PoliciesMissing", "no policies here")]
    assert (await read(store, "/approvals/bare"))["unprotected"] == "no policies here"
    gate["status"]["conditions"] = [condition(names.CONDITION_UNPROTECTED, "PoliciesInForce", "", "False")]
    assert "unprotected" not in await read(store, "/approvals/bare")


# ---------------------------------------------------------------- services
async def test_services_tell_whether_they_answer_and_how_often_they_were_restarted(
    store: Store, cluster: FakeCluster
) -> None:
    ready = [condition(names.CONDITION_READY, "PortAnswers")]
    serving = {"phase": "Serving", "conditions": ready, "address": "api.team:8080"}
    cluster.put(job_object("api", spec={"type": "Service", "port": 8080}, status=serving))
    cluster.put(job_object("slow", second=1, spec={"type": "Service", "port": 1}, status={"phase": "Running"}))
    cluster.put(job_object("ended", second=2, spec={"type": "Service", "port": 1}, status={"phase": "Succeeded"}))
    cluster.put(job_object("plain", second=3))
    for number in (1, 2):
        labels = {names.LABEL_JOB_UID: "uid-of-team-nightly-api"}
        statuses = [{"restartCount": number}, {"restartCount": 0}]
        metadata = {"namespace": NAMESPACE, "name": f"api-{number}", "labels": labels}
        cluster.running_pods.append({"metadata": metadata, "status": {"containerStatuses": statuses}})
    items = (await read(store, "/v1/views/services", namespace=NAMESPACE))["items"]
    assert [(item["job"]["jobID"], item["ready"], item["restarts"]) for item in items] == [
        ("slow", False, 0),
        ("api", True, 3),
    ]
    assert items[1]["job"]["address"] == "api.team:8080"


@pytest.mark.parametrize(
    ("view", "kind"), [("runs", "titandags"), ("approvals", "titanapprovals"), ("services", "titanjobs")]
)
async def test_a_namespace_that_somebody_may_not_see_is_refused_by_name(store: Store, view: str, kind: str) -> None:
    reply = await store.get(f"/v1/views/{view}", {"namespace": NAMESPACE}, token=STRANGER)
    assert (reply.status, f"stranger may not list {kind}" in reply.json["error"]["message"]) == (403, True)


# ---------------------------------------------------------------- left files
async def leave(
    store: Store, reviewer: FakeReviewer, job: str, changed: Json, deleted: list[str] | None = None
) -> None:
    """An attempt of the job succeeds and leaves these files, by path with a letter for their content."""
    reviewer.add_runner(f"runner of {job}", job, 1)
    entries = {
        path: {"digest": f"sha256:{letter * 64}", "mode": 0o644, "size": ord(letter)}
        for path, letter in changed.items()
    }
    manifest = {"changed": entries, "deleted": deleted or []}
    reply = await store.call(
        "PUT",
        "/outcome",
        {"job": job, "attempt": "1"},
        token=f"runner of {job}",
        json={
            "pod": "p", "podUID": "u", "phase": "publish", "exitCode": 0, "reason": "Completed", "message": "",
            "startTime": None, "endTime": None, "logSize": 0, "manifest": manifest,
        },
    )  # fmt: skip
    assert reply.status in (200, 201, 204), reply.text


async def test_the_files_of_a_dag_are_those_that_its_jobs_left_last(
    store: Store, cluster: FakeCluster, reviewer: FakeReviewer
) -> None:
    uids = {job_id: f"{number}{JOB[1:]}" for number, job_id in enumerate(("extract", "train", "failed", "waiting"))}
    cluster.put(dag_object("nightly"))
    for second, (job_id, uid) in enumerate(uids.items()):
        cluster.put(job_object(job_id, second=second, uid=uid, status={"attempt": 0 if job_id == "waiting" else 1}))
    await leave(store, reviewer, uids["extract"], {"data/a.csv": "a", "data/b.csv": "b", "log.txt": "c"})
    await leave(store, reviewer, uids["train"], {"data/b.csv": "d", "Model.bin": "e"}, ["log.txt"])
    page = await read(store, "/dags/nightly/files", CLIENT)
    assert [(item["path"], item["jobID"], item["size"]) for item in page["items"]] == [
        ("Model.bin", "train", ord("e")),
        ("data/a.csv", "extract", ord("a")),
        ("data/b.csv", "train", ord("d")),
    ]
    assert page["items"][0]["digest"] == f"sha256:{'e' * 64}"
    own = await read(store, "/dags/nightly/files", CLIENT, job="nightly-extract")
    assert [item["path"] for item in own["items"]] == ["data/a.csv", "data/b.csv", "log.txt"]
    found = await read(store, "/dags/nightly/files", CLIENT, search="MODEL")
    assert [item["path"] for item in found["items"]] == ["Model.bin"]
    first = await read(store, "/dags/nightly/files", CLIENT, limit="2")
    rest = await read(store, "/dags/nightly/files", CLIENT, limit="2", **{"continue": first["continue"]})
    assert [item["path"] for item in rest["items"]] == ["data/b.csv"]
    assert (rest["total"], rest.get("continue")) == (3, None)
    reply = await store.get("/dags/nightly/files", {"job": "nobody"}, token=CLIENT)
    assert (reply.status, reply.code) == (404, "JobNotFound")
