"""Following the store's outcomes: nothing is lost over broken connections, forgetful stores and restarts."""

from dataclasses import replace

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.fake_store import FakeStore
from builders.operators.raw import raw_job, raw_pod, stored
from builders.operators.records import a_failure, a_success
from titan_operator.errors import StoreAway
from titan_operator.metrics import Metrics
from titan_operator.records import Key
from titan_operator.state.cache import Cache
from titan_operator.watching.following import Follower
from titan_operator.watching.informer import Informer
from titan_operator.watching.outcomes import SequenceExpired

JOB = stored(raw_job("d", "a"), uid="u-a", version=1)


class Setting:
    """A follower of a fake store, and a cache with one job whose pod runs."""

    def __init__(self) -> None:
        clock = VirtualClock()
        self.cache = Cache(clock.now)
        self.cache.apply("TitanJob", JOB)
        self.cache.apply("Pod", stored(raw_pod(JOB, 1, phase="Running"), uid="p", version=2))
        self.woken: list[Key] = []
        self.store = FakeStore()
        informer = Informer(self.cache, self.woken.extend, clock)
        self.follower = Follower(self.store, self.cache, informer, clock, Metrics())

    async def connect(self) -> None:
        with pytest.raises(StoreAway):
            await self.follower.follow_once()

    @property
    def known(self) -> list[int]:
        return sorted(self.cache.expectations.trace("u-a").outcomes)


async def test_an_outcome_wakes_its_job_at_once() -> None:
    setting = Setting()
    await setting.connect()
    setting.store.record("u-a", a_success(1))
    await setting.connect()
    assert setting.known == [1]
    assert [key.name for key in setting.woken] == ["d-a"]


async def test_the_sequence_is_resumed_after_a_broken_connection() -> None:
    setting = Setting()
    await setting.connect()
    asked = len(setting.store.asked)
    setting.store.record("u-a", a_failure(1))
    setting.store.record("u-a", a_success(2))
    await setting.connect()
    assert setting.known == [1, 2]
    assert len(setting.store.asked) == asked


async def test_an_outcome_is_news_only_once() -> None:
    setting = Setting()
    setting.store.record("u-a", a_success(1))
    await setting.connect()
    setting.store.record("u-a", a_success(1))
    await setting.connect()
    assert len(setting.woken) == 1


async def test_what_was_recorded_before_the_first_connection_is_looked_up() -> None:
    setting = Setting()
    setting.store.record("u-a", a_success(1))
    await setting.connect()
    assert setting.store.asked == [("u-a", 1)]
    assert setting.known == [1]


async def test_a_store_that_has_forgotten_the_sequence_is_asked_for_every_open_attempt() -> None:
    setting = Setting()
    await setting.connect()
    setting.store.record("u-a", a_success(1))
    setting.store.record("u-x", a_success(1))
    setting.store.oldest = 2
    with pytest.raises(SequenceExpired):
        await setting.follower.follow_once()
    setting.follower.start_over()
    await setting.connect()
    assert setting.known == [1]


async def test_another_store_is_asked_for_every_open_attempt() -> None:
    setting = Setting()
    await setting.connect()
    setting.store.store_id = "two"
    setting.store.record("u-a", a_success(1))
    with pytest.raises(SequenceExpired):
        await setting.follower.follow_once()
    setting.follower.start_over()
    await setting.connect()
    assert setting.known == [1]


async def test_look_ups_that_failed_are_made_again_after_the_next_connection() -> None:
    setting = Setting()
    setting.store.record("u-a", a_success(1))
    look_up, setting.store.look_up = setting.store.look_up, setting.store.follow_away
    await setting.connect()
    assert setting.known == []
    setting.store.look_up = look_up
    await setting.connect()
    assert setting.known == [1]


async def test_outcomes_of_unknown_and_ended_jobs_are_not_kept() -> None:
    setting = Setting()
    await setting.connect()
    setting.store.record("u-nobody", a_success(1))
    setting.cache.apply("TitanJob", stored(raw_job("d", "a"), uid="u-a", version=5, phase="Cancelled"))
    setting.store.record("u-a", a_success(1))
    await setting.connect()
    assert setting.woken == []
    assert len(setting.cache.expectations) == 0


async def test_an_ended_job_is_woken_by_what_no_pod_can_say() -> None:
    setting = Setting()
    await setting.connect()
    setting.cache.apply("TitanJob", stored(raw_job("d", "a"), uid="u-a", version=5, phase="Succeeded"))
    setting.store.record("u-a", replace(a_success(1), conflicts=("both.txt",)))
    await setting.connect()
    assert [key.name for key in setting.woken] == ["d-a"]
