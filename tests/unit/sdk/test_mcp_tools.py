"""The tools of the MCP server: their JSON, their errors, and who may not decide at a gate."""

import json

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_store import FakeLog, FakeStore

from titan_sdk.mcp import tools as tools


def said(answer):
    return json.loads(answer)


@pytest.fixture
def cluster():
    return FakeCluster(user="agent")


def gated(cluster, requested_by="anna", **terms):
    behind = cluster.add("titanjobs", make.job("draft", gated=True, phase="Succeeded"))
    cluster.add("titanapprovals", make.approval(behind, requestedBy=requested_by, **terms))
    return behind["metadata"]["name"]


def test_pinging_says_who_and_where_one_is(cluster):
    assert said(tools._ping_master_impl(client_of(cluster))) == {
        "status": "ok", "message": "Titan answers", "user": "agent", "namespace": "team",
    }  # fmt: skip


def test_one_job_is_submitted(cluster):
    answer = said(tools._submit_single_job_impl(client_of(cluster), "a", script_content="print(1)", args=None))
    assert (answer["status"], answer["job_id"], answer["response"]) == ("submitted", "a", "DAG_ACCEPTED")
    assert answer["name"] in cluster.objects["titanjobs"]


@pytest.mark.parametrize("form", [lambda jobs: jobs, json.dumps], ids=["as JSON", "as a text of JSON"])
def test_a_pipeline_is_submitted_in_either_vocabulary(cluster, form):
    jobs = [{"job_id": "a", "script_content": "1"}, {"id": "b", "script_content": "2", "depends_on": ["a"]}]
    answer = said(tools._submit_dag_pipeline_impl(client_of(cluster), "night", form(jobs), agent_run_id="run-1"))
    assert (answer["status"], answer["dag_name"], answer["job_ids"]) == ("submitted", "night", ["a", "b"])
    assert cluster.objects["titandags"][answer["name"]]["spec"]["agentRunID"] == "run-1"


def test_a_yaml_pipeline_is_submitted(cluster, tmp_path):
    (tmp_path / "a.py").write_text("1")
    path = tmp_path / "pipe.yaml"
    path.write_text("name: night\njobs: [{id: a, file: a.py}]")
    answer = said(tools._submit_yaml_pipeline_impl(client_of(cluster), str(path)))
    assert (answer["status"], answer["job_ids"], answer["yaml_path"]) == ("submitted", ["a"], str(path))


def test_status_and_logs_of_a_job(cluster):
    store = FakeStore()
    stored = cluster.add("titanjobs", make.job("train", phase="Succeeded"))
    store.logs[stored["metadata"]["uid"]] = {1: FakeLog(b"one\ntwo\nthree\n")}
    mine = client_of(cluster, store)
    assert said(tools._get_job_status_impl(mine, "train")) == {
        "status": "ok", "job_id": "train", "job_status": "COMPLETED",
    }  # fmt: skip
    assert said(tools._get_job_status_impl(mine, "nobody"))["job_status"] == "NULL"
    logs = said(tools._get_job_logs_impl(mine, "train"))
    assert (logs["status"], logs["logs"], logs["truncated"]) == ("ok", "one\ntwo\nthree\n", False)
    assert said(tools._tail_job_logs_impl(mine, "train", lines=2))["lines"] == ["two", "three"]


def test_a_long_log_is_handed_over_by_its_end(cluster):
    store = FakeStore()
    stored = cluster.add("titanjobs", make.job("train", phase="Succeeded"))
    store.logs[stored["metadata"]["uid"]] = {1: FakeLog(b"x" * 300_000 + b"end")}
    answer = said(tools._get_job_logs_impl(client_of(cluster, store), "train"))
    assert (answer["truncated"], answer["logs"].endswith("xend"), len(answer["logs"])) == (True, True, 200_000)


def test_waiting_tells_the_end_or_that_it_goes_on(cluster):
    cluster.add("titandags", make.dag(phase="Failed", conditions=[
        {"type": "Failed", "status": "True", "reason": "JobsFailed", "message": "1 failed"},
    ]))  # fmt: skip
    answer = said(tools._wait_for_completion_impl(client_of(cluster), "night"))
    assert (answer["ended"], answer["phase"], answer["succeeded"], answer["message"]) == (
        True, "Failed", False, "1 failed",
    )  # fmt: skip
    cluster.set_status("titandags", "night-abcde", phase="Running")
    answer = said(tools._wait_for_completion_impl(client_of(cluster), "night", timeout_seconds=0))
    assert (answer["status"], answer["ended"]) == ("ok", False)


def test_dags_are_listed(cluster):
    cluster.add("titandags", make.dag(run="run-1", phase="Running", progress="1/2"))
    (dag,) = said(tools._list_dags_impl(client_of(cluster), agent_run_id="run-1"))["dags"]
    assert (dag["name"], dag["dag_name"], dag["phase"], dag["progress"]) == ("night-abcde", "night", "Running", "1/2")


def test_values_and_scripts(cluster, tmp_path):
    store = FakeStore()
    mine = client_of(cluster, store)
    assert said(tools._store_put_impl(mine, "k", "ü")) == {"status": "ok", "key": "k"}
    assert said(tools._store_get_impl(mine, "k")) == {"status": "ok", "key": "k", "value": "ü"}
    assert said(tools._store_get_impl(mine, "none"))["value"] == "NULL"
    script = tmp_path / "s.py"
    script.write_text("1")
    assert said(tools._deploy_script_impl(mine, str(script)))["status"] == "deployed"
    assert said(tools._deploy_script_impl(mine, "/none.py")) == {
        "status": "error", "message": "File not found at: /none.py",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("decide", "status"),
    [(tools._approve_hitl_gate_impl, "approved"), (tools._reject_hitl_gate_impl, "rejected")],
    ids=["approve", "reject"],
)
def test_somebody_elses_gate_may_be_decided(cluster, decide, status):
    name = gated(cluster)
    answer = said(decide(client_of(cluster), "hitl-gate-draft", "fine"))
    assert (answer["status"], answer["gate_id"]) == (status, "hitl-gate-draft")
    (decision,) = cluster.objects["titanapprovals"][name]["spec"]["decisions"]
    assert (decision["user"], decision["comment"]) == ("agent", "fine")


@pytest.mark.parametrize(
    ("user", "requested_by", "words"),
    [
        ("agent", "agent", "an agent may not approve or reject its own work"),
        ("agent", None, "an agent may not approve or reject its own work"),
        ("system:serviceaccount:team:titan-job", "anna", "is the identity of jobs"),
    ],
    ids=["its own", "nobody's", "a job's identity"],
)
@pytest.mark.parametrize("decide", [tools._approve_hitl_gate_impl, tools._reject_hitl_gate_impl])
def test_an_agent_may_not_decide_about_its_own_work(user, requested_by, words, decide):
    cluster = FakeCluster(user=user)
    name = gated(cluster, requested_by, allowSelfApproval=True)
    answer = said(decide(client_of(cluster), "hitl-gate-draft"))
    assert answer["status"] == "error"
    assert words in answer["message"]
    assert cluster.objects["titanapprovals"][name]["spec"]["decisions"] == []


def test_no_gate_is_decided_by_the_back_door(cluster):
    name = gated(cluster)
    answer = said(tools._store_put_impl(client_of(cluster), "titan:hitl:status:hitl-gate-draft", "APPROVED"))
    assert answer["status"] == "error"
    assert cluster.objects["titanapprovals"][name]["spec"]["decisions"] == []


ERRORS = {
    "no source": (lambda c: tools._submit_single_job_impl(c, "a"), "needs a filename or script_content"),
    "no JSON": (lambda c: tools._submit_dag_pipeline_impl(c, "x", "{"), "Expecting property name"),
    "no array": (lambda c: tools._submit_dag_pipeline_impl(c, "x", {"a": 1}), "jobs must be a JSON array"),
    "a job that is a text": (lambda c: tools._submit_dag_pipeline_impl(c, "x", ["a"]), "a job must be an object"),
    "an unknown key": (
        lambda c: tools._submit_single_job_impl(c, "a", scrip="1"),
        "job 'a': got an unexpected keyword argument 'scrip'",
    ),
    "a cycle": (
        lambda c: tools._submit_dag_pipeline_impl(
            c, "x", [{"id": i, "script_content": "1", "parents": [p]} for i, p in ("ab", "ba")]
        ),
        "form a circle",
    ),
    "no script": (lambda c: tools._submit_single_job_impl(c, "a", "/none.py"), "/none.py"),
    "no YAML": (lambda c: tools._submit_yaml_pipeline_impl(c, "/none.yaml"), "/none.yaml"),
    "no gate": (lambda c: tools._approve_hitl_gate_impl(c, "hitl-gate-x"), "there is no gate 'hitl-gate-x'"),
    "no job": (lambda c: tools._tail_job_logs_impl(c, "x"), "there is no job 'x'"),
    "an empty key": (lambda c: tools._store_get_impl(c, ""), "must not be empty"),
}


@pytest.mark.parametrize(("call", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_what_goes_wrong_is_one_sentence_of_json(cluster, call, words):
    answer = said(call(client_of(cluster)))
    assert answer["status"] == "error"
    assert words in answer["message"]
    assert "\n" not in answer["message"]


def test_an_outage_is_an_error_in_every_tool(cluster):
    store = FakeStore()
    mine = client_of(cluster, store)
    for transport in (cluster.transport, store.transport):
        transport.fail("unsent", times=10**6)
    calls = [
        tools._ping_master_impl(mine),
        tools._submit_single_job_impl(mine, "a", script_content="1"),
        tools._get_job_status_impl(mine, "a"),
        tools._get_job_logs_impl(mine, "a"),
        tools._store_get_impl(mine, "k"),
        tools._store_put_impl(mine, "k", "v"),
        tools._list_dags_impl(mine),
        tools._wait_for_completion_impl(mine, "a"),
        tools._approve_hitl_gate_impl(mine, "a"),
    ]
    assert {said(answer)["status"] for answer in calls} == {"error"}
    assert all("nobody answers" in said(answer)["message"] for answer in calls)
