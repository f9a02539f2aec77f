"""Signals: the program's while it runs, the runner's before, and nobody's while the outcome is being published."""

import signal
from collections.abc import Callable

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess, inline

Start = Callable[..., RunnerProcess]

LISTENER = """
import signal, sys, time
def leave(number, frame):
    print("got", signal.Signals(number).name)
    sys.exit(7)
for name in ("SIGTERM", "SIGINT", "SIGUSR1", "SIGHUP"):
    signal.signal(getattr(signal, name), leave)
print("ready")
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP])
def test_a_signal_is_passed_on_and_the_program_decides_its_exit(
    start: Start, store: LogStore, number: signal.Signals
) -> None:
    runner = start(inline(LISTENER))
    store.content.wait_for_log(b"ready\n")

    runner.process.send_signal(number)
    ending = runner.finish()

    assert ending.code == 7
    assert bytes(store.content.log) == f"ready\ngot {number.name}\n".encode()
    assert ending.words["message"] == f"exit code 7: got {number.name}"


def test_a_program_without_a_handler_is_recorded_as_killed_by_the_signal(start: Start, store: LogStore) -> None:
    runner = start(inline("import time\nprint('ready')\ntime.sleep(60)"))
    store.content.wait_for_log(b"ready\n")

    runner.process.terminate()

    assert runner.finish().code == 128 + signal.SIGTERM
    assert store.content.outcome is not None
    assert store.content.outcome["message"] == "killed by SIGTERM: ready"
    assert store.content.outcome["reason"] == "Terminated"


def test_a_program_that_fails_without_being_told_to_end_has_failed_by_itself(start: Start, store: LogStore) -> None:
    assert start(inline("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)")).finish().code == 143
    assert store.content.outcome is not None
    assert store.content.outcome["reason"] == "Error"


def test_a_signal_while_the_source_is_awaited_ends_the_runner_without_an_outcome(start: Start, store: LogStore) -> None:
    digest = store.content.add_blob(b"print(1)")
    store.content.refusals["blob"] = [(503, "Unavailable")] * 100
    runner = start({"script": {"fileName": "a.py", "digest": digest}})
    store.content.wait_for_requests(2)

    runner.process.terminate()
    ending = runner.finish()

    assert ending.code == 128 + signal.SIGTERM
    assert (ending.words["phase"], ending.words["reason"]) == ("fetch", "Terminated")
    assert store.content.outcome is None


def test_a_signal_after_the_program_s_end_does_not_stop_the_publication(start: Start, store: LogStore) -> None:
    store.content.refusals["outcome"] = [(503, "Unavailable")] * 4
    runner = start(inline("print('done')"))
    store.content.wait_for_refusals_left("outcome", 3)

    runner.process.terminate()

    assert runner.finish().code == 0
    assert store.content.outcome is not None


def test_a_program_that_is_told_to_end_leaves_its_log_and_no_files(start: Start, store: LogStore) -> None:
    runner = start(inline("import time\nopen('half', 'w').write('h')\nprint('ready')\ntime.sleep(60)"))
    store.content.wait_for_log(b"ready\n")

    runner.process.terminate()

    assert runner.finish().code == 143
    assert store.content.outcome is not None
    assert "manifest" not in store.content.outcome
    assert store.content.blobs == {}
