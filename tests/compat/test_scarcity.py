"""One small node: who waits for it, who never will get it, and who must not be held up by either."""

from pathlib import Path

from builders.kubernetes.clusters import RunningCluster
from compat.conftest import run_lines


def test_a_gpu_job_without_a_gpu_waits_and_starves_nobody(small: RunningCluster, tmp_path: Path) -> None:
    assert run_lines("starved.py", (), small.env, tmp_path) == [
        "DAG_ACCEPTED DAG_ACCEPTED",
        "['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']",
        "{'PENDING'}",
    ]


def test_waiting_gates_hold_no_slot(small: RunningCluster, tmp_path: Path) -> None:
    assert run_lines("many_gates.py", (), small.env, tmp_path) == [
        "DAG_ACCEPTED",
        "['COMPLETED', 'COMPLETED', 'COMPLETED']",
        "{'RUNNING'}",
    ]


def test_higher_priority_goes_first_and_equal_ones_in_order(small: RunningCluster, tmp_path: Path) -> None:
    assert run_lines("priorities.py", (), small.env, tmp_path) == [
        "DAG_ACCEPTED",
        "{'COMPLETED'}",
        "['prio_top_11', 'prio_top_10', 'prio_top_50', 'prio_mid_1', 'prio_mid_2', 'prio_low']",
    ]
