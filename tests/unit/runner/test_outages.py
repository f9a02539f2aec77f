"""A store that is away, refuses or lies: nothing is lost, and nothing unpublished reads as success."""

from collections.abc import Callable

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess, inline

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


# ---------------------------------------------------------------- files
WITH_PARENTS = {"mode": "Sync", "parents": [{"job": "uid-0", "attempt": 1}]}


def kept(store: LogStore) -> dict[str, bytes]:
    """What the job left, by its record."""
    assert store.content.outcome is not None
    files = store.content.outcome["manifest"]["changed"]
    return {path: store.content.blobs[entry["digest"]] for path, entry in files.items()}


def test_files_of_a_program_that_ended_during_an_outage_are_kept(start: Start, store: LogStore) -> None:
    runner = start(inline(WAITS_FOR_FILE + "open('left', 'w').write('L')\nos.unlink('go')"))
    store.content.wait_for_log(b"begun\n")

    store.close()
    (runner.workspace / "go").touch()
    assert runner.is_still_running_after(0.5)
    store.open()

    assert runner.finish().code == 0
    assert kept(store) == {"left": b"L"}


def test_inherited_files_are_waited_for(start: Start, store: LogStore) -> None:
    store.content.add_file("found", b"F")
    store.content.refusals |= {"workspace": [(503, "Unavailable")] * 2, "blob": [(503, "Unavailable")] * 2}

    ending = start(inline("print(open('found').read())"), workspace=WITH_PARENTS).finish()

    assert (ending.code, ending.stdout) == (0, b"F\n")


@pytest.mark.parametrize("resource", ["workspace", "blob"])
def test_a_lost_answer_about_files_costs_nothing_but_time(start: Start, store: LogStore, resource: str) -> None:
    store.content.add_file("found", b"F")
    store.content.lost_answers[resource] = 2

    assert start(inline("open('found', 'a').write('+')"), workspace=WITH_PARENTS).finish().code == 0
    assert kept(store) == {"found": b"F+"}


def test_an_inherited_file_of_other_content_than_its_digest_is_never_found(start: Start, store: LogStore) -> None:
    store.content.add_file("found", b"right")
    store.content.blobs = dict.fromkeys(store.content.blobs, b"wrong")

    ending = start(inline("print(open('found').read())"), workspace=WITH_PARENTS).finish()

    assert (ending.code, ending.words["phase"]) == (69, "fetch")
    assert b"wrong" not in ending.stdout


@pytest.mark.parametrize("path", ["../out", "/tmp/titan-out", "a/../../out", "a//b", "."])
def test_a_path_that_leaves_the_workspace_is_not_written_even_if_the_store_says_so(
    start: Start, store: LogStore, path: str
) -> None:
    store.content.add_file(path, b"evil")
    runner = start(inline("print('ran')"), workspace=WITH_PARENTS)

    ending = runner.finish()

    assert (ending.code, ending.words["phase"]) == (69, "fetch")
    assert not [file for file in runner.workspace.parent.rglob("*") if file.is_file() and b"evil" in file.read_bytes()]


def test_a_file_that_changes_while_it_is_kept_is_described_anew(start: Start, store: LogStore) -> None:
    store.content.refusals["blob"] = [(400, "DigestMismatch")] * 2

    assert start(inline("open('left', 'w').write('L')")).finish().code == 0
    assert kept(store) == {"left": b"L"}


def test_a_file_that_does_not_stop_changing_fails_the_program_and_is_named(start: Start, store: LogStore) -> None:
    store.content.refusals["blob"] = [(400, "DigestMismatch")] * 9

    ending = start(inline("open('left', 'w').write('L')")).finish()

    assert (ending.code, ending.words["phase"], ending.words["reason"]) == (73, "run", "WorkspaceUnreadable")
    assert "'left' keeps changing" in ending.words["message"]
    assert store.content.outcome is not None
    assert "manifest" not in store.content.outcome


def test_files_that_the_store_refuses_for_ever_fail_the_publication(start: Start, store: LogStore) -> None:
    store.content.refusals["blob"] = [(413, "TooLarge")]

    ending = start(inline("open('left', 'w').write('L')")).finish()

    assert (ending.code, ending.words["phase"]) == (74, "publish")
    assert store.content.outcome is None
