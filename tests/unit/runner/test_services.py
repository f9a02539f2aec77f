"""A service is started again and again: one log, no outcome, and nobody waits for a store that is away."""

import signal
from collections.abc import Callable

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess, inline

Start = Callable[..., RunnerProcess]

WAITS_FOR_SIGNAL = """
import signal, sys
def end(*_):
    print("closed")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("listens")
while True:
    signal.pause()
"""


def test_the_log_goes_on_where_the_former_run_left_it(start: Start, store: LogStore) -> None:
    codes = [
        start(inline(f"print({number}); raise SystemExit({number})"), service=True).finish().code for number in (3, 4)
    ]
    assert codes == [3, 4]
    assert bytes(store.content.log) == b"3\n4\n"
    assert store.content.outcome is None


def test_an_answer_that_was_lost_doubles_nothing(start: Start, store: LogStore) -> None:
    store.content.log += b"before\n"
    store.content.lost_answers = {"log": 1, "logs": 1}
    assert start(inline("print('after')"), service=True).finish().code == 0
    assert bytes(store.content.log) == b"before\nafter\n"


def test_a_program_that_was_told_to_end_ends_in_order_and_its_last_words_are_kept(
    start: Start, store: LogStore
) -> None:
    runner = start(inline(WAITS_FOR_SIGNAL), service=True)
    store.content.wait_for_log(b"listens\n")
    runner.process.send_signal(signal.SIGTERM)
    assert runner.finish().code == 0
    assert bytes(store.content.log) == b"listens\nclosed\n"
    assert store.content.outcome is None


def test_a_store_that_is_away_keeps_no_service_from_running_and_none_from_ending(start: Start, store: LogStore) -> None:
    store.close()
    ending = start(inline("print('served'); raise SystemExit(5)"), service=True).finish()
    assert (ending.code, ending.words["reason"]) == (5, "Error")
    assert ending.stdout.startswith(b"served\n")


def test_what_is_printed_during_an_outage_arrives_behind_the_former_log(start: Start, store: LogStore) -> None:
    store.content.log += b"before\n"
    store.close()
    runner = start(inline(WAITS_FOR_SIGNAL), service=True)
    assert runner.is_still_running_after(0.5)
    store.open()
    store.content.wait_for_log(b"before\nlistens\n")
    runner.process.send_signal(signal.SIGTERM)
    assert runner.finish().code == 0


@pytest.mark.parametrize(("source", "code"), [({"container": {}}, 126), (inline("", "no/../way.py"), 126)])
def test_a_source_that_can_never_run_says_so_in_the_services_log(
    start: Start, store: LogStore, source: dict[str, object], code: int
) -> None:
    assert start(source, service=True).finish().code == code
    assert store.content.log.startswith(b"titan: ")
    assert store.content.outcome is None
