"""Runs, suspension, limits, additions, expiry: the whole operator in a world in memory."""

import pytest
from builders.operators.rig import NAMESPACE, Rig

from titan_api import names

CHAIN: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("b",)}
GATED = {"approval": {"message": "look", "timeoutSeconds": 60}}
ONCE = {"retry": {"limit": 0, "backoffSeconds": 1}}


def phases(rig: Rig, *job_ids: str) -> list[str]:
    return [rig.job("d", job_id).get("phase", "Pending") for job_id in job_ids]


def waiting(rig: Rig, job_id: str) -> str | None:
    found = [one for one in rig.job("d", job_id).get("conditions", []) if one["type"] == names.CONDITION_WAITING]
    return found[0]["reason"] if found else None


async def pass_time(rig: Rig, seconds: float) -> None:
    """Time goes by and the operator works, while no process ends and nobody decides."""
    if not rig.operator.cache.is_synced:
        await rig.synchronise()
    end = rig.clock.seconds + seconds
    while True:
        while rig.deliver() | await rig.run_passes():
            pass
        due = rig.operator.queue.next_due()
        if due is None or due > end:
            break
        rig.clock.advance_to(due)
    rig.clock.advance_to(end)


# ---------------------------------------------------------------- runs
@pytest.mark.parametrize("is_killed", [False, True])
async def test_the_next_run_tries_again_what_failed_and_what_was_cancelled_by_it(is_killed: bool) -> None:
    rig = Rig(failures={"b": 1})
    await rig.submit("d", CHAIN, b=ONCE)
    await rig.run()
    assert (rig.dag("d")["phase"], phases(rig, *CHAIN)) == ("Failed", ["Succeeded", "Failed", "Cancelled"])

    if is_killed:
        rig.kill()
    rig.change("TitanDAG", "d", run=2)
    await rig.run()
    assert (rig.dag("d")["phase"], rig.dag("d")["run"]) == ("Succeeded", 2)
    assert rig.starts == [("a", 1), ("b", 1), ("b", 2), ("c", 1)]
    assert rig.job("d", "b")["failures"] == 0
    assert [condition["type"] for condition in rig.dag("d")["conditions"]] == ["Sealed", "Complete"]


async def test_a_run_that_is_asked_for_while_the_dag_runs_is_the_same_dag_going_on() -> None:
    rig = Rig(failures={"b": 1})
    jobs: dict[str, tuple[str, ...]] = {"b": (), "slow": (), "c": ("b", "slow")}
    await rig.submit("d", jobs, b=ONCE)
    await pass_time(rig, 0)
    rig.end(rig.processes[0])
    await pass_time(rig, 1)
    assert phases(rig, "b", "c") == ["Failed", "Cancelled"]
    rig.change("TitanDAG", "d", run=2)
    await pass_time(rig, 1)
    await rig.run()
    assert (rig.dag("d")["phase"], phases(rig, *jobs)) == ("Succeeded", ["Succeeded"] * 3)
    assert sorted(rig.starts) == [("b", 1), ("b", 2), ("c", 1), ("slow", 1)]


async def test_a_run_of_a_dag_that_was_cancelled_runs_the_rest() -> None:
    rig = Rig()
    await rig.submit("d", CHAIN)
    await pass_time(rig, 1)
    rig.change("TitanDAG", "d", cancel=True)
    await pass_time(rig, 1)
    rig.processes[0].has_ended = True
    await rig.run()
    assert (rig.dag("d")["phase"], phases(rig, *CHAIN)) == ("Cancelled", ["Cancelled"] * 3)
    rig.change("TitanDAG", "d", cancel=False, run=2)
    await rig.run()
    assert (rig.dag("d")["phase"], phases(rig, *CHAIN)) == ("Succeeded", ["Succeeded"] * 3)
    assert rig.starts == [("a", 1), ("a", 2), ("b", 1), ("c", 1)]


async def test_a_rejected_gate_gets_a_second_round_and_an_approved_one_stays() -> None:
    rig = Rig(verdicts={"a": "Approve", "b": "Reject"})
    await rig.submit("d", CHAIN, a=GATED, b=GATED)
    await rig.run()
    assert (rig.dag("d")["phase"], phases(rig, *CHAIN)) == ("Failed", ["Succeeded", "Succeeded", "Cancelled"])
    rig.verdicts = {"b": "Approve"}
    rig.change("TitanDAG", "d", run=2)
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.starts == [("a", 1), ("b", 1), ("c", 1)]
    assert (rig.gate("d", "b")["phase"], rig.gate("d", "b", 2)["phase"]) == ("Rejected", "Approved")
    assert len(rig.api.all("TitanApproval")) == 3


async def test_a_decision_of_the_first_round_counts_for_nothing_in_the_second() -> None:
    """The job failed in round 1, with an early approval; in round 2 people are asked again."""
    rig = Rig(failures={"b": 1}, verdicts={"b": "Approve"})
    await rig.submit("d", CHAIN, b=ONCE | GATED)
    await rig.run()
    assert rig.gate("d", "b")["decisions"][0]["user"] == "ann"
    assert rig.gate("d", "b").get("decidedBy", []) == []
    rig.verdicts = {}
    rig.change("TitanDAG", "d", run=2)
    await pass_time(rig, 5)
    rig.end_processes()
    await pass_time(rig, 5)
    assert (phases(rig, "b", "c"), rig.gate("d", "b", 2)["phase"]) == (["Succeeded", "Pending"], "Pending")
    assert waiting(rig, "c") == names.REASON_GATE_OPEN


async def test_a_deleted_job_stays_cancelled_in_the_next_run() -> None:
    rig = Rig(failures={"b": 1})
    await rig.submit("d", {"a": (), "b": ()}, b=ONCE)
    await rig.synchronise()
    await pass_time(rig, 1)
    rig.api.remove("TitanJob", NAMESPACE, names.job_name("d", "a"))
    rig.processes[0].has_ended = True
    await rig.run()
    assert rig.dag("d")["counts"] | {"failed": 1, "cancelled": 1} == rig.dag("d")["counts"]
    rig.change("TitanDAG", "d", run=2)
    await rig.run()
    assert (rig.dag("d")["phase"], rig.dag("d")["counts"]["cancelled"]) == ("Failed", 1)
    assert phases(rig, "b") == ["Succeeded"]


# ---------------------------------------------------------------- suspension and limits
async def test_a_suspended_dag_starts_nothing_more_and_goes_on_when_it_is_resumed() -> None:
    rig = Rig()
    await rig.submit("d", CHAIN)
    await pass_time(rig, 0)
    rig.change("TitanDAG", "d", suspend=True)
    await pass_time(rig, 0)
    rig.end_processes()
    await pass_time(rig, 30)
    assert (phases(rig, "a", "b"), waiting(rig, "b")) == (["Succeeded", "Pending"], names.REASON_SUSPENDED)
    assert rig.starts == [("a", 1)]
    rig.change("TitanDAG", "d", suspend=False)
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert waiting(rig, "b") is None


@pytest.mark.parametrize("limit", [1, 3])
async def test_never_more_pods_at_once_than_the_limit_and_higher_priority_first(limit: int) -> None:
    rig = Rig(failures={"j3": 1})
    jobs: dict[str, tuple[str, ...]] = {f"j{number}": () for number in range(8)}
    priorities = {job_id: {"priority": 9 if job_id == "j6" else 1} for job_id in jobs}
    await rig.submit("d", jobs, {"maxParallel": limit}, **priorities)
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.most_at_once == limit
    assert rig.starts[0] == ("j6", 1)


async def test_a_job_that_waits_for_its_turn_says_so_and_leaves_the_line_when_it_is_suspended() -> None:
    rig = Rig()
    await rig.submit("d", {"a": (), "b": (), "c": ()}, {"maxParallel": 1})
    await pass_time(rig, 5)
    assert [waiting(rig, job_id) for job_id in "abc"] == [None, "ParallelLimit", "ParallelLimit"]
    rig.change("TitanJob", names.job_name("d", "b"), suspend=True)
    await pass_time(rig, 5)
    rig.end_processes()
    await pass_time(rig, 5)
    assert rig.starts == [("a", 1), ("c", 1)]
    assert waiting(rig, "b") == names.REASON_SUSPENDED


async def test_the_limit_holds_over_a_restart_of_the_operator() -> None:
    rig = Rig()
    await rig.submit("d", {f"j{number}": () for number in range(5)}, {"maxParallel": 2})
    await pass_time(rig, 2)
    rig.kill()
    await rig.synchronise()
    await pass_time(rig, 2)
    await rig.run()
    assert (rig.dag("d")["phase"], rig.most_at_once) == ("Succeeded", 2)


async def test_a_pod_that_cannot_be_created_keeps_nobody_else_waiting() -> None:
    rig = Rig()
    await rig.submit("d", {"a": (), "b": ()}, {"maxParallel": 1})
    rig.api.refused_pods.add("d-a-1")
    await pass_time(rig, 30)
    assert rig.starts == [("b", 1)]
    rig.api.refused_pods.clear()
    await rig.run()
    assert (rig.dag("d")["phase"], rig.most_at_once) == ("Succeeded", 1)


async def test_a_pod_that_the_api_server_refuses_is_told_in_its_words_and_made_as_soon_as_it_lets_it() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    rig.api.refused_pods.add("d-a-1")
    await pass_time(rig, 30)
    (waiting,) = rig.job("d", "a")["conditions"]
    assert (waiting["type"], waiting["reason"], waiting["message"]) == ("Waiting", "Refused", "exceeded quota")
    assert sum("TitanJob" in write for write in rig.api.writes) <= 2, "the same words are written once"
    rig.api.refused_pods.clear()
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert [one["type"] for one in rig.job("d", "a")["conditions"]] == ["Complete"]


# ---------------------------------------------------------------- cancel
async def test_cancelling_a_job_cancels_what_stands_behind_it_and_nothing_else() -> None:
    rig = Rig()
    await rig.submit("d", CHAIN | {"other": ()})
    await pass_time(rig, 1)
    rig.change("TitanJob", names.job_name("d", "a"), cancel=True)
    await pass_time(rig, 1)
    rig.processes[0].has_ended = True
    await rig.run()
    assert phases(rig, *CHAIN, "other") == ["Cancelled"] * 3 + ["Succeeded"]
    assert rig.dag("d")["phase"] == "Failed"


@pytest.mark.parametrize("what", ["TitanDAG", "TitanJob"])
async def test_an_open_gate_of_what_is_cancelled_is_closed(what: str) -> None:
    rig = Rig()
    await rig.submit("d", CHAIN, a=GATED)
    await pass_time(rig, 1)
    rig.end_processes()
    await pass_time(rig, 1)
    assert rig.gate("d", "a")["phase"] == "Pending"
    rig.change(what, "d" if what == "TitanDAG" else names.job_name("d", "a"), cancel=True)
    await rig.run()
    gate = rig.gate("d", "a")
    assert (gate["phase"], gate["decidedBy"], gate["conditions"][-1]["reason"]) == ("Rejected", [], "Cancelled")
    assert rig.dag("d")["phase"] == ("Cancelled" if what == "TitanDAG" else "Failed")
    assert phases(rig, *CHAIN) == ["Succeeded", "Cancelled", "Cancelled"]
    assert rig.dag("d")["waitingApprovals"] == 0


# ---------------------------------------------------------------- additions and expiry
async def test_jobs_that_are_added_to_a_running_dag_run_and_those_of_an_ended_one_are_refused() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    await pass_time(rig, 1)
    rig.change("TitanDAG", "d", jobCount=2)
    await rig.add("d", {"b": ("a",)})
    await rig.run()
    assert (rig.dag("d")["phase"], rig.dag("d")["progress"]) == ("Succeeded", "2/2")
    rig.clock.advance_to(rig.clock.seconds + 10)
    await rig.add("d", {"late": ()})
    await rig.run()
    assert rig.job("d", "late")["phase"] == "Cancelled"
    assert "had ended before the job was added" in rig.job("d", "late")["conditions"][-1]["message"]
    assert rig.dag("d")["phase"] == "Succeeded"


async def test_a_missing_parent_is_waited_for_five_minutes() -> None:
    rig = Rig()
    await rig.api.create("TitanDAG", NAMESPACE, {"metadata": {"name": "d"}, "spec": {"name": "d"}})
    await rig.add("d", {"b": ("a",)})
    await pass_time(rig, 290)
    await rig.add("d", {"a": ()})
    await rig.run()
    assert (rig.dag("d")["phase"], rig.starts) == ("Succeeded", [("a", 1), ("b", 1)])


@pytest.mark.parametrize("ttl", [0, 600])
async def test_an_ended_dag_is_deleted_when_its_time_is_over_and_takes_everything_along(ttl: int) -> None:
    rig = Rig()
    await rig.submit("d", CHAIN, {"ttlSecondsAfterFinished": ttl})
    await pass_time(rig, 0)
    for _ in CHAIN:
        rig.end_processes()
        await pass_time(rig, 0)
    if ttl:
        await pass_time(rig, ttl - 1)
        assert len(rig.api.all("TitanDAG")) == 1
        await pass_time(rig, 1)
    assert [kind for kind, _, _ in rig.api.objects if kind in ("TitanDAG", "TitanJob", "Pod")] == []
    await pass_time(rig, 1)
    assert rig.operator.cache.indexes.is_empty


async def test_a_quorum_is_reached_by_distinct_people_also_before_the_gate_opens() -> None:
    rig = Rig()
    await rig.submit("d", CHAIN, a={"approval": {"message": "look", "timeoutSeconds": 60, "requiredApprovals": 2}})
    await pass_time(rig, 1)
    name = names.approval_name(names.job_name("d", "a"), 1)
    rig.change("TitanApproval", name, decisions=[{"user": "ann", "verdict": "Approve"}])
    rig.end_processes()
    await pass_time(rig, 1)
    assert (rig.gate("d", "a")["phase"], phases(rig, "b")) == ("Pending", ["Pending"])
    both = [{"user": user, "verdict": "Approve"} for user in ("ann", "bob")]
    rig.change("TitanApproval", name, decisions=both)
    await rig.run()
    assert (rig.gate("d", "a")["decidedBy"], rig.dag("d")["phase"]) == (["ann", "bob"], "Succeeded")
