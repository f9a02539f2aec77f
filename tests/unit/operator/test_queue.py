"""The queue as a value: the time is an argument, so nothing here waits."""

from titan_operator.passes.queue import LONGEST_BACKOFF_SECONDS, Queue
from titan_operator.records import Key

A, B = Key("TitanJob", "default", "a"), Key("TitanJob", "default", "b")


def a_queue() -> Queue:
    return Queue(jitter=lambda: 1.0)


def test_a_key_that_is_woken_often_gets_one_pass() -> None:
    queue = a_queue()
    for _ in range(3):
        queue.add(A, 0)
    assert queue.depth == 1
    assert queue.take(0) == A
    assert queue.take(0) is None


def test_first_in_first_out() -> None:
    queue = a_queue()
    queue.add(B, 0)
    queue.add(A, 0)
    assert [queue.take(0), queue.take(0)] == [B, A]


def test_a_key_never_has_two_passes_at_once_and_is_looked_at_again_if_it_was_woken_meanwhile() -> None:
    queue = a_queue()
    queue.add(A, 0)
    queue.take(0)
    queue.add(A, 0)
    assert queue.take(0) is None
    queue.done(A, 1)
    assert queue.take(1) == A


def test_a_requeued_key_comes_back_when_its_time_has_come_and_not_before() -> None:
    queue = a_queue()
    queue.add(A, 0)
    queue.take(0)
    queue.done(A, 0, requeue_after=5)
    assert queue.take(4.9) is None
    assert queue.next_due() == 5
    assert queue.take(5) == A


def test_the_newest_pass_alone_decides_when_the_next_is_due() -> None:
    queue = a_queue()
    for requeue_after in (5, None):
        queue.add(A, 0)
        queue.take(0)
        queue.done(A, 0, requeue_after)
    assert queue.next_due() is None
    assert queue.take(10) is None


def test_the_back_off_doubles_up_to_a_limit_and_ends_with_a_success() -> None:
    queue = a_queue()
    queue.add(A, 0)
    now, delays = 0.0, []
    for _ in range(12):
        assert queue.take(now) == A
        delays.append(queue.failed(A, now))
        now += delays[-1]
    assert delays[:4] == [0.1, 0.2, 0.4, 0.8]
    assert delays[-1] == LONGEST_BACKOFF_SECONDS
    queue.take(now)
    queue.done(A, now)
    queue.add(A, now)
    queue.take(now)
    assert queue.failed(A, now) == 0.1


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    queue = a_queue()
    queue.add(A, 0)
    queue.take(0)
    assert queue.failed(A, 0, retry_after=7) == 7
    assert queue.take(6.9) is None


def test_events_do_not_shorten_a_back_off() -> None:
    queue = a_queue()
    queue.add(A, 0)
    queue.take(0)
    queue.add(A, 0)
    queue.failed(A, 0)
    queue.add(A, 0.05)
    assert queue.take(0.05) is None
    assert queue.take(0.1) == A


def test_jitter_spreads_keys_that_failed_together() -> None:
    delays = set()
    for factor in (0.5, 1.5):
        queue = Queue(jitter=lambda factor=factor: factor)
        queue.add(A, 0)
        queue.take(0)
        delays.add(queue.failed(A, 0))
    assert len(delays) == 2


def test_the_age_of_the_oldest_waiting_key_is_known() -> None:
    queue = a_queue()
    assert queue.oldest_age(5) == 0
    queue.add(A, 1)
    queue.add(B, 3)
    assert queue.oldest_age(5) == 4


def test_keys_that_are_woken_together_are_taken_in_that_order_even_if_some_waited_before() -> None:
    queue = Queue()
    queue.add(B, 0.0)
    queue.add_in_order((A, B), 1.0)
    assert [queue.take(1.0), queue.take(1.0)] == [A, B]
