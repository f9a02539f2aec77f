"""What the operator makes of watches that have gaps, run at different speeds, or are shared by two operators."""

from builders.operators.faults import Fault, FaultyGateway
from builders.operators.rig import NAMESPACE, Rig
from titan_operator.application import build_operator
from titan_operator.metrics import Metrics
from titan_operator.settings import Settings

from titan_api import names


def pod_of(job_id: str, attempt: int = 1) -> str:
    return names.pod_name(names.job_name("d", job_id), attempt)


async def started(rig: Rig, jobs: dict[str, tuple[str, ...]]) -> None:
    """Submit, and let the first pods start."""
    await rig.submit("d", jobs)
    await rig.synchronise()
    while rig.deliver() | await rig.run_passes():
        pass


async def pass_time(rig: Rig, seconds: float) -> None:
    rig.clock.advance_to(rig.clock.seconds + seconds)
    while rig.deliver() | await rig.run_passes():
        pass


def condition(status: dict[str, object], kind: str) -> dict[str, str] | None:
    conditions = status.get("conditions", [])
    assert isinstance(conditions, list)
    return next((found for found in conditions if found["type"] == kind and found["status"] == "True"), None)


async def test_a_pod_that_vanishes_in_the_gap_of_a_watch_is_noticed_by_the_list_after_it() -> None:
    rig = Rig(streams_outcomes=False, pods_vanish=True)
    await started(rig, {"a": ()})
    rig.feed.is_cut.add("Pod")
    rig.end_processes()
    await pass_time(rig, 60)
    assert rig.job("d", "a").get("phase", "Pending") != "Succeeded"

    rig.feed.is_cut.clear()
    await rig.operator.resync.list_kind("Pod")
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.starts == [("a", 1)]


async def test_a_pod_that_was_killed_in_the_gap_is_lost_and_its_job_is_tried_again() -> None:
    rig = Rig(streams_outcomes=False)
    await started(rig, {"a": ()})
    rig.feed.is_cut.add("Pod")
    rig.processes[0].has_ended = True
    rig.api.remove("Pod", NAMESPACE, pod_of("a"))
    rig.feed.is_cut.clear()
    await rig.operator.resync.list_kind("Pod")
    await rig.run()
    status = rig.job("d", "a")
    assert status["phase"] == "Succeeded"
    assert [(attempt["number"], attempt["reason"]) for attempt in status["attempts"]] == [
        (1, names.REASON_LOST),
        (2, names.REASON_COMPLETED),
    ]
    assert status["infrastructureFailures"] == 1
    assert status["failures"] == 0


async def test_a_list_never_removes_what_is_newer_than_itself() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    await rig.synchronise()
    page = await rig.api.list_page("Pod", None, "")
    while rig.deliver() | await rig.run_passes():
        pass
    rig.operator.informer.remove_absent("Pod", None, set(), int(page.version))
    await pass_time(rig, 1)
    assert rig.starts == [("a", 1)]


async def test_an_operator_whose_pod_watch_runs_ahead_reads_the_job_before_it_starts_anything() -> None:
    rig = Rig(failures={"a": 1})
    second = build_operator(Settings(), FaultyGateway(rig.api), rig.store, rig.clock, Metrics())
    feed = rig.api.feed()
    await second.resync.first_round()
    second.informer.finish_sync()
    await started(rig, {"a": ()})
    await rig.run()
    assert rig.starts == [("a", 1), ("a", 2)]

    for kind in ("TitanDAG", "TitanJob", "Pod"):
        events = feed.take(kind)
        # Of the job only its creation has arrived, of its pods everything.
        for _, raw, deleted in events[:1] if kind == "TitanJob" else events:
            second.informer.event(kind, raw, deleted=deleted)
    rig.operator = second
    await rig.run_passes()
    await rig.run()
    assert rig.starts == [("a", 1), ("a", 2)]
    assert rig.dag("d")["phase"] == "Succeeded"


async def test_two_operators_at_once_start_each_attempt_once() -> None:
    rig = Rig(failures={"b": 1})
    jobs: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
    first, first_feed = rig.operator, rig.feed
    second = build_operator(Settings(), FaultyGateway(rig.api), rig.store, rig.clock, Metrics())
    second_feed = rig.api.feed()
    await rig.submit("d", jobs)
    for operator in (first, second):
        await operator.resync.first_round()
        operator.informer.finish_sync()
    for _ in range(200):
        is_busy = False
        for operator, feed in ((first, first_feed), (second, second_feed)):
            rig.operator, rig.feed = operator, feed
            is_busy |= rig.deliver("Pod") | await rig.run_passes()
            is_busy |= rig.deliver() | await rig.run_passes()
        is_busy |= rig.end_processes()
        if not is_busy:
            rig.clock.advance_to(rig.clock.seconds + 0.5)
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.second_processes() == []


async def test_while_the_store_is_away_a_vanished_pod_leaves_its_job_as_it_is() -> None:
    rig = Rig(pods_vanish=True)
    await started(rig, {"a": (), "b": (), "c": ("a",)})
    rig.store.is_away = True
    rig.end_processes()
    await pass_time(rig, 1)
    status = rig.job("d", "a")
    unknown = condition(status, names.CONDITION_OUTCOME_UNKNOWN)
    assert unknown is not None
    assert unknown["reason"] == names.REASON_STORE_UNREACHABLE
    assert status["phase"] == "Pending"
    await pass_time(rig, 60)
    assert len(rig.starts) == 2

    rig.store.is_away = False
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert condition(rig.job("d", "a"), names.CONDITION_OUTCOME_UNKNOWN) is None
    assert rig.second_processes() == []


async def test_while_the_store_is_away_jobs_whose_pods_report_success_go_on() -> None:
    rig = Rig()
    await rig.synchronise()
    rig.store.is_away = True
    await rig.submit("d", {"a": (), "b": ("a",)})
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"


async def test_a_restarted_operator_asks_the_store_before_it_starts_what_it_inherited() -> None:
    rig = Rig(pods_vanish=True, streams_outcomes=False)
    await started(rig, {"a": ()})
    rig.kill()
    rig.end_processes()
    await rig.run()
    assert rig.starts == [("a", 1)]
    assert rig.job("d", "a")["phase"] == "Succeeded"


async def test_an_outage_of_the_api_server_is_waited_out() -> None:
    rig = Rig()
    await started(rig, {"a": (), "b": ("a",)})
    rig.gateway.is_away = True
    rig.end_processes()
    for _ in range(20):
        await pass_time(rig, 3)
    assert rig.starts == [("a", 1)]
    rig.gateway.is_away = False
    await rig.run()
    assert rig.dag("d")["phase"] == "Succeeded"
    assert rig.starts == [("a", 1), ("b", 1)]


async def test_a_lost_answer_to_a_creation_is_not_taken_for_a_new_attempt() -> None:
    rig = Rig(pods_vanish=True)
    await rig.submit("d", {"a": ()})
    rig.gateway = FaultyGateway(rig.api, at=5, fault=Fault.TIMEOUT_COMMITTED)
    rig.api.feeds.remove(rig.feed)
    rig.start_operator()
    await rig.synchronise()
    # The pod is created, runs, records its success and is deleted before the operator looks again.
    await rig.run_passes()
    assert rig.starts == [("a", 1)]
    rig.feed.take("Pod")
    rig.feed.is_cut.add("Pod")
    rig.streams_outcomes = False
    rig.end_processes()
    await rig.run()
    assert rig.starts == [("a", 1)]
    assert rig.job("d", "a")["phase"] == "Succeeded"
