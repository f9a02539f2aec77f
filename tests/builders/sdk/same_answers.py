"""What programs ask and which answers they get: one suite for the cluster in memory and for the embedded one.

Each case is a function of a World. ``tests/unit/sdk/test_same_answers.py`` runs them on ``titan_sdk.testing``,
``tests/e2e/test_same_answers.py`` on real processes.
"""

from typing import Any

import pytest
from builders.sdk.worlds import (
    BROKEN,
    ENDLESS,
    OK,
    THIRD_TIME,
    Deed,
    World,
    deed_by_key,
    eventually,
    finished,
    free_port,
    statuses,
)

from titan_sdk import TitanConflict, TitanJob, TitanNotFound
from titan_sdk.testing import Outcome


def a_chain_runs_to_its_end(world: World) -> None:
    run = world.client.submit_dag(world.id("chain"), [world.job("b", OK, "a"), world.job("a", OK)])
    assert run == "DAG_ACCEPTED"
    assert run.job_ids == (world.id("b"), world.id("a"))
    view = finished(world, run)
    assert (view.phase, view.progress, view.succeeded, view.counts) == ("Succeeded", "2/2", True, {"succeeded": 2})
    assert statuses(world, "a", "b") == ["COMPLETED", "COMPLETED"]
    assert world.client.get_job_status(f"DAG-{world.id('a')}") == "COMPLETED"
    assert world.client.fetch_logs(world.id("a")) == "fine\n"
    assert list(world.client.stream_logs(world.id("b"))) == ["fine"]
    jobs = {job.job_id: job for job in world.client.get_dag(run.name).jobs}
    assert jobs[world.id("b")].parents == (world.id("a"),)
    assert (jobs[world.id("a")].attempt, jobs[world.id("a")].exit_code, jobs[world.id("a")].approval) == (1, 0, None)
    assert len(world.client.list_jobs(dag=run)) == len(world.client.get_dag(run).jobs) == 2
    assert world.client.why(world.id("a"), dag=run) == f"job {world.id('a')!r} has succeeded"


def a_failure_cancels_what_depends_on_it_and_nothing_else(world: World) -> None:
    jobs = [world.job("bad", BROKEN, retries=0), world.job("child", OK, "bad"), world.job("other", OK)]
    view = finished(world, world.client.submit_dag(world.id("failing"), [*jobs, world.job("grand", OK, "child")]))
    assert (view.phase, view.counts) == ("Failed", {"failed": 1, "cancelled": 2, "succeeded": 1})
    assert statuses(world, "bad", "child", "grand", "other") == ["FAILED", "CANCELLED", "CANCELLED", "COMPLETED"]
    assert world.client.fetch_logs(world.id("bad")) == "bad\n"
    bad = world.client.get_job(world.id("bad"))
    assert (bad.exit_code, bad.is_final, bad.succeeded) == (3, True, False)
    assert "exit code 3" in bad.message
    assert world.id("bad") in world.client.get_job(world.id("child")).message


def attempts_are_repeated_and_the_newest_log_is_shown(world: World) -> None:
    run = world.client.submit_job(world.job("third", THIRD_TIME, backoff=0))
    view = finished(world, run)
    assert (view.phase, view.attempt, view.dag) == ("Succeeded", 3, None)
    assert world.client.list_standalone_jobs()[0].job_id == world.id("third")
    assert world.client.fetch_logs(world.id("third")) == "try 3\n"


def a_retry_runs_again_what_failed_and_only_that(world: World) -> None:
    key = world.id("fixed")
    jobs = [world.job("first", OK), world.job("unfixed", deed_by_key(key), "first", retries=0)]
    run = world.client.submit_dag(world.id("again"), [*jobs, world.job("last", OK, "unfixed")])
    assert finished(world, run).phase == "Failed"
    world.client.store_put(key, "yes")
    assert world.client.retry(run).run == 2
    view = finished(world, run)
    assert (view.phase, view.run, view.counts) == ("Succeeded", 2, {"succeeded": 3})
    assert [world.client.get_job(world.id(name)).attempt for name in ("first", "unfixed", "last")] == [1, 2, 1]
    with pytest.raises(TitanConflict, match="it is Succeeded"):
        world.client.retry(run)


def submit_gated(world: World) -> Any:
    jobs = [world.job("draft", OK, hitl_message="Publish?"), world.job("publish", OK, "draft")]
    run = world.client.submit_dag(world.id("gated"), jobs)
    eventually(lambda: statuses(world, "draft", "publish"), ["COMPLETED", "PENDING"])
    eventually(lambda: world.client.get_job_status(f"hitl-gate-{world.id('draft')}"), "RUNNING")
    return run


def a_gate_waits_for_a_person_and_an_approval_lets_children_go(world: World) -> None:
    run, gate = submit_gated(world), f"hitl-gate-{world.id('draft')}"
    (pending,) = [one for one in world.client.pending_approvals() if one.gate_id == gate]
    assert (pending.message, pending.phase, pending.job_id) == ("Publish?", "Pending", world.id("draft"))
    assert (pending.requested_by, pending.required_approvals, pending.approvers) == (world.client.whoami(), 1, ())
    assert pending.may_self_approve is True
    assert world.client.store_get(f"titan:hitl:status:{gate}") == "WAITING"
    assert world.client.store_get(f"titan:hitl:message:{gate}") == "Publish?"
    assert gate in world.client.store_smembers("titan:hitl:queue")
    assert f"a person must approve the gate {gate}" in world.client.why(world.id("publish"))
    decided = world.client.approve(gate, "good")
    assert [(one.user, one.verdict, one.comment) for one in decided.decisions] == [
        (world.client.whoami(), "Approve", "good")
    ]
    assert finished(world, run).phase == "Succeeded"
    assert world.client.get_job_status(gate) == "COMPLETED"
    assert world.client.store_get(f"titan:hitl:status:{gate}") == "APPROVED"
    assert gate not in world.client.store_smembers("titan:hitl:queue")
    world.client.approve(gate, "again")
    with pytest.raises(TitanConflict, match="already Approved"):
        world.client.reject(gate)


def a_rejection_cancels_the_children(world: World) -> None:
    run, gate = submit_gated(world), f"hitl-gate-{world.id('draft')}"
    assert world.client.store_put(f"titan:hitl:status:{gate}", "REJECTED") == "OK"
    assert finished(world, run).phase == "Failed"
    assert statuses(world, "draft", "publish") == ["COMPLETED", "CANCELLED"]
    assert world.client.get_job_status(gate) == "FAILED"
    assert world.client.store_put(f"titan:hitl:status:{gate}", "APPROVED").startswith("ERROR: ")


def a_decision_before_the_gate_opens_is_kept(world: World) -> None:
    jobs = [
        world.job("hold", OK, hitl_message="now?"),
        world.job("draft", OK, "hold", hitl_message="ok?"),
        world.job("publish", OK, "draft"),
    ]
    run = world.client.submit_dag(world.id("early"), jobs)
    assert world.client.approve(world.id("draft")).decisions[0].verdict == "Approve"
    assert statuses(world, "draft", "publish") == ["PENDING", "PENDING"]
    assert world.client.get_job_status(f"hitl-gate-{world.id('draft')}") == "PENDING"
    world.client.approve(world.id("hold"))
    assert finished(world, run).phase == "Succeeded"


def a_gate_names_its_approvers(world: World) -> None:
    terms = {"hitl_message": "ok?", "approvers": ["someone", "group:board"], "required_approvals": 2}
    run = world.client.submit_dag(world.id("named"), [world.job("draft", OK, **terms)])
    gate = world.client.get_gate(world.id("draft"))
    assert (gate.approvers, gate.required_approvals, gate.may_self_approve) == (("someone", "group:board"), 2, False)
    world.client.cancel(run)
    finished(world, run)


def cancelling_ends_what_runs_and_what_waits(world: World) -> None:
    run = world.client.submit_dag(world.id("endless"), [world.job("loop", ENDLESS), world.job("after", OK, "loop")])
    eventually(lambda: statuses(world, "loop", "after"), ["RUNNING", "PENDING"])
    eventually(lambda: world.client.fetch_logs(world.id("loop")), "on\n")
    assert f"its parent {world.id('loop')!r} is Running" in world.client.why(world.id("after"))
    world.client.cancel(run)
    assert finished(world, run).phase == "Cancelled"
    assert statuses(world, "loop", "after") == ["CANCELLED", "CANCELLED"]
    with pytest.raises(TitanConflict, match="has ended"):
        world.client.add_jobs(run, [world.job("late", OK)])


def a_retry_runs_again_what_was_cancelled_by_itself(world: World) -> None:
    run = world.client.submit_dag(world.id("loops"), [world.job("lone", ENDLESS), world.job("other", OK)])
    eventually(lambda: statuses(world, "lone", "other"), ["RUNNING", "COMPLETED"])
    world.client.cancel(world.id("lone"))
    finished(world, run)
    assert statuses(world, "lone", "other") == ["CANCELLED", "COMPLETED"]
    world.client.retry(run)
    eventually(lambda: statuses(world, "lone", "other"), ["RUNNING", "COMPLETED"])
    world.client.cancel(run)
    finished(world, run)


def a_suspended_dag_starts_nothing_until_it_is_resumed(world: World) -> None:
    run = submit_gated(world)
    assert world.client.suspend(run).suspended is True
    world.client.approve(world.id("draft"))
    eventually(lambda: world.client.get_job_status(f"hitl-gate-{world.id('draft')}"), "COMPLETED")
    assert statuses(world, "publish") == ["PENDING"]
    assert "its DAG is suspended" in world.client.why(world.id("publish"))
    world.client.resume(run)
    assert finished(world, run).phase == "Succeeded"


def jobs_are_added_to_a_dag_that_runs(world: World) -> None:
    run = submit_gated(world)
    world.client.add_jobs(run, [world.job("more", OK, "draft"), world.job("most", OK, "more")])
    world.client.approve(world.id("draft"))
    view = finished(world, run)
    assert (view.phase, view.progress) == ("Succeeded", "4/4")


def parents_may_be_of_earlier_dags(world: World) -> None:
    first = world.client.submit_dag(world.id("first"), [world.job("prep", OK)])
    second = world.client.submit_dag(world.id("second"), [world.job("train", OK, "prep")])
    assert (finished(world, first).phase, finished(world, second).phase) == ("Succeeded", "Succeeded")
    failed = world.client.submit_job(world.job("broken", BROKEN, retries=0))
    third = world.client.submit_dag(world.id("third"), [world.job("child", OK, "broken")])
    assert (finished(world, failed).phase, finished(world, third).phase) == ("Failed", "Failed")
    assert statuses(world, "child") == ["CANCELLED"]
    with pytest.raises(ValueError, match="has the parent 'nobody'"):
        world.client.submit_dag(world.id("fourth"), [TitanJob("x", script_content="1", parents=["nobody"])])


def agent_runs_have_stages_and_files(world: World) -> None:
    report = world.folder / "report.md"
    report.write_text("# fine")
    run_id = world.id("run")
    for name in ("plan", "execute"):
        finished(world, world.client.submit_dag(world.id(name), [world.job(name, OK)], agent_run_id=run_id))
    assert world.client.publish_artifact(f"run:{run_id}:report", report) is True
    run = world.client.agent_run(run_id)
    assert (run.phase, [stage.display_name for stage in run.stages]) == (
        "Succeeded", [world.id("plan"), world.id("execute")],
    )  # fmt: skip
    assert [[job.job_id for job in stage.jobs] for stage in run.stages] == [[world.id("plan")], [world.id("execute")]]
    assert [(file.key, file.name) for file in run.files] == [(f"run:{run_id}:report", "report.md")]
    assert run_id in [one.run_id for one in world.client.list_agent_runs()]


def values_sets_and_files_are_shared(world: World) -> None:
    client, key = world.client, world.id("key")
    assert (client.store_get(key), client.store_put(key, "ü,\n"), client.store_get(key)) == ("NULL", "OK", "ü,\n")
    assert (client.store_sadd(key, "a,b"), client.store_sadd(key, "a,b")) == (1, 0)
    assert client.store_smembers(key) == ["a,b"]
    assert (client.compare_and_set(key, "no", "x"), client.compare_and_set(key, "ü,\n", "x")) == (False, True)
    assert client.list_keys(key) == [key]
    assert (client.delete_key(key), client.delete_key(key)) == (True, False)
    assert (client.increment(f"{key}-n"), client.increment(f"{key}-n", 4)) == (1, 5)
    source = world.folder / f"{key}.bin"
    source.write_bytes(bytes(range(256)) * 100)
    assert client.upload_file(source) == "UPLOAD_SUCCESS"
    assert client.publish_artifact(key, source) is True
    assert client.get_artifact(key, save_path=world.folder / "copy") is True
    assert (world.folder / "copy").read_bytes() == source.read_bytes()
    assert [file.name for file in client.files.list(source.name)] == [source.name]
    assert client.fetch_artifact(world.id("none"), save_path=world.folder / "none") is False
    assert not (world.folder / "none").exists()


def secrets_are_written_and_never_shown(world: World) -> None:
    name = world.id("token").lower().replace("_", "-")
    world.client.set_secret(name, {"KEY": "old", "MORE": "1"})
    world.client.set_secret(name, {"KEY": "new"})
    assert name in world.client.list_secrets()
    assert (world.client.delete_secret(name), world.client.delete_secret(name)) == (True, False)


def what_is_unknown_is_told_in_the_same_way(world: World) -> None:
    client, nobody = world.client, world.id("nobody")
    assert (client.get_job_status(nobody), client.fetch_logs(nobody)) == ("NULL", "")
    assert client.get_job_status(f"hitl-gate-{nobody}") == "NULL"
    assert client.store_get(f"titan:hitl:status:hitl-gate-{nobody}") == "NULL"
    assert client.stop_service(nobody).startswith("ERROR: ")
    for call in (client.get_dag, client.get_job, client.wait, client.cancel, client.approve, client.agent_run):
        with pytest.raises(TitanNotFound):
            call(nobody)


def services_serve_until_they_are_stopped(world: World) -> None:
    serve = Deed(
        "import os, http.server as h; "
        "h.HTTPServer(('', int(os.environ['PORT'])), h.SimpleHTTPRequestHandler).serve_forever()",
        (Outcome(hangs=True),),
    )
    api = world.job("api", serve, job_type="SERVICE", port=free_port())
    run = world.client.submit_dag(world.id("serving"), [api, world.job("caller", OK, "api")])
    view = finished(world, run)
    assert (view.is_serving, view.counts) == (True, {"serving": 1, "succeeded": 1})
    assert statuses(world, "api", "caller") == ["COMPLETED", "COMPLETED"]
    assert world.client.stop_service(world.id("api")) == f"STOPPED: DAG-{world.id('api')}"
    eventually(lambda: world.client.get_job(world.id("api")).is_final, True)


CASES = [
    a_chain_runs_to_its_end,
    a_failure_cancels_what_depends_on_it_and_nothing_else,
    attempts_are_repeated_and_the_newest_log_is_shown,
    a_retry_runs_again_what_failed_and_only_that,
    a_retry_runs_again_what_was_cancelled_by_itself,
    a_gate_waits_for_a_person_and_an_approval_lets_children_go,
    a_rejection_cancels_the_children,
    a_decision_before_the_gate_opens_is_kept,
    a_gate_names_its_approvers,
    cancelling_ends_what_runs_and_what_waits,
    a_suspended_dag_starts_nothing_until_it_is_resumed,
    jobs_are_added_to_a_dag_that_runs,
    parents_may_be_of_earlier_dags,
    agent_runs_have_stages_and_files,
    values_sets_and_files_are_shared,
    secrets_are_written_and_never_shown,
    what_is_unknown_is_told_in_the_same_way,
    services_serve_until_they_are_stopped,
]
