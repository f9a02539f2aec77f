"""Defects of the earlier Titan that no other test here is about; README.md says where each of the fourteen is."""

from compat.conftest import Program


def test_a_job_whose_worker_is_killed_runs_again_and_its_child_goes_on(program: Program) -> None:
    assert program("killed_worker.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED']",
        "alive in attempt 2",
        "child",
    ]


def test_parallel_jobs_whose_scripts_share_a_basename_run_their_own(program: Program) -> None:
    assert program("same_basename.py") == ["DAG_ACCEPTED {'COMPLETED'}", "20 of 20"]


def test_long_logs_are_whole_in_order_and_of_one_attempt(program: Program) -> None:
    assert program("long_logs.py") == ["DAG_ACCEPTED ['COMPLETED']", "20000 True"]
