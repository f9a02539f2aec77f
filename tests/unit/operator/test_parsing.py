"""Raw JSON to records and back: what was written reads back as equal, or the operator would write for ever."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders.operators.raw import raw_approval, raw_dag, raw_job, raw_pod, stored
from builders.operators.records import NOW, a_dag, a_job, an_approval
from hypothesis import given
from hypothesis import strategies as st
from titan_operator.records import (
    ApprovalStatus,
    Attempt,
    Condition,
    DAGStatus,
    Decision,
    JobStatus,
    ParentOutcome,
    WorkspaceInput,
)
from titan_operator.records.parsing import parse_approval, parse_dag, parse_job
from titan_operator.records.pods_and_outcomes import parse_outcome, parse_pod
from titan_operator.records.rendering import COUNTED_PHASES, render_status

TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
MAYBE_TIME = st.none() | TIMES
WORDS = st.text("abc xyz", max_size=8)
MAYBE_WORDS = st.none() | st.text("abc", min_size=1, max_size=5)
INPUTS = st.lists(st.builds(WorkspaceInput, WORDS, st.integers(1, 9)), max_size=2).map(tuple)
CONDITIONS = st.lists(st.builds(Condition, WORDS, WORDS, WORDS, WORDS, TIMES), max_size=3).map(tuple)
ATTEMPTS = st.lists(
    st.builds(
        Attempt, st.integers(1, 9), WORDS, MAYBE_WORDS, MAYBE_WORDS, MAYBE_TIME, MAYBE_TIME,
        st.none() | st.integers(-1000, 1000), MAYBE_WORDS, MAYBE_WORDS,
    ),
    max_size=3,
).map(tuple)  # fmt: skip
COUNT = st.integers(0, 99)
JOB_STATUSES = st.builds(
    JobStatus, st.sampled_from(["Pending", "Failed"]), COUNT, COUNT, COUNT, COUNT, ATTEMPTS, MAYBE_WORDS, MAYBE_TIME,
    MAYBE_TIME, MAYBE_TIME, st.none() | st.just("Pending"), CONDITIONS, COUNT,
    st.lists(st.builds(ParentOutcome, WORDS, MAYBE_WORDS, MAYBE_TIME, INPUTS), max_size=2).map(tuple),
)  # fmt: skip
DAG_STATUSES = st.builds(
    DAGStatus, st.sampled_from(["Pending", "Running"]), COUNT, COUNT,
    st.dictionaries(st.sampled_from(COUNTED_PHASES), st.integers(1, 99)), COUNT, WORDS, MAYBE_TIME, MAYBE_TIME,
    CONDITIONS, COUNT,
)  # fmt: skip
DECISIONS = st.lists(st.builds(Decision, WORDS, WORDS, WORDS, MAYBE_TIME), max_size=3).map(tuple)
APPROVAL_STATUSES = st.builds(
    ApprovalStatus, st.sampled_from(["Scheduled", "Approved"]), MAYBE_TIME, MAYBE_TIME, MAYBE_TIME,
    st.lists(WORDS, max_size=2).map(tuple), DECISIONS, CONDITIONS, COUNT,
)  # fmt: skip


def without_nulls(status: dict[str, object]) -> dict[str, object]:
    """What the API server makes of a merge patch into nothing."""
    return {field: value for field, value in status.items() if value is not None}


@given(JOB_STATUSES)
def test_a_jobs_status_reads_back_as_it_was_written(status: JobStatus) -> None:
    raw = stored(raw_job("d", "a"), uid="u", version=1, **without_nulls(render_status(a_job(), status)))
    assert parse_job(raw).status == status


@given(DAG_STATUSES)
def test_a_dags_status_reads_back_as_it_was_written(status: DAGStatus) -> None:
    raw = stored(raw_dag("d", 1), uid="u", version=1, **without_nulls(render_status(a_dag(), status)))
    assert parse_dag(raw).status == status


@given(APPROVAL_STATUSES)
def test_a_gates_status_reads_back_as_it_was_written(status: ApprovalStatus) -> None:
    job = stored(raw_job("d", "a"), uid="u", version=1)
    rendered = without_nulls(render_status(an_approval(a_job()), status))
    assert parse_approval(stored(raw_approval(job), uid="g", version=1, **rendered)).status == status


def test_what_has_gone_is_removed_by_the_patch_and_lists_hold_no_null() -> None:
    rendered = render_status(a_job(), replace(JobStatus(), attempts=(Attempt(1, "a-1"),)))
    assert rendered["nodeName"] is None
    assert rendered["completionTime"] is None
    assert rendered["attempts"] == [{"number": 1, "pod": "a-1"}]


def test_an_exit_code_beyond_the_schema_is_cut() -> None:
    status = JobStatus(attempts=(Attempt(1, "a-1", exit_code=2**31),))
    assert render_status(a_job(), status)["attempts"][0]["exitCode"] == 1_000


def test_objects_with_nothing_but_an_identity_are_read() -> None:
    raw = {"metadata": {"name": "x", "uid": "u"}}
    assert parse_dag(raw).run == 1
    assert parse_job(raw).status == JobStatus()
    assert parse_approval(raw).required_approvals == 1
    assert parse_pod(raw).phase == "Pending"


@pytest.mark.parametrize("time", ["yesterday", "", None, 5, "2026-13-45T00:00:00Z"])
def test_a_time_that_cannot_be_read_counts_as_absent(time: object) -> None:
    assert parse_job(stored(raw_job("d", "a"), uid="u", version=1, completionTime=time)).status.completed is None


JOB = stored(raw_job("d", "a"), uid="u-a", version=1)


def a_pod(**status: object) -> dict[str, object]:
    return stored(raw_pod(JOB, 2), uid="p", version=3, **status)


def container(state: dict[str, object], name: str = "job") -> dict[str, object]:
    return {"name": name, "state": state}


def test_a_pod_belongs_to_the_job_that_controls_it_whatever_its_labels_say() -> None:
    raw = a_pod()
    assert (parse_pod(raw).job_uid, parse_pod(raw).attempt) == ("u-a", 2)
    raw["metadata"]["ownerReferences"][0]["kind"] = "ReplicaSet"
    assert parse_pod(raw).job_uid == ""


@pytest.mark.parametrize("label", ["x", "-1", "", "²"])
def test_an_attempt_label_that_is_no_number_is_no_attempt(label: str) -> None:
    raw = a_pod()
    raw["metadata"]["labels"]["titan.io/attempt"] = label
    assert parse_pod(raw).attempt == 0


@pytest.mark.parametrize(
    ("status", "field", "expected"),
    [
        ({"phase": "Failed", "reason": "Evicted"}, "reason", "Evicted"),
        ({"conditions": [{"type": "DisruptionTarget", "status": "True"}]}, "disrupted", True),
        ({"conditions": [{"type": "DisruptionTarget", "status": "False"}]}, "disrupted", False),
        (
            {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3"}]},
            "unschedulable",
            "0/3",
        ),
        ({"conditions": [{"type": "PodScheduled", "status": "True"}]}, "unschedulable", None),
        (
            {"containerStatuses": [container({"waiting": {"reason": "ErrImagePull", "message": "no such image"}})]},
            "waiting",
            "ErrImagePull: no such image",
        ),
        ({"containerStatuses": [container({"waiting": {"reason": "ContainerCreating"}})]}, "waiting", None),
        ({"containerStatuses": [container({"waiting": {"reason": "X"}}, name="sidecar")]}, "waiting", "X"),
        (
            {"containerStatuses": [container({"waiting": {"reason": "X"}}, "sidecar"), container({"running": {}})]},
            "waiting",
            None,
        ),
    ],
)
def test_what_a_pods_status_tells(status: dict[str, object], field: str, expected: object) -> None:
    assert getattr(parse_pod(a_pod(**status)), field) == expected


def test_how_a_container_ended() -> None:
    state = {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-01-02T03:04:05Z"}}
    end = parse_pod(a_pod(containerStatuses=[container(state)])).termination
    assert end is not None
    assert (end.exit_code, end.reason, end.finished) == (137, "OOMKilled", NOW)


@pytest.mark.parametrize(
    ("raw", "is_success", "is_infrastructure"),
    [
        ({"phase": "publish", "exitCode": 0}, True, False),
        ({"phase": "run", "exitCode": 3}, False, False),
        ({"phase": "fetch", "exitCode": None}, False, True),
        ({"phase": "publish", "exitCode": None}, False, True),
        ({}, False, False),
    ],
)
def test_what_a_record_of_the_store_means(raw: dict[str, object], is_success: bool, is_infrastructure: bool) -> None:
    outcome = parse_outcome(1, raw)
    assert (outcome.is_success, outcome.is_infrastructure) == (is_success, is_infrastructure)
