"""plan_job as tables: what is seen on the left, what shall happen on the right."""

from dataclasses import replace

import pytest
from builders.operators.records import (
    NOW,
    a_dag,
    a_failure,
    a_job,
    a_pod,
    a_success,
    after,
    an_approval,
    an_attempt,
    deleting,
    ended_with,
    seeing,
)
from titan_operator.plan.decisions import AdoptJob, CreateApproval, CreatePod, delete_pod
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import Culprit, Lookup, ObservedJob, ParentsView
from titan_operator.records import ApprovalStatus, JobStatus, ParentOutcome

from titan_api import names

GATED = {"approval": {"message": "look"}}
CONTAINER = {"source": {"container": {"image": "busybox", "command": ["true"]}}}
RUNNING = JobStatus(phase="Running", attempt=1, attempts=(an_attempt(1),))
FAILED_ONCE = JobStatus(attempt=1, failures=1, attempts=(an_attempt(1, ended=NOW, exit_code=3),))


@pytest.mark.parametrize(
    ("situation", "seen"),
    [
        ("its DAG is not sealed", seeing(a_job(), dag=a_dag(jobs=2, sealed=False))),
        ("a parent has not succeeded", seeing(a_job(parents=("p",)), parents=ParentsView(unmet=1))),
        ("it is suspended", seeing(a_job(suspend=True))),
        ("its DAG is suspended", seeing(a_job(), dag=a_dag(suspend=True))),
        ("its delay has not passed", seeing(a_job(spec={"delayMilliseconds": 1000}), now=after(0.9))),
        ("it backs off after a failure", seeing(a_job(status=FAILED_ONCE), now=after(0.5))),
        ("a pod of it runs", seeing(a_job(status=RUNNING), pods=(a_pod(a_job()),))),
        (
            "it belongs to a former DAG of the same name",
            seeing(a_job(), dag=a_dag(meta=replace(a_dag().meta, uid="x"))),
        ),
        ("its TitanDAG has not arrived", seeing(a_job(), dag=None)),
        ("a parent has not arrived", seeing(a_job(), parents=ParentsView(unmet=1, missing=("p",)))),
    ],
)
def test_a_job_is_not_started_while(situation: str, seen: ObservedJob) -> None:
    assert plan_job(seen).actions == (), situation


@pytest.mark.parametrize(
    ("situation", "seen", "attempt"),
    [
        ("nothing is in its way", seeing(a_job()), 1),
        ("it stands alone", seeing(a_job(dag=None)), 1),
        ("its delay has passed", seeing(a_job(spec={"delayMilliseconds": 1000}), now=after(1)), 1),
        ("its back-off has passed", seeing(a_job(status=FAILED_ONCE), now=after(1)), 2),
        ("a former operator left no trace of it", seeing(a_job(), inherited=True, outcomes={1: Lookup.ABSENT}), 1),
    ],
)
def test_a_pod_is_created_when(situation: str, seen: ObservedJob, attempt: int) -> None:
    (action,) = plan_job(seen).actions
    assert isinstance(action, CreatePod), situation
    assert action.attempt == attempt
    assert action.manifest["metadata"]["name"].endswith(f"-{attempt}")


def test_the_back_off_doubles_and_ends_at_ten_minutes() -> None:
    pauses = []
    for failures in (1, 2, 3, 15):
        status = replace(FAILED_ONCE, failures=failures)
        pauses.append(plan_job(seeing(a_job(status=status))).requeue_after)
    assert pauses == [1.0, 2.0, 4.0, 600.0]


@pytest.mark.parametrize(
    ("witness", "seen", "phase", "exit_code"),
    [
        (
            "the record before the pod ends",
            seeing(a_job(), pods=(a_pod(a_job()),), outcomes={1: a_success()}),
            "Succeeded",
            0,
        ),
        ("the record of a pod that is gone", seeing(a_job(), outcomes={1: a_success()}), "Succeeded", 0),
        (
            "a recorded success outranks a failed pod",
            seeing(a_job(), pods=(a_pod(a_job(), phase="Failed"),), outcomes={1: a_success()}),
            "Succeeded",
            0,
        ),
        (
            "the pod alone when it succeeded",
            seeing(a_job(), pods=(a_pod(a_job(), phase="Succeeded", termination=ended_with(0)),)),
            "Succeeded",
            0,
        ),
        ("a recorded failure, with attempts left", seeing(a_job(), outcomes={1: a_failure()}), "Pending", 3),
        (
            "a recorded failure, the last",
            seeing(a_job(spec={"retry": {"limit": 0}}), outcomes={1: a_failure()}),
            "Failed",
            3,
        ),
        (
            "a failed pod of which the store knows nothing",
            seeing(
                a_job(spec={"retry": {"limit": 0}}),
                pods=(a_pod(a_job(), phase="Failed", termination=ended_with(137)),),
                outcomes={1: Lookup.ABSENT},
            ),
            "Failed",
            137,
        ),
        (
            "a plain container has its pod alone",
            seeing(
                a_job(spec=CONTAINER | {"retry": {"limit": 0}}),
                pods=(a_pod(a_job(), phase="Failed", termination=ended_with(2)),),
            ),
            "Failed",
            2,
        ),
    ],
)
def test_an_attempts_end_is_written_once_with_its_phase(
    witness: str, seen: ObservedJob, phase: str, exit_code: int
) -> None:
    plan = plan_job(seen)
    assert plan.actions == ()
    assert plan.status is not None, witness
    assert (plan.status.phase, plan.status.attempts[-1].exit_code) == (phase, exit_code)
    assert plan.status.attempts[-1].ended is not None


@pytest.mark.parametrize(
    ("situation", "seen"),
    [
        ("a failed pod without a record", seeing(a_job(), pods=(a_pod(a_job(), phase="Failed"),))),
        ("a vanished pod that was in status", seeing(a_job(status=RUNNING))),
        ("a vanished pod that this process created", seeing(a_job(), vanished=frozenset({1}))),
        ("a job older than this process", seeing(a_job(), inherited=True)),
    ],
)
def test_the_store_is_asked_before_deciding_about(situation: str, seen: ObservedJob) -> None:
    plan = plan_job(seen)
    assert (plan.ask_outcome, plan.actions, plan.status) == (1, (), None), situation


def test_while_the_store_is_away_the_job_stays_running_and_says_so() -> None:
    plan = plan_job(seeing(a_job(status=RUNNING), outcomes={1: Lookup.UNREACHABLE}))
    assert plan.status is not None
    assert plan.status.phase == "Running"
    assert [condition.type for condition in plan.status.conditions] == [names.CONDITION_OUTCOME_UNKNOWN]
    again = plan_job(seeing(a_job(status=plan.status), outcomes={1: Lookup.UNREACHABLE}))
    assert again.status is None
    assert again.requeue_after


@pytest.mark.parametrize(
    ("situation", "seen"),
    [
        ("a pod vanished without a record", seeing(a_job(), vanished=frozenset({1}), outcomes={1: Lookup.ABSENT})),
        (
            "the cluster disrupted the pod",
            seeing(a_job(), pods=(a_pod(a_job(), phase="Failed", disrupted=True),), outcomes={1: Lookup.ABSENT}),
        ),
        (
            "somebody deleted the pod",
            seeing(a_job(), pods=(deleting(a_pod(a_job(), phase="Failed")),), outcomes={1: Lookup.ABSENT}),
        ),
        (
            "the runner could not fetch",
            seeing(
                a_job(),
                pods=(a_pod(a_job(), phase="Failed", termination=ended_with(70, '{"phase": "fetch"}')),),
                outcomes={1: Lookup.ABSENT},
            ),
        ),
    ],
)
def test_an_infrastructure_failure_does_not_count_against_the_users_attempts(situation: str, seen: ObservedJob) -> None:
    plan = plan_job(seen)
    assert plan.status is not None, situation
    assert (plan.status.phase, plan.status.failures, plan.status.infrastructure_failures) == ("Pending", 0, 1)


def test_infrastructure_failures_have_their_own_cap() -> None:
    status = JobStatus(attempt=10, infrastructure_failures=10, attempts=(an_attempt(10, ended=NOW),))
    plan = plan_job(seeing(a_job(status=status), vanished=frozenset({11}), outcomes={11: Lookup.ABSENT}))
    assert plan.status is not None
    assert plan.status.phase == "Failed"


def test_a_running_pod_is_reported_only_after_half_a_second() -> None:
    job = a_job()
    early = plan_job(seeing(job, pods=(a_pod(job),), now=after(0.2)))
    assert early.status is None
    assert early.requeue_after == pytest.approx(0.3)
    later = plan_job(seeing(job, pods=(a_pod(job),), now=after(0.5)))
    assert later.status is not None
    assert (later.status.phase, later.status.attempt, later.status.node) == ("Running", 1, "node-1")
    settled = plan_job(seeing(replace(job, status=later.status), pods=(a_pod(job),), now=after(9)))
    assert settled.status is None


def test_unschedulable_is_not_failed_and_quotes_the_scheduler() -> None:
    words = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."
    job = a_job()
    plan = plan_job(seeing(job, pods=(a_pod(job, phase="Pending", unschedulable=words),)))
    assert plan.status is not None
    assert plan.status.phase == "Pending"
    (condition,) = plan.status.conditions
    assert (condition.type, condition.status, condition.message) == (names.CONDITION_SCHEDULED, "False", words)


@pytest.mark.parametrize(
    "reason", [names.REASON_PARENT_FAILED, names.REASON_GATE_REJECTED, names.REASON_GATE_TIMED_OUT]
)
def test_a_failed_parent_cancels_the_job_and_is_named(reason: str) -> None:
    plan = plan_job(seeing(a_job(), parents=ParentsView(unmet=1, culprit=Culprit("prep", reason))))
    assert plan.status is not None
    assert plan.status.phase == "Cancelled"
    assert plan.status.conditions[-1].reason == reason
    assert '"prep"' in plan.status.conditions[-1].message


def test_cancelling_deletes_the_living_pod_first_and_ends_the_job_when_it_is_gone() -> None:
    job = a_job(status=RUNNING, cancel=True)
    first = plan_job(seeing(job, pods=(a_pod(job),)))
    assert first.actions == (delete_pod(a_pod(job)),)
    assert first.status is None
    waiting = plan_job(seeing(job, pods=(deleting(a_pod(job)),)))
    assert waiting.actions == ()
    last = plan_job(seeing(job, outcomes={1: Lookup.ABSENT}))
    assert last.status is not None
    assert last.status.phase == "Cancelled"


def test_a_success_that_was_recorded_before_the_cancel_stays_a_success() -> None:
    plan = plan_job(seeing(a_job(status=RUNNING, cancel=True), outcomes={1: a_success()}))
    assert plan.status is not None
    assert plan.status.phase == "Succeeded"


@pytest.mark.parametrize(
    ("spec", "reason", "word"),
    [
        ({"requirement": "not a label!"}, names.REASON_BAD_REQUIREMENT, "not a label!"),
    ],
)
def test_a_specification_that_cannot_run_is_invalid_for_good(spec: dict[str, object], reason: str, word: str) -> None:
    plan = plan_job(seeing(a_job(spec=spec)))
    assert plan.actions == ()
    assert plan.status is not None
    assert plan.status.phase == "Failed"
    invalid = plan.status.conditions[0]
    assert (invalid.type, invalid.reason) == (names.CONDITION_INVALID, reason)
    assert word in invalid.message


def test_a_parent_that_never_arrives_is_named_after_five_minutes() -> None:
    plan = plan_job(seeing(a_job(), parents=ParentsView(unmet=1, missing=("ghost",)), now=after(300)))
    assert plan.status is not None
    assert "ghost" in plan.status.conditions[0].message


def test_the_gate_is_made_together_with_the_job() -> None:
    plan = plan_job(seeing(a_job(spec=GATED), dag=a_dag(sealed=False)))
    (action,) = plan.actions
    assert isinstance(action, CreateApproval)
    assert action.manifest["spec"]["subject"]["uid"] == a_job().meta.uid


def test_a_gated_job_copies_the_verdict_and_never_takes_it_back() -> None:
    job = a_job(spec=GATED, status=JobStatus(phase="Succeeded", attempt=1, completed=NOW, approval="Pending"))
    approved = an_approval(job, status=ApprovalStatus(phase="Approved"))
    plan = plan_job(seeing(job, approval=approved))
    assert plan.status is not None
    assert plan.status.approval == "Approved"
    decided = replace(job, status=plan.status)
    rejected_later = an_approval(job, status=ApprovalStatus(phase="Rejected"))
    assert plan_job(seeing(decided, approval=rejected_later)).status is None
    assert plan_job(seeing(decided, approval=None)).actions == ()


def test_what_a_person_applied_gets_owner_and_labels_before_anything_else() -> None:
    job = a_job()
    bare = replace(job, meta=replace(job.meta, owner_uid=None, labels={}))
    (action,) = plan_job(seeing(bare)).actions
    assert isinstance(action, AdoptJob)
    assert action.owner is not None
    assert action.owner["uid"] == a_dag().meta.uid
    assert action.labels[names.LABEL_DAG] == "d"


def test_pods_of_an_ended_job_are_removed_after_their_retention() -> None:
    job = a_job(status=JobStatus(phase="Succeeded", attempt=1, completed=NOW))
    pod = a_pod(job, phase="Succeeded")
    kept = plan_job(seeing(job, pods=(pod,), now=after(10)))
    assert (kept.actions, kept.requeue_after) == ((), 590.0)
    removed = plan_job(seeing(job, pods=(pod,), now=after(600)))
    assert removed.actions == (delete_pod(pod),)


def test_a_pod_of_a_later_attempt_than_the_status_knows_is_followed_not_repeated() -> None:
    job = a_job()
    plan = plan_job(seeing(job, pods=(a_pod(job, attempt=3, phase="Pending"),)))
    assert plan.actions == ()
    assert plan.status is None


def test_parents_that_go_after_the_first_attempt_do_not_keep_the_second_from_starting() -> None:
    job = a_job(parents=("p",), status=FAILED_ONCE)
    gone = ParentsView(unmet=1, missing=("p",), culprit=Culprit("p", names.REASON_PARENT_MISSING))
    plan = plan_job(seeing(job, parents=gone, now=after(60)))
    assert [type(action) for action in plan.actions] == [CreatePod]


def test_a_parent_of_an_earlier_dag_is_copied_while_others_are_awaited() -> None:
    news = (ParentOutcome("p", "node-1", NOW),)
    plan = plan_job(seeing(a_job(parents=("p", "q")), parents=ParentsView(unmet=1, outcomes_to_copy=news)))
    assert plan.actions == ()
    assert plan.status is not None
    assert plan.status.parent_outcomes == news
