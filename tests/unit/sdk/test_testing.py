"""titan_sdk.testing beyond what every cluster answers: functions as jobs, people, time, and missing nodes."""

import doctest
import threading

import pytest

import titan_sdk.testing
from titan_sdk import TitanConflict, TitanForbidden, TitanJob, TitanTimeout
from titan_sdk.testing import FakeCluster, fail, hang, succeed


@pytest.fixture
def cluster():
    with FakeCluster() as cluster:
        yield cluster


def job(job_id, *parents, **more):
    return TitanJob(job_id, script_content="1", parents=list(parents), **more)


def test_the_example_of_its_documentation_is_true():
    assert doctest.testmod(titan_sdk.testing).failed == 0


def test_a_function_gets_what_a_script_would_find(cluster):
    seen = []
    cluster.on("train", seen.append)
    client = cluster.client()
    run = client.submit_dag("night", [job("train", args="--day 1", env={"SEED": 7})], agent_run_id="run-1")
    client.wait(run, timeout=10)
    (given,) = seen
    assert (given.job_id, given.dag, given.attempt, given.args) == ("train", run.name, 1, ("--day", "1"))
    assert (given.env, given.agent_run_id) == ({"SEED": "7"}, "run-1")


def test_a_function_that_raises_fails_its_attempt_with_a_traceback_in_the_log(cluster):
    def broken(given):
        given.print("so far so good")
        raise RuntimeError("no more")

    cluster.on("train", broken, fail(4), succeed("done"))
    client = cluster.client()
    assert client.wait(client.submit_job(job("train")), timeout=10).attempt == 3
    cluster.on("other", broken)
    assert client.wait(client.submit_job(job("other", retries=0)), timeout=10).exit_code == 1
    log = client.fetch_logs("other")
    assert log.startswith("so far so good\nTraceback")
    assert log.endswith("RuntimeError: no more\n")


def test_the_exit_code_of_a_function_is_its_systemexit(cluster):
    def leave(given):
        raise SystemExit(7)

    cluster.on("train", leave)
    client = cluster.client()
    assert client.wait(client.submit_job(job("train", retries=0)), timeout=10).exit_code == 7


def test_a_job_submits_and_waits_but_decides_at_no_gate(cluster):
    refused = []

    def agent(given):
        inner = given.client.submit_dag("inner", [job("inner", hitl_message="ok?")])
        with pytest.raises(TitanForbidden) as raised:
            given.client.approve("inner")
        refused.append(str(raised.value))
        with pytest.raises(TitanForbidden):
            given.client.set_secret("token", {"A": "1"})
        given.client.add_jobs(given.dag, [job("added", "agent")])
        given.client.store_put("inner", inner.name)

    cluster.on("agent", agent)
    client = cluster.client()
    assert client.wait(client.submit_dag("outer", [job("agent")]), timeout=10).progress == "2/2"
    assert client.get_dag(client.store_get("inner")).waiting_approvals == 1
    assert "titan-job" in refused[0]


def test_several_people_decide_and_each_is_somebody_else(cluster):
    anna, bob, carol = cluster.client("anna"), cluster.client("bob"), cluster.client("carol", groups=("board",))
    gated = job("draft", hitl_message="ok?", approvers=["anna", "bob", "group:board"], required_approvals=2)
    run = anna.submit_dag("night", [gated])
    with pytest.raises(TitanForbidden, match="anna submitted the job"):
        anna.approve("draft")
    with pytest.raises(TitanForbidden, match="dave is not among the approvers"):
        cluster.client("dave").approve("draft")
    assert bob.approve("draft").phase != "Approved"
    bob.approve("draft")
    carol.approve("draft", "fine")
    assert anna.wait(run, timeout=10).phase == "Succeeded"
    assert [(one.user, one.comment) for one in anna.get_gate("draft").decisions] == [("bob", ""), ("carol", "fine")]


def test_a_gate_times_out_when_time_passes_and_a_retry_opens_the_next_round(cluster):
    client = cluster.client()
    run = client.submit_dag("night", [job("draft", hitl_message="ok?", max_wait_seconds=60), job("next", "draft")])
    client.wait("draft", timeout=10)
    cluster.advance(59)
    assert client.get_job_status("hitl-gate-draft") == "RUNNING"
    cluster.advance(2)
    assert client.get_job_status("hitl-gate-draft") == "FAILED"
    assert client.store_get("titan:hitl:status:hitl-gate-draft") == "TIMEOUT"
    assert client.get_job_status("next") == "CANCELLED"
    with pytest.raises(TitanConflict, match="already TimedOut"):
        client.approve("draft")
    client.retry(run)
    cluster.advance(0)
    assert client.get_job_status("hitl-gate-draft") == "RUNNING"
    client.approve("draft")
    assert client.wait(run, timeout=10).phase == "Succeeded"


def test_a_job_exceeds_its_timeout_when_time_passes(cluster):
    cluster.on("loop", hang())
    client = cluster.client()
    client.submit_job(job("loop", timeout=30, retries=0))
    cluster.advance(1)
    assert client.get_job_status("loop") == "RUNNING"
    cluster.advance(30)
    assert client.get_job_status("loop") == "FAILED"
    assert "took longer than 30 seconds" in client.get_job("loop").message


def test_a_delay_takes_no_time(cluster):
    client = cluster.client()
    assert client.wait(client.submit_job(job("later", delay=3_600_000)), timeout=10).succeeded


def test_a_job_without_a_node_waits_and_stops_nobody_else():
    with FakeCluster(without=("GPU",)) as cluster:
        client = cluster.client()
        client.submit_dag("night", [job("train", requirement="GPU"), job("other")])
        assert client.wait("other", timeout=10).succeeded
        assert client.get_job_status("train") == "PENDING"
        assert "no GPU" in client.why("train")
        with pytest.raises(TitanTimeout):
            client.wait("train", timeout=0.05)


def test_no_more_jobs_run_at_once_than_the_dag_allows(cluster):
    running, most, gate = [], [], threading.Semaphore(0)

    def work(given):
        running.append(given.job_id)
        most.append(len(running))
        gate.acquire(timeout=10)
        running.remove(given.job_id)

    client = cluster.client()
    names = [f"j{number}" for number in range(6)]
    for name in names:
        cluster.on(name, work)
    run = client.submit_dag("night", [job(name) for name in names], max_parallel=2)
    for _ in names:
        gate.release()
    assert client.wait(run, timeout=10).succeeded
    assert max(most) <= 2


def test_logs_are_followed_while_a_function_prints(cluster):
    go_on = threading.Event()

    def work(given):
        given.print("first")
        go_on.wait(10)
        given.print("second")

    cluster.on("train", work)
    client = cluster.client()
    client.submit_job(job("train"))
    lines = client.stream_logs("train", timeout=10)
    assert next(lines) == "first"
    go_on.set()
    assert list(lines) == ["second"]


def test_a_job_must_do_something(cluster):
    with pytest.raises(ValueError, match="say what the job 'train' does"):
        cluster.on("train")
