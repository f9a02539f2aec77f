"""A store that is away, refuses or lies: nothing is lost, and nothing unpublished reads as success."""

from collections.abc import Callable

import pytest
from builders.log_store import LogStore
from builders.runner_process import RunnerProcess, inline

Start = Callable[..., RunnerProcess]

WAITS_FOR_FILE = """
import os, time
print("begun")
while not os.path.exists("go"):
    time.sleep(0.02)
print("end")
"""


def test_a_store_that_is_away_at_the_start_is_waited_for(start: Start, store: LogStore) -> None:
    digest = store.content.add_blob(b"print('fetched')")
    store.close()
    runner = start({"script": {"fileName": "a.py", "digest": digest}})
    assert runner.is_still_running_after(0.5)

    store.open()
    ending = runner.finish()

    assert (ending.code, ending.stdout) == (0, b"fetched\n")
    assert store.content.outcome is not None


def test_output_during_an_outage_is_spooled_and_arrives_in_order(start: Start, store: LogStore) -> None:
    runner = start(inline(WAITS_FOR_FILE))
    store.content.wait_for_log(b"begun\n")

    store.close()
    (runner.workspace / "go").touch()
    assert runner.is_still_running_after(0.5)
    store.open()

    assert runner.finish().code == 0
    assert bytes(store.content.log) == b"begun\nend\n"
    assert store.content.events[-1] == "outcome"


def test_connections_that_break_between_requests_are_opened_again(start: Start, store: LogStore) -> None:
    runner = start(inline(WAITS_FOR_FILE))
    store.content.wait_for_log(b"begun\n")

    store.close()
    store.open()
    (runner.workspace / "go").touch()

    assert runner.finish().code == 0
    assert bytes(store.content.log) == b"begun\nend\n"


@pytest.mark.parametrize(
    "refusal",
    [(500, "Internal"), (503, "Unavailable"), (429, "Unavailable"), (401, "Unauthenticated"), (403, "Forbidden")],
)
@pytest.mark.parametrize("resource", ["log", "outcome"])
def test_a_passing_refusal_is_outwaited(start: Start, store: LogStore, resource: str, refusal: tuple[int, str]) -> None:
    store.content.refusals[resource] = [refusal] * 3

    assert start(inline("print('kept')")).finish().code == 0
    assert bytes(store.content.log) == b"kept\n"
    assert store.content.outcome is not None


def test_another_outcome_of_the_same_attempt_fails_the_publication(start: Start, store: LogStore) -> None:
    store.content.outcome = {"somebody": "else"}

    ending = start(inline("print('ran')")).finish()

    assert ending.code == 74
    assert (ending.words["phase"], ending.words["reason"]) == ("publish", "PublishFailed")
    assert ending.words["exitCode"] != 0
    assert ending.stdout == b"ran\ntitan: cannot record the outcome: another outcome is recorded\n"


def test_a_failed_publication_keeps_the_program_s_own_exit_code(start: Start, store: LogStore) -> None:
    store.content.outcome = {"somebody": "else"}

    assert start(inline("raise SystemExit(5)")).finish().code == 5


def test_a_log_that_the_store_finds_too_long_does_not_fail_the_job(start: Start, store: LogStore) -> None:
    store.content.log_limit = 100

    ending = start(inline("print('x' * 1000)")).finish()

    assert ending.code == 0
    assert store.content.outcome is not None
    assert store.content.outcome["logSize"] == 0


def test_bytes_that_arrived_although_their_answer_was_lost_are_not_doubled(start: Start, store: LogStore) -> None:
    store.content.lost_answers["log"] = 2

    assert start(inline("print('once')")).finish().code == 0
    assert bytes(store.content.log) == b"once\n"


def test_a_lost_answer_to_the_outcome_is_no_failure(start: Start, store: LogStore) -> None:
    store.content.lost_answers["outcome"] = 2

    assert start(inline("print('once')")).finish().code == 0
