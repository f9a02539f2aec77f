"""Gates under fire: approve against reject, operators that die between decision and release, deadlines over restarts."""

import random

import pytest
from builders.operators.faults import Fault, FaultyGateway
from builders.operators.rig import Rig

from titan_api import names

GATED = {"approval": {"message": "look", "timeoutSeconds": 60}}
JOBS: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",)}
GATE = names.approval_name(names.job_name("d", "a"), 1)


async def turn(rig: Rig) -> None:
    while rig.deliver() | await rig.run_passes():
        pass


async def opened() -> Rig:
    rig = Rig()
    await rig.submit("d", JOBS, a=GATED)
    await rig.synchronise()
    await turn(rig)
    rig.end_processes()
    await turn(rig)
    assert rig.gate("d", "a")["phase"] == "Pending"
    return rig


def check(rig: Rig, verdict: str) -> None:
    assert rig.gate("d", "a")["phase"] == verdict
    assert (("b", 1) in rig.starts) == (verdict == "Approved")
    assert rig.job("d", "b")["phase"] == ("Succeeded" if verdict == "Approved" else "Cancelled")
    assert rig.second_processes() == []


@pytest.mark.parametrize("seed", range(100))
async def test_of_approve_and_reject_the_first_in_the_list_decides_and_for_good(seed: int) -> None:
    chance = random.Random(seed)
    rig = await opened()
    voices = [{"user": "ann", "verdict": "Approve"}, {"user": "bob", "verdict": "Reject"}]
    chance.shuffle(voices)
    for number in (1, 2):
        rig.change("TitanApproval", GATE, decisions=voices[:number])
        if chance.random() < 0.5:
            rig.deliver(*chance.sample(["TitanApproval", "TitanJob", "TitanDAG", "Pod"], 2))
            await rig.run_passes()
        if chance.random() < 0.3:
            rig.kill()
            await rig.synchronise()
    await rig.run()
    check(rig, "Approved" if voices[0]["verdict"] == "Approve" else "Rejected")


@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE_SENDING, Fault.CRASH_AFTER_COMMIT])
@pytest.mark.parametrize("at", range(10))
async def test_an_operator_that_dies_between_decision_and_release_loses_and_doubles_nothing(
    at: int, fault: Fault
) -> None:
    rig = await opened()
    verdict = "Approve" if at % 2 == 0 else "Reject"
    rig.change("TitanApproval", GATE, decisions=[{"user": "ann", "verdict": verdict}])
    rig.gateway = FaultyGateway(rig.api, at // 2, fault)
    rig.api.feeds.remove(rig.feed)
    rig.start_operator()
    await rig.run()
    check(rig, "Approved" if verdict == "Approve" else "Rejected")


@pytest.mark.parametrize("seed", range(10))
async def test_a_deadline_passes_once_whether_or_not_an_operator_is_there(seed: int) -> None:
    chance = random.Random(seed)
    rig = await opened()
    rig.clock.advance_to(rig.clock.seconds + chance.uniform(1, 59))
    rig.kill()
    rig.clock.advance_to(rig.clock.seconds + chance.uniform(0, 120))
    is_in_time = seed % 2 == 0
    if is_in_time:
        rig.change("TitanApproval", GATE, decisions=[{"user": "ann", "verdict": "Approve"}])
    await rig.run()
    check(rig, "Approved" if is_in_time else "TimedOut")
    rig.change("TitanApproval", GATE, decisions=[{"user": "ann", "verdict": "Approve"}])
    rig.kill()
    await rig.run()
    check(rig, "Approved" if is_in_time else "TimedOut")
