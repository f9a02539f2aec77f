"""Trying again: only what is safe, only for seconds."""

import pytest
from builders.sdk.sdk_edge import FakeClock

from titan_sdk.errors import TitanNotConfigured, TitanNotFound, TitanUnavailable
from titan_sdk.transport.retrying import NO_PATIENCE, Patience, insist


def failing(times, error):
    tries = []

    def attempt():
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return attempt


def test_an_outage_of_a_moment_goes_unnoticed():
    assert insist(failing(3, TitanUnavailable("away", maybe_done=True)), FakeClock(), idempotent=True) == 4


def test_what_may_have_been_done_is_not_done_again_unless_that_is_harmless():
    with pytest.raises(TitanUnavailable):
        insist(failing(1, TitanUnavailable("away", maybe_done=True)), FakeClock(), idempotent=False)
    assert insist(failing(1, TitanUnavailable("away")), FakeClock(), idempotent=False) == 2


def test_patience_ends():
    clock = FakeClock()
    with pytest.raises(TitanUnavailable):
        insist(failing(10**6, TitanUnavailable("away")), clock, idempotent=True, patience=Patience(seconds=3))
    assert clock.now() <= 1003


def test_a_server_that_asks_for_time_gets_it():
    clock = FakeClock()
    insist(failing(1, TitanUnavailable("busy", retry_after=2.0)), clock, idempotent=True)
    assert clock.now() >= 1002


@pytest.mark.parametrize("error", [TitanNotConfigured("no address"), TitanNotFound("no key")])
def test_what_no_repetition_can_change_is_not_repeated(error):
    clock = FakeClock()
    with pytest.raises(type(error)):
        insist(failing(1, error), clock, idempotent=True)
    assert clock.sleeps == 0


def test_without_patience_there_is_one_try():
    clock = FakeClock()
    with pytest.raises(TitanUnavailable):
        insist(failing(1, TitanUnavailable("away")), clock, idempotent=True, patience=NO_PATIENCE)
    assert clock.sleeps == 0
