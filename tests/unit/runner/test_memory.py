"""A program that the kernel killed for want of memory is told apart from one that somebody killed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from titan_runner.memory import Memory
from titan_runner.outcomes import outcome_of_exit

KILLED, FAILED = 137, 1
LIMIT = str(64 * 1024**2)
NO_LIMIT_V1 = "9223372036854771712"

Group = Callable[[Path, int, str], None]


def version_1(root: Path, kills: int, limit: str = LIMIT) -> None:
    (root / "memory").mkdir(exist_ok=True)
    (root / "memory/memory.oom_control").write_text(f"oom_kill_disable 0\nunder_oom 0\noom_kill {kills}\n")
    (root / "memory/memory.limit_in_bytes").write_text(f"{limit}\n")


def version_2(root: Path, kills: int, limit: str = LIMIT) -> None:
    (root / "memory.events").write_text(f"low 0\nhigh 0\nmax 9\noom 4\noom_kill {kills}\noom_group_kill 0\n")
    (root / "memory.max").write_text(f"{limit}\n")


@pytest.mark.parametrize("group", [version_1, version_2])
def test_a_kill_while_the_program_ran_is_told_with_the_limit(group: Group, tmp_path: Path) -> None:
    group(tmp_path, 1, LIMIT)
    memory = Memory(str(tmp_path))
    group(tmp_path, 2, LIMIT)

    outcome = outcome_of_exit(KILLED, "loading", memory.shortage())

    assert (outcome.phase, outcome.exit_code, outcome.reason) == ("run", KILLED, "OOMKilled")
    assert outcome.message == "out of memory, the limit is 64 MiB: killed by SIGKILL: loading"


@pytest.mark.parametrize(("group", "limit"), [(version_1, NO_LIMIT_V1), (version_2, "max")])
def test_without_a_limit_it_was_the_node_that_had_too_little(group: Group, limit: str, tmp_path: Path) -> None:
    group(tmp_path, 0, limit)
    memory = Memory(str(tmp_path))
    group(tmp_path, 1, limit)

    assert memory.shortage() == "out of memory, the node had none left"


@pytest.mark.parametrize("group", [version_1, version_2])
def test_a_kill_before_the_program_explains_nothing(group: Group, tmp_path: Path) -> None:
    group(tmp_path, 3, LIMIT)

    outcome = outcome_of_exit(KILLED, "", Memory(str(tmp_path)).shortage())

    assert (outcome.reason, outcome.message) == ("Error", "killed by SIGKILL")


def test_where_no_control_group_is_seen_nothing_is_claimed(tmp_path: Path) -> None:
    assert Memory(str(tmp_path)).shortage() == ""


def test_a_program_that_fails_because_a_worker_of_it_was_killed_is_out_of_memory_too() -> None:
    outcome = outcome_of_exit(FAILED, "BrokenProcessPool", "out of memory, the limit is 64 MiB")

    assert outcome.reason == "OOMKilled"
    assert outcome.message == "out of memory, the limit is 64 MiB: exit code 1: BrokenProcessPool"


def test_a_program_that_lived_on_without_its_worker_has_succeeded() -> None:
    assert outcome_of_exit(0, "", "out of memory, the limit is 64 MiB").reason == "Completed"


def test_a_program_that_was_told_to_end_was_not_short_of_memory() -> None:
    outcome = outcome_of_exit(KILLED, "", "out of memory, the limit is 64 MiB", was_told_to_end=True)

    assert outcome.reason == "Terminated"
