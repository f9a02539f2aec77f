"""What is sent is what titan_api describes: its models, which are too slow for the SDK's own path, agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titan_api.kinds.dags import TitanDAGSpec
from titan_api.kinds.jobs import TitanJobSpec
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Owner, Parent, Stamp, Submission, build_dag, build_fields, build_job
from titan_sdk.submit.settings import DagSettings, parse_workspace

STAMP = Stamp("2026-01-02T03:04:05.000006Z abc", "anna")
SOURCE = {"inline": {"fileName": "s.py", "content": "1"}}
ELSEWHERE = Parent("y", "old-y", "u-1")
NAMES = st.text(min_size=1, max_size=300)


def attempt(**arguments):
    try:
        return TitanJob(**arguments)
    except ValueError:
        return None


@given(
    job_id=NAMES,
    args=st.none() | st.text(max_size=50) | st.lists(st.text(max_size=20), max_size=5),
    parents=st.lists(NAMES, max_size=3),
    port=st.integers(-1, 70_000),
    priority=st.integers(-2_000_000, 2_000_000),
    delay=st.integers(-1, 10**12),
    requirement=st.sampled_from(["GENERAL", "GPU", "a b", "", "x" * 64]),
    hitl_message=st.none() | st.text(max_size=20),
    max_wait_seconds=st.integers(0, 10**8),
    retries=st.none() | st.integers(-1, 101),
    timeout=st.none() | st.integers(0, 10**8),
    env=st.dictionaries(st.sampled_from(["A", "a.b", "1", "", "A B"]), st.integers(), max_size=2),
    resources=st.dictionaries(st.sampled_from(["cpu", "memory"]), st.sampled_from(["1", "4Gi", "x", 2, 1.5, ""])),
    gpus=st.integers(0, 2),
    job_type=st.sampled_from(["RUN_PAYLOAD", "SERVICE"]),
)
def test_every_job_that_can_be_described_is_one_that_the_api_takes(**arguments):
    job = attempt(**arguments, script_content="1")
    if job is None:
        return
    submission = Submission(job, tuple(map(Parent, job.parents)), SOURCE)
    spec = build_job("dag-x", submission, Owner("dag", "uid"), STAMP)["spec"]
    assert TitanJobSpec.model_validate(spec).to_dict() == spec


def test_a_full_job_says_everything():
    job = TitanJob(
        "train", script_content="1", args="a b", parents=["x"], priority=9, delay=5, affinity=True, requirement="GPU",
        hitl_message="ok?", max_wait_seconds=60, retries=0, backoff=2, timeout=30, env={"A": 1}, image="img:1",
        gpus=1, secrets=["s"], approvers=["anna", "group:ops"], required_approvals=2,
    )  # fmt: skip
    spec = build_job("dag-train", Submission(job, (Parent("x"), ELSEWHERE), SOURCE), Owner("dag", "uid"), STAMP)["spec"]
    assert TitanJobSpec.model_validate(spec).to_dict() == spec
    assert spec["approval"] == {
        "message": "ok?",
        "timeoutSeconds": 60,
        "allowSelfApproval": False,
        "requiredApprovals": 2,
        "approvers": {"users": ["anna"], "groups": ["ops"]},
    }
    assert spec["retry"] == {"limit": 0, "backoffSeconds": 2}
    assert spec["parents"] == [{"jobID": "x"}, {"jobID": "y", "name": "old-y", "uid": "u-1"}]


def test_a_plain_job_stays_small():
    spec = build_job("a-1", Submission(TitanJob("a", script_content="1"), (), SOURCE), None, STAMP)["spec"]
    assert set(spec) == {"jobID", "source", "requestedBy", "type", "requirement", "priority"}


@pytest.mark.parametrize(
    ("more", "may_decide"),
    [({}, True), ({"approvers": ["bob"]}, False), ({"required_approvals": 1}, False)],
    ids=["a gate for anybody", "a gate for bob", "a gate with a number"],
)
def test_the_requester_may_decide_only_where_nobody_is_named(more, may_decide):
    terms = build_fields(TitanJob("a", script_content="1", hitl_message="ok?", **more))["approval"]
    assert terms["allowSelfApproval"] is may_decide


def attempt_settings(run, **options):
    try:
        return DagSettings(run, **options)
    except ValueError:
        return None


@given(
    name=st.text(min_size=1, max_size=253),
    count=st.none() | st.integers(1, 10_000),
    run=st.none() | NAMES,
    max_parallel=st.none() | st.integers(-1, 10_001),
    ttl=st.none() | st.integers(-1, 10**8),
    workspace=st.sampled_from([None, "sync", "None", "Claim:shared", "claim:", "Claim:A B", "other"]),
)
def test_every_dag_is_one_that_the_api_takes(name, count, run, **options):
    settings = attempt_settings(run, **options)
    if settings is None:
        return
    spec = build_dag("dag-x", name, count, settings, STAMP)["spec"]
    assert TitanDAGSpec.model_validate(spec).to_dict() == spec


@pytest.mark.parametrize(
    ("given_text", "spec"),
    [
        ("sync", {"mode": "Sync"}),
        ("NONE", {"mode": "None"}),
        ("Claim:shared-data", {"mode": "Claim", "claimName": "shared-data"}),
    ],
)
def test_a_workspace_is_written_in_one_word(given_text, spec):
    assert parse_workspace(given_text) == spec


@pytest.mark.parametrize("given_text", ["", "rwx", "Claim:", "Claim:A", 5])
def test_another_workspace_is_refused_in_a_sentence(given_text):
    with pytest.raises(ValueError, match="workspace must be 'Sync', 'None' or 'Claim:NAME"):
        DagSettings(workspace=given_text)
