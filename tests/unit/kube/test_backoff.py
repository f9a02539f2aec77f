"""Pauses that grow."""

import itertools

from titan_kube.backoff import Backoff


def test_each_pause_is_longer_than_the_one_before_until_the_longest() -> None:
    backoff = Backoff(1.0, 16.0)
    pauses = [backoff.next() for _ in range(8)]
    assert all(first < second for first, second in itertools.pairwise(pauses[:5]))
    assert all(12.0 <= pause <= 20.0 for pause in pauses[4:])


def test_after_an_answer_the_first_pause_comes_again() -> None:
    backoff = Backoff(1.0, 16.0)
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert backoff.next() <= 1.25


def test_clients_do_not_return_together() -> None:
    assert len({Backoff(1.0, 16.0).next() for _ in range(20)}) > 1
