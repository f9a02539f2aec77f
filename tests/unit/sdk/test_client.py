"""TitanClient says what programs of the earlier Titan expect, and raises where words would be an invention."""

import json
from pathlib import Path

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_edge import FakeClock
from builders.sdk.sdk_store import ADDRESS, FakeLog, FakeStore

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections
from titan_sdk.errors import TitanForbidden, TitanNotConfigured, TitanNotFound, TitanUnavailable


def client(backend=None, cluster=None):
    surroundings = resolve({"TITAN_STORE_URL": ADDRESS, "TITAN_NAMESPACE": "team"}, (None, None), Path("/"))

    def access(*_):
        if cluster is None:
            raise TitanNotConfigured("there are no Kubernetes credentials: set KUBECONFIG")
        return cluster.access()

    backend = backend or FakeStore()
    return TitanClient(
        connections=Connections(
            surroundings=lambda: surroundings, access=access, store_transport=backend.transport, clock=FakeClock()
        )
    )


def away():
    """A client whose cluster and store do not answer."""
    backend, cluster = FakeStore(), FakeCluster()
    backend.transport.fail("unsent", times=10**6)
    cluster.transport.fail("unsent", times=10**6)
    return client(backend, cluster)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("content")
    return path


def job(job_id="a"):
    return TitanJob(job_id, script_content="print(1)")


WORDS = {
    "submit_dag": lambda c, f: c.submit_dag("x", [job()]),
    "submit_job": lambda c, f: c.submit_job(job()),
    "get_job_status": lambda c, f: c.get_job_status("a"),
    "fetch_logs": lambda c, f: c.fetch_logs("a"),
    "store_put": lambda c, f: c.store_put("k", "v"),
    "store_get": lambda c, f: c.store_get("k"),
    "store_put of a gate": lambda c, f: c.store_put("titan:hitl:status:hitl-gate-a", "APPROVED"),
    "store_get of a gate": lambda c, f: c.store_get("titan:hitl:status:hitl-gate-a"),
    "upload_file": lambda c, f: c.upload_file(f),
    "upload_project_folder": lambda c, f: c.upload_project_folder(f.parent),
    "deploy_script": lambda c, f: c.deploy_script(f),
    "submit_job of a deployed script": lambda c, f: c.submit_job(TitanJob("a", "deployed.py")),
}


@pytest.mark.parametrize("call", WORDS.values(), ids=WORDS.keys())
def test_calls_that_return_text_say_that_nobody_answers(call, file):
    assert call(away(), file) == "CONNECTION_ERROR: nobody answers"


def test_patience_with_cluster_and_store_together_ends_within_seconds():
    cluster = FakeCluster()
    cluster.transport.fail("unsent", times=10**6)
    surroundings = resolve({}, (None, None), Path("/"))
    clock = FakeClock()
    connections = Connections(surroundings=lambda: surroundings, access=lambda *_: cluster.access(), clock=clock)
    began = clock.now()
    assert TitanClient(connections=connections).store_get("k") == "CONNECTION_ERROR: nobody answers"
    assert clock.now() - began < 6


ERRORS = {
    "store_sadd": lambda c: c.store_sadd("s", "m"),
    "store_smembers": lambda c: c.store_smembers("s"),
    "store_smembers of the queue": lambda c: c.store_smembers("titan:hitl:queue"),
    "wait": lambda c: c.wait("x"),
    "approve": lambda c: c.approve("x"),
    "list_dags": lambda c: c.list_dags(),
    "stream_logs": lambda c: c.stream_logs("x"),
    "store.get": lambda c: c.store.get("k"),
    "files.list": lambda c: c.files.list(),
    "dags.submit": lambda c: c.dags.submit("x", [job()]),
    "whoami": lambda c: c.whoami(),
    "increment": lambda c: c.increment("n"),
}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS.keys())
def test_calls_that_cannot_say_it_raise_an_os_error(call):
    with pytest.raises(TitanUnavailable) as raised:
        call(away())
    assert isinstance(raised.value, OSError)


@pytest.mark.parametrize("name", ["fetch_artifact", "get_artifact"])
def test_downloads_say_false_and_leave_no_file(name, tmp_path):
    target = tmp_path / "copy"
    assert getattr(away(), name)("k", save_path=target) is False
    assert list(tmp_path.iterdir()) == []


def test_publishing_into_nowhere_or_of_nothing_says_false(file, tmp_path):
    assert away().publish_artifact("k", file) is False
    assert client().publish_artifact("k", tmp_path / "none") is False


def test_with_a_store_alone_values_work_and_a_submission_says_what_is_missing():
    backend = FakeStore()
    mine = client(backend)
    assert mine.store_put("k", "v") == "OK"
    assert mine.store_get("k") == "v"
    assert mine.submit_dag("x", [job()]) == ("CONNECTION_ERROR: there are no Kubernetes credentials: set KUBECONFIG")


def test_values_answer_as_they_always_did():
    mine = client()
    assert mine.store_get("none") == "NULL"
    assert mine.store_put("empty", "") == "OK"
    assert mine.store_get("empty") == ""
    assert mine.store_put("number", 98.5) == "OK"
    assert mine.store_get("number") == "98.5"
    assert (mine.store_sadd("s", "a,b"), mine.store_sadd("s", "a,b")) == (1, 0)
    assert mine.store_smembers("s") == ["a,b"]
    assert (mine.delete_key("empty"), mine.delete_key("empty")) == (True, False)
    assert mine.list_keys("n") == ["number"]
    assert mine.increment("n") == 1
    assert mine.compare_and_set("n", "1", "2") is True


def test_a_refused_put_is_not_called_ok():
    backend = FakeStore()
    backend.transport.fail("507", "PUT", "/value", times=10**6)
    assert client(backend).store_put("k", "v").startswith("CONNECTION_ERROR: ")


def test_submitting_creates_and_answers_with_names():
    cluster = FakeCluster(user="anna")
    mine = client(cluster=cluster)
    accepted = mine.submit_dag("Night", [job("a"), TitanJob("b", script_content="2", parents=["DAG-a"])], "run-7")
    assert accepted == "DAG_ACCEPTED"
    assert accepted.name in cluster.objects["titandags"]
    assert accepted.job_ids == ("a", "b")
    assert mine.whoami() == "anna"
    assert [dag.name for dag in mine.list_dags(agent_run_id="run-7", limit=1)] == [accepted.name]
    assert mine.list_dags(agent_run_id="run-8") == []
    assert {(seen.job_id, seen.parents) for seen in mine.get_dag("Night").jobs} == {("a", ()), ("b", ("a",))}
    assert [seen.job_id for seen in mine.list_jobs(dag="Night")] == ["a", "b"]
    requested = cluster.objects["titandags"][accepted.name]["spec"]["requestedBy"]
    assert requested == "anna"


def test_a_deployed_script_is_looked_up_by_the_client_that_submits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cluster = FakeCluster()
    mine = client(cluster=cluster)
    (tmp_path / "worker.py").write_text("print('deployed')")
    mine.deploy_script("worker.py")
    (tmp_path / "worker.py").unlink()
    submitted = [mine.submit_job(TitanJob("a", "worker.py")), mine.submit_dag("x", [TitanJob("b", "worker.py")])]
    assert submitted == ["DAG_ACCEPTED"] * 2
    sources = [made["spec"]["source"] for made in cluster.objects["titanjobs"].values()]
    assert sources == [{"inline": {"fileName": "worker.py", "content": "print('deployed')"}}] * 2


SUBMISSIONS = {
    "in a DAG": lambda c, jobs: c.submit_dag("x", jobs),
    "alone": lambda c, jobs: c.submit_job(jobs[-1]),
    "rendered": lambda c, jobs: c.render("x", jobs),
}


@pytest.mark.parametrize("submit", SUBMISSIONS.values(), ids=SUBMISSIONS.keys())
def test_a_script_that_nobody_deployed_is_named_before_anything_is_sent(submit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    backend, cluster = FakeStore(), FakeCluster()
    jobs = [TitanJob("big", script_content="#" * 5_000), TitanJob("a", "ghost.py")]
    with pytest.raises(FileNotFoundError, match="job 'a': there is no script") as raised:
        submit(client(backend, cluster), jobs)
    assert raised.value.filename == "ghost.py"
    assert {asked.method for asked in backend.transport.asked} == {"GET"}
    assert (cluster.objects["titandags"], cluster.objects["titanjobs"]) == ({}, {})


def test_a_wrong_graph_is_refused_before_anything_is_sent():
    backend, cluster = FakeStore(), FakeCluster()
    big = TitanJob("a", script_content="#" * 5_000, parents=["b"])
    with pytest.raises(ValueError, match="form a circle"):
        client(backend, cluster).submit_dag("x", [big, TitanJob("b", script_content="1", parents=["a"])])
    assert (backend.transport.asked, cluster.transport.asked) == ([], [])


def test_a_parent_that_is_nowhere_is_refused_before_anything_is_created():
    backend, cluster = FakeStore(), FakeCluster()
    big = TitanJob("a", script_content="#" * 5_000, parents=["b"])
    with pytest.raises(ValueError, match="job 'a' has the parent 'b'"):
        client(backend, cluster).submit_dag("x", [big])
    assert backend.transport.asked == []
    assert cluster.objects["titandags"] == {}


def test_a_refusal_is_an_error_and_not_an_outage():
    cluster = FakeCluster()
    cluster.transport.fail("403", "POST", "titandags")
    with pytest.raises(TitanForbidden):
        client(cluster=cluster).submit_dag("x", [job()])


def test_what_was_submitted_can_be_waited_for_and_cancelled():
    cluster = FakeCluster()
    mine = client(cluster=cluster)
    accepted = mine.submit_job(job("solo"))
    mine.cancel(accepted)
    assert cluster.objects["titanjobs"][accepted.name]["spec"]["cancel"] is True
    cluster.set_status("titanjobs", accepted.name, phase="Cancelled")
    assert mine.wait("solo").phase == "Cancelled"
    with pytest.raises(TitanNotFound, match="no DAG and no job 'nobody'"):
        mine.wait("nobody")


def test_waiting_for_a_submission_that_failed_says_so():
    with pytest.raises(TitanUnavailable, match="nothing was submitted: CONNECTION_ERROR: nobody answers"):
        client(cluster=FakeCluster()).wait(away().submit_dag("x", [job()]))


def test_logs_of_the_newest_job_are_fetched_whole():
    backend, cluster = FakeStore(), FakeCluster()
    stored = cluster.add("titanjobs", make.job("train", phase="Succeeded"))
    backend.logs[stored["metadata"]["uid"]] = {1: FakeLog(b"old\n"), 2: FakeLog("new ü\n".encode())}
    mine = client(backend, cluster)
    assert mine.fetch_logs("DAG-train") == "new ü\n"
    assert list(mine.stream_logs("train")) == ["new ü"]
    assert mine.fetch_logs("nobody") == ""
    with pytest.raises(TitanNotFound):
        mine.stream_logs("nobody")


def test_gates_are_shown_and_decided():
    cluster = FakeCluster(user="anna")
    behind = cluster.add("titanjobs", make.job("draft", gated=True, phase="Succeeded"))
    cluster.add("titanapprovals", make.approval(behind))
    mine = client(cluster=cluster)
    (gate,) = mine.pending_approvals()
    assert (gate.gate_id, gate.message, gate.requested_by) == ("hitl-gate-draft", "ok?", "anna")
    assert mine.store_get("titan:hitl:status:hitl-gate-draft") == "WAITING"
    assert mine.store_smembers("titan:hitl:queue") == ["hitl-gate-draft"]
    assert mine.store_put("titan:hitl:status:hitl-gate-draft", "APPROVED") == "OK"
    assert mine.store_get("titan:hitl:status:hitl-gate-draft") == "APPROVED"
    assert mine.store_put("titan:hitl:status:hitl-gate-draft", "REJECTED").startswith("ERROR: ")
    assert mine.store_put("titan:hitl:status:hitl-gate-nobody", "APPROVED").startswith("ERROR: there is no gate")


def test_gate_keys_never_reach_the_store():
    backend = FakeStore()
    mine = client(backend, FakeCluster())
    mine.store_put("titan:hitl:status:hitl-gate-a", "APPROVED")
    with pytest.raises(ValueError, match="cannot be written"):
        mine.store_sadd("titan:hitl:queue", "x")
    assert backend.transport.asked == []


def test_files_go_up_and_come_down(file, tmp_path, monkeypatch):
    mine = client()
    assert mine.upload_file(file) == "UPLOAD_SUCCESS"
    missing = tmp_path / "none"
    assert mine.upload_file(missing) == f"ERROR: File not found at: {missing}"
    monkeypatch.chdir(tmp_path)
    file.unlink()
    assert mine.fetch_artifact("out.txt") is True
    assert file.read_text() == "content"
    assert mine.publish_artifact("k", "out.txt") is True
    assert mine.get_artifact("k", save_path=tmp_path / "copy") is True
    assert (tmp_path / "copy").read_text() == "content"
    assert mine.get_artifact("none") is False
    assert json.loads(mine.store.get("titan:artifact:k"))["name"] == "out.txt"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("", "v", "a key must not be empty"), ("k", "x" * 1_048_577, "a value may have 1048576 bytes")],
)
def test_what_is_no_key_or_value_is_a_value_error(key, value, words):
    with pytest.raises(ValueError, match=words):
        away().store_put(key, value)
