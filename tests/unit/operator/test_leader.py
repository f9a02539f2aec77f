"""Two operators and one Lease, on clocks that tests move: never do both write."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.fake_api import FakeAPI
from builders.operators.faults import FaultyGateway
from builders.operators.rig import Rig
from hypothesis import given, settings
from hypothesis import strategies as st
from titan_operator.errors import NotLeading
from titan_operator.passes.fences import FencedGateway
from titan_operator.passes.leader import Election
from titan_operator.replicas import Replica
from titan_operator.settings import LeaderElectionSettings

from titan_kube.errors import Unavailable

TERMS = LeaderElectionSettings(lease_duration_seconds=15.0, renew_deadline_seconds=10.0, retry_period_seconds=2.0)


class Watch:
    """One machine's clocks: its time of day may be wrong, and its monotonic clock begins anywhere."""

    def __init__(self, world: VirtualClock, wrong_by: float) -> None:
        self._world = world
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        return self._world.now() + timedelta(seconds=self.wrong_by)

    def monotonic(self) -> float:
        return self._world.monotonic() + 1_000

    async def sleep(self, seconds: float) -> None:
        await self._world.sleep(seconds)


class SlowGateway(FaultyGateway):
    """Requests and answers that take their time; the answer to a write may get lost after it was done."""

    def __init__(self, api: FakeAPI, world: VirtualClock) -> None:
        super().__init__(api)
        self._world = world
        self.delay = 0.0
        self.loses_answers = False

    async def get(self, kind: str, namespace: str, name: str) -> dict[str, Any]:
        self._world.seconds += self.delay / 2
        return await super().get(kind, namespace, name)

    async def patch(
        self, kind: str, namespace: str, name: str, body: dict[str, Any], *, subresource: str = ""
    ) -> dict[str, Any]:
        self._world.seconds += self.delay / 4
        answer = await super().patch(kind, namespace, name, body, subresource=subresource)
        self._world.seconds += self.delay / 4
        if self.loses_answers:
            raise Unavailable("no answer")
        return answer


@dataclass
class Pair:
    world: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        api = FakeAPI(self.world.now)
        self.api = api
        self.gateways = [SlowGateway(api, self.world) for _ in range(2)]
        self.watches = [Watch(self.world, wrong_by) for wrong_by in (0.0, -90.0)]
        self.candidates = [
            Election(gateway, watch, TERMS, f"operator-{number}")
            for number, (gateway, watch) in enumerate(zip(self.gateways, self.watches, strict=True))
        ]

    @property
    def leaders(self) -> list[int]:
        return [number for number, candidate in enumerate(self.candidates) if candidate.may_write()]

    async def tick(self, *awake: int, seconds: float = 2.0) -> None:
        for number in awake:
            await self.candidates[number].step()
            assert len(self.leaders) <= 1, "two operators may write"
        for _ in range(4):
            self.world.seconds += seconds / 4
            assert len(self.leaders) <= 1, "two operators may write"

    async def ticks(self, number: int, *awake: int) -> None:
        for _ in range(number):
            await self.tick(*awake)


async def test_the_first_one_leads_and_the_other_one_stands_by() -> None:
    pair = Pair()
    await pair.ticks(30, 0, 1)
    assert pair.leaders == [0]


async def test_a_leader_that_was_killed_is_followed_when_its_lease_has_run_out_and_not_sooner() -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    await pair.ticks(7, 1)
    assert pair.leaders == []
    await pair.ticks(2, 1)
    assert pair.leaders == [1]


async def test_a_leader_that_leaves_gives_the_lease_back_at_once() -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    await pair.candidates[0].release()
    assert pair.leaders == []
    await pair.tick(1)
    assert pair.leaders == [1]


async def test_a_leader_that_was_frozen_wakes_without_the_right_to_write() -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    await pair.ticks(12, 1)
    assert pair.leaders == [1]
    await pair.ticks(5, 0, 1)
    assert pair.leaders == [1]


async def test_while_the_api_server_is_away_the_leader_stops_and_leads_again_when_it_is_back() -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    for gateway in pair.gateways:
        gateway.is_away = True
    await pair.ticks(3, 0, 1)
    assert pair.leaders == [0]
    await pair.ticks(4, 0, 1)
    assert pair.leaders == []
    for gateway in pair.gateways:
        gateway.is_away = False
    await pair.tick(0)
    assert pair.leaders == [0]


@pytest.mark.parametrize("seconds", [3_600.0, -3_600.0])
async def test_a_time_of_day_that_jumps_makes_no_second_leader(seconds: float) -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    for watch in pair.watches:
        watch.wrong_by += seconds
        assert len(pair.leaders) <= 1
        await pair.ticks(4, 0, 1)
    assert pair.leaders == [0]


async def test_a_lost_answer_to_a_renewal_is_no_renewal() -> None:
    pair = Pair()
    await pair.ticks(3, 0, 1)
    pair.gateways[0].loses_answers = True
    await pair.ticks(6, 0, 1)
    assert pair.leaders == []
    pair.gateways[0].loses_answers = False
    await pair.tick(0, 1)
    assert pair.leaders == [0]


MOVES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 1), max_size=2),
        st.sampled_from([0.2, 1.0, 2.0, 4.0, 9.0, 20.0]),
        st.sampled_from(["nothing", "nothing", "away", "lost", "slow", "jump", "back", "release"]),
        st.integers(0, 1),
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(MOVES)
async def test_whatever_happens_never_two_may_write(moves: list[tuple[list[int], float, str, int]]) -> None:
    pair = Pair()
    for awake, seconds, event, whose in moves:
        gateway = pair.gateways[whose]
        match event:
            case "away":
                gateway.is_away = not gateway.is_away
            case "lost":
                gateway.loses_answers = not gateway.loses_answers
            case "slow":
                gateway.delay = 4.0 - gateway.delay
            case "jump":
                pair.watches[whose].wrong_by += 60.0
            case "back":
                pair.watches[whose].wrong_by -= 60.0
            case "release":
                await pair.candidates[whose].release()
        await pair.tick(*awake, seconds=seconds)


async def test_who_does_not_lead_reads_and_writes_nothing() -> None:
    pair = Pair()
    await pair.ticks(2, 0, 1)
    standby = FencedGateway(pair.gateways[1], pair.candidates[1])
    assert (await standby.list_page("Pod", None, "")).items == []
    for write in (
        standby.create("Pod", "default", {"metadata": {"name": "p"}}),
        standby.patch("Pod", "default", "p", {}),
        standby.delete("Pod", "default", "p", {}),
    ):
        with pytest.raises(NotLeading):
            await write
    assert pair.api.all("Pod") == []


async def test_a_standby_is_warm_plans_nothing_and_looks_at_everything_when_it_takes_over() -> None:
    rig = Rig()
    replica = Replica(rig.operator, [])
    replica.stand_by()
    await rig.operator.warm_up()
    await rig.submit("d", {"a": ()})
    rig.deliver()
    assert rig.operator.cache.is_synced
    assert rig.operator.cache.size("TitanJob") == 1
    assert not await rig.run_passes()
    assert rig.operator.queue.depth == 0

    rig.feed.is_cut.add("TitanDAG")
    await rig.submit("e", {"b": ()})  # The former leader's last events have not arrived.
    await rig.operator.take_over()
    while rig.operator.queue.depth or len(rig.starts) < 2:
        await asyncio.sleep(0)
    await rig.operator.workers.close()
    assert sorted(rig.starts) == [("a", 1), ("b", 1)]
