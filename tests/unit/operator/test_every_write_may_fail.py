"""The executor's promise: whatever happens to any one of its writes, each attempt runs once and the DAG succeeds."""

import pytest
from builders.operators.faults import Fault, FaultyGateway
from builders.operators.rig import Rig

JOBS: dict[str, tuple[str, ...]] = {
    "a": (),
    "b": ("a",),
    "c": ("a",),
    "d": ("a",),
    "e": ("b", "c"),
    "f": ("d",),
    "g": ("e", "f"),
    "h": ("g",),
}
MOST_WRITES = 80


def a_rig(**fields: bool) -> Rig:
    """Eight jobs; c fails once, e has a gate."""
    return Rig(failures={"c": 1}, verdicts={"e": "Approve"}, **fields)


async def run_with_fault(rig: Rig, at: int | None, fault: Fault | None) -> bool:
    """Whether the DAG needed so many writes that the fault was met."""
    await rig.submit("d", JOBS, e={"approval": {"message": "look", "timeoutSeconds": 60}})
    rig.gateway = first = FaultyGateway(rig.api, at, fault)
    rig.api.feeds.remove(rig.feed)
    rig.start_operator()
    await rig.run()
    return at is not None and first.count > at


def check(rig: Rig, what: str) -> None:
    assert rig.dag("d")["phase"] == "Succeeded", what
    assert rig.second_processes() == [], what
    for job_id in JOBS:
        status = rig.job("d", job_id)
        started = [attempt for owner, attempt in rig.starts if owner == job_id]
        assert status["phase"] == "Succeeded", what
        assert started == list(range(1, status["attempt"] + 1)), what
        assert status["attempt"] == (2 if job_id == "c" else 1), what


@pytest.mark.parametrize("pods_vanish", [False, True])
@pytest.mark.parametrize("streams_outcomes", [True, False])
async def test_without_faults_the_dag_succeeds(streams_outcomes: bool, pods_vanish: bool) -> None:
    rig = a_rig(streams_outcomes=streams_outcomes, pods_vanish=pods_vanish)
    await run_with_fault(rig, None, None)
    check(rig, "no fault")


@pytest.mark.parametrize("pods_vanish", [False, True], ids=["pods stay", "pods vanish"])
@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.value)
async def test_a_fault_at_any_write_starts_nothing_twice(fault: Fault, pods_vanish: bool) -> None:
    for at in range(MOST_WRITES):
        rig = a_rig(pods_vanish=pods_vanish)
        was_met = await run_with_fault(rig, at, fault)
        check(rig, f"{fault.value} at write {at}")
        if not was_met:
            return
    raise AssertionError("the DAG needs more writes than were tried")
