"""COMPAT, "TitanClient": a test a row of its table."""

import json
from pathlib import Path

import pytest
from compat.conftest import Objects, Program


def test_submit_dag_says_dag_accepted_and_carries_names(program: Program) -> None:
    assert program("submit_dag.py") == [
        "DAG_ACCEPTED True True ('sub_a', 'sub_b')",
        "['COMPLETED', 'COMPLETED'] Succeeded",
        "True sub_dag",
    ]


def test_graphs_that_cannot_run_are_value_errors_naming_the_ids_and_nothing_is_sent(program: Program) -> None:
    *refusals, statuses, dags = program("wrong_graphs.py")
    culprits = {
        "cycle": ("wrong_x", "wrong_y", "wrong_z"),
        "unknown parent": ("wrong_b", "wrong_ghost"),
        "duplicate id": ("wrong_twin",),
        "self-parent": ("wrong_self",),
        "empty list": (),
    }
    assert [line.partition(":")[0] for line in refusals] == list(culprits)
    for line, ids in zip(refusals, culprits.values(), strict=True):
        assert all(job_id in line for job_id in ids), line
    assert "wrong_root" not in refusals[0]
    assert (statuses, dags) == ("{'NULL'}", "[]")


def test_submit_job_creates_one_titan_job_that_stands_alone(program: Program, objects: Objects) -> None:
    assert program("submit_job.py") == [
        "DAG_ACCEPTED True ('alone_job',) ['COMPLETED'] alone",
        "None True",
        "DAG_ACCEPTED ['COMPLETED'] False",
        "DAG_ACCEPTED COMPLETED OK",
        "['COMPLETED']",
    ]
    assert [dag for dag in objects.all("titandags") if "alone" in json.dumps(dag["spec"])] == []


def test_submit_yaml_uploads_the_project_names_the_dag_and_waits(program: Program) -> None:
    assert program("submit_yaml.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED'] from the project ['--day', 'today']",
        "True",
        "True",
        "False",
        "FAILED CANCELLED",
    ]


def test_get_job_status_knows_all_its_words_and_the_newest_submission_wins(program: Program) -> None:
    assert program("job_status.py") == [
        "NULL NULL",
        "DAG_ACCEPTED",
        "RUNNING PENDING",
        "['FAILED', 'CANCELLED', 'CANCELLED']",
        "['COMPLETED', 'COMPLETED']",
        "DAG_ACCEPTED ['COMPLETED'] good now",
    ]


def test_fetch_logs_follows_a_running_job(program: Program) -> None:
    assert program("logs.py") == [
        "DAG_ACCEPTED",
        "''",
        "live while it runs",
        r"['COMPLETED', 'COMPLETED'] 'first line\nlast line\n' ''",
    ]


def test_fetch_logs_answers_after_the_pod_is_gone(program: Program, objects: Objects) -> None:
    program("quick_start.py")
    objects.delete_pods("quick_hello")
    while objects.pods("quick_hello"):
        pass
    assert program("logs_without_pod.py", "quick_hello") == ["Hello from Titan"]


def test_uploads_of_any_size_arrive_whole(program: Program) -> None:
    assert program("uploads.py") == [
        "upload_8.bin UPLOAD_SUCCESS True True",
        "upload_60.bin UPLOAD_SUCCESS True True",
        "UPLOAD_SUCCESS UPLOAD_SUCCESS",
        "True ['data.bin', 'sub/main.py']",
        "True ['data.bin', 'sub/main.py']",
        "ERROR: File not found at: ghost/none.bin",
        "ERROR",
    ]


@pytest.fixture
def nothing_in_tmp() -> None:
    """``get_artifact`` saves there by default; an older run's file would prove nothing."""
    Path("/tmp/art_report.md").unlink(missing_ok=True)


@pytest.mark.usefixtures("nothing_in_tmp")
def test_artifacts_travel_from_a_worker_to_the_orchestrator(program: Program) -> None:
    assert program("artifacts.py") == [
        "DAG_ACCEPTED ['COMPLETED']",
        "True art_report.md",
        "True # Report of the worker",
        "True # Report of the worker",
        "True # Report of the worker",
        "True # Report of the worker",
        "False False False",
        "False # Report of the worker False",
    ]


def test_two_runs_that_publish_one_name_keep_their_own_content(program: Program) -> None:
    assert program("two_runs_one_name.py") == ["True", "True", "True report of one", "True report of two"]


def test_a_deployed_script_may_be_named_without_having_it(program: Program) -> None:
    assert program("deploy_script.py") == [
        "DEPLOY_SUCCESS",
        "DAG_ACCEPTED",
        "['COMPLETED'] deployed",
        "ERROR: File not found at: nowhere.py",
    ]


def test_values_and_sets_hold_anything_that_is_text(program: Program) -> None:
    assert program("store.py") == [
        "NULL []",
        "OK ''",
        "OK True",
        "OK replaced",
        "OK odd key",
        "[1, 1, 1, 1, 1, 1] [0, 0, 0, 0, 0, 0]",
        "True list",
    ]


def test_what_users_do_next_raises_typed_errors(program: Program) -> None:
    assert program("beside_them.py") == [
        "Failed ['COMPLETED', 'FAILED', 'CANCELLED']",
        "['one', 'two'] True",
        "2 Succeeded",
        "[('next_child', 1), ('next_flaky', 2), ('next_ok', 1)]",
        "TitanConflict: nothing to retry",
        "TitanTimeout",
        "Cancelled CANCELLED",
        *(f"{call} True" for call in ("get_dag", "get_job", "wait", "cancel", "retry", "approve", "reject")),
        "1 42 42",
        "True False True c",
        "['next:cas', 'next:count', 'next:healed'] True False NULL",
    ]
