"""Deciding at gates, by name and by the keys of the earlier Titan."""

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_edge import FakeClock

from titan_api.verdicts import fold
from titan_sdk.cluster.kube import Identity
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanNotFound
from titan_sdk.legacy import gate_keys
from titan_sdk.runs import gates

ANNA = Identity("anna", frozenset({"team"}))


def cluster_with_gate(*decisions, phase="Pending", job_phase="Succeeded", **terms):
    cluster = FakeCluster()
    behind = cluster.add("titanjobs", make.job("draft", gated=True, phase=job_phase))
    cluster.add("titanapprovals", make.approval(behind, *decisions, phase=phase, **terms))
    return cluster


def decisions_of(cluster):
    (raw,) = cluster.objects["titanapprovals"].values()
    return [(entry["user"], entry["verdict"]) for entry in raw["spec"]["decisions"]]


@pytest.mark.parametrize("named", ["hitl-gate-draft", "draft", "DAG-draft", "night-abcde-draft"])
def test_a_gate_is_found_under_each_of_its_names(named):
    cluster = cluster_with_gate()
    seen = gates.decide(cluster.kube(), ANNA, named, "Approve", "fine")
    assert [(entry.user, entry.verdict, entry.comment) for entry in seen.decisions] == [("anna", "Approve", "fine")]
    assert decisions_of(cluster) == [("anna", "Approve")]


def test_a_decision_may_come_before_the_gate_opens():
    cluster = cluster_with_gate(phase="Scheduled", job_phase="Running")
    gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == [("anna", "Approve")]


def test_a_decision_waits_for_a_gate_that_the_operator_is_about_to_make():
    cluster = FakeCluster()
    behind = cluster.add("titanjobs", make.job("draft", gated=True, phase="Running"))
    clock = FakeClock(lambda: cluster.add("titanapprovals", make.approval(behind, phase="Scheduled")))
    gates.decide(cluster.kube(clock), ANNA, "draft", "Reject", "")
    assert decisions_of(cluster) == [("anna", "Reject")]


def test_it_does_not_wait_for_ever():
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("draft", gated=True, phase="Running"))
    with pytest.raises(TitanNotFound, match="is Titan's operator running"):
        gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")


REFUSALS = {
    "approved by somebody": ([("bob", "Approve")], {"phase": "Approved"}, TitanConflict, "already Approved by bob"),
    "rejected by somebody": ([("bob", "Reject")], {"phase": "Rejected"}, TitanConflict, "already Rejected by bob"),
    "out of time": ([], {"phase": "TimedOut"}, TitanConflict, "already TimedOut"),
    "rejected, unseen by the operator": ([("bob", "Reject")], {}, TitanConflict, "already Rejected by bob"),
    "rejected by the same person": ([("anna", "Reject")], {}, TitanConflict, "already Rejected by anna"),
    "for other people": ([], {"approvers": {"users": ["bob"]}}, TitanForbidden, "anna is not among the approvers"),
    "for another group": ([], {"approvers": {"groups": ["ops"]}}, TitanForbidden, "anna is not among the approvers"),
    "of her own job": ([], {"allowSelfApproval": False}, TitanForbidden, "anna submitted the job"),
}


@pytest.mark.parametrize(("decisions", "terms", "error", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_gate_that_anna_cannot_approve_says_why(decisions, terms, error, words):
    cluster = cluster_with_gate(*decisions, **terms)
    with pytest.raises(error, match=words):
        gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == decisions


@pytest.mark.parametrize(
    "terms",
    [
        {"approvers": {"users": ["anna"]}},
        {"approvers": {"groups": ["team"]}},
        {"requestedBy": "bob", "allowSelfApproval": False},
    ],
    ids=["she is named", "her group is named", "somebody else submitted"],
)
def test_a_gate_that_anna_may_approve(terms):
    cluster = cluster_with_gate(**terms)
    gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == [("anna", "Approve")]


def test_saying_the_same_again_is_no_error_and_no_second_entry():
    cluster = cluster_with_gate()
    for _ in range(2):
        gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == [("anna", "Approve")]


def test_the_same_person_cannot_change_a_word_while_others_are_awaited():
    cluster = cluster_with_gate(("anna", "Approve"), requiredApprovals=2)
    with pytest.raises(TitanConflict, match="anna already said Approve"):
        gates.decide(cluster.kube(), ANNA, "draft", "Reject", "")


def test_nobody_is_overwritten_when_two_decide_at_once():
    cluster = cluster_with_gate(requiredApprovals=2)
    bob = Identity("bob")
    cluster.transport.before(
        "PATCH", "titanapprovals", lambda _: gates.decide(cluster.kube(), bob, "draft", "Approve", "")
    )
    gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == [("bob", "Approve"), ("anna", "Approve")]


def test_a_lost_answer_does_not_make_a_second_entry():
    cluster = cluster_with_gate()
    cluster.transport.fail("lost", "PATCH")
    gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")
    assert decisions_of(cluster) == [("anna", "Approve")]


@pytest.mark.parametrize("gate", ["nobody", "hitl-gate-nobody", "plain"])
def test_what_is_no_gate_is_not_found(gate):
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("plain"))
    with pytest.raises(TitanNotFound, match=f"no gate '{gate}'"):
        gates.decide(cluster.kube(), ANNA, gate, "Approve", "")


def test_a_gate_behind_a_failed_job_will_not_open():
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("draft", gated=True, phase="Failed"))
    with pytest.raises(TitanConflict, match="will not open: its job is Failed"):
        gates.decide(cluster.kube(), ANNA, "draft", "Approve", "")


def test_an_approval_of_an_earlier_submission_says_nothing_about_the_next():
    cluster = cluster_with_gate(("anna", "Approve"), phase="Approved")
    newer = cluster.add("titanjobs", make.job("draft", dag="night-zzzzz", gated=True, phase="Succeeded", submitted="2"))
    cluster.add("titanapprovals", make.approval(newer))
    assert gate_keys.read(cluster.kube(), "titan:hitl:status:hitl-gate-draft") == "WAITING"


def test_only_open_gates_wait_for_people():
    cluster = cluster_with_gate()
    other = cluster.add("titanjobs", make.job("later", gated=True))
    cluster.add("titanapprovals", make.approval(other, phase="Scheduled"))
    assert [gate.gate_id for gate in gates.list_pending(cluster.kube())] == ["hitl-gate-draft"]
    assert gate_keys.read_set(cluster.kube()) == ["hitl-gate-draft"]


@pytest.mark.parametrize(
    ("decisions", "required", "verdict"),
    [
        ([], 1, None),
        ([("a", "Approve")], 1, "Approved"),
        ([("a", "Approve")], 2, None),
        ([("a", "Approve"), ("a", "Approve")], 2, None),
        ([("a", "Approve"), ("b", "Approve")], 2, "Approved"),
        ([("a", "Reject"), ("b", "Approve")], 1, "Rejected"),
        ([("a", "Approve"), ("b", "Reject")], 1, "Approved"),
        ([("a", "Approve"), ("b", "Reject")], 2, "Rejected"),
    ],
)
def test_decisions_fold_in_their_order(decisions, required, verdict):
    assert fold(decisions, required) == verdict


LEGACY = {
    "open": ("Pending", [], "Succeeded", "WAITING"),
    "approved": ("Approved", [("bob", "Approve")], "Succeeded", "APPROVED"),
    "approved, unseen by the operator": ("Pending", [("bob", "Approve")], "Succeeded", "APPROVED"),
    "approved beforehand": ("Scheduled", [("bob", "Approve")], "Running", "APPROVED"),
    "rejected": ("Rejected", [("bob", "Reject")], "Succeeded", "REJECTED"),
    "out of time": ("TimedOut", [], "Succeeded", "TIMEOUT"),
    "not open yet": ("Scheduled", [], "Running", "NULL"),
    "never to open": ("Scheduled", [], "Failed", "CLEARED"),
}


@pytest.mark.parametrize(("phase", "decisions", "job_phase", "word"), LEGACY.values(), ids=LEGACY.keys())
def test_the_old_key_reads_as_it_did(phase, decisions, job_phase, word):
    cluster = cluster_with_gate(*decisions, phase=phase, job_phase=job_phase)
    assert gate_keys.read(cluster.kube(), "titan:hitl:status:hitl-gate-draft") == word


def test_the_old_message_key_reads_the_question():
    cluster = cluster_with_gate()
    assert gate_keys.read(cluster.kube(), "titan:hitl:message:hitl-gate-draft") == "ok?"
    assert gate_keys.read(cluster.kube(), "titan:hitl:message:hitl-gate-nobody") == "NULL"


@pytest.mark.parametrize(("word", "verdict"), [("APPROVED", "Approve"), ("REJECTED", "Reject")])
def test_writing_the_old_key_decides(word, verdict):
    cluster = cluster_with_gate()
    gate_keys.write(cluster.kube(), lambda: ANNA, "titan:hitl:status:hitl-gate-draft", word)
    assert decisions_of(cluster) == [("anna", verdict)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("titan:hitl:status:hitl-gate-draft", "MAYBE"),
        ("titan:hitl:message:hitl-gate-draft", "x"),
        ("titan:hitl:queue", "x"),
    ],
)
def test_nothing_else_can_be_written_there(key, value):
    cluster = cluster_with_gate()
    with pytest.raises(ValueError, match="titan:hitl:"):
        gate_keys.write(cluster.kube(), lambda: ANNA, key, value)
    assert decisions_of(cluster) == []


@pytest.mark.parametrize(
    ("key", "is_gate"),
    [
        ("titan:hitl:status:x", True),
        ("titan:hitl:message:x", True),
        ("titan:hitl:queue", True),
        ("titan:hitl:other", False),
        ("status", False),
    ],
)
def test_only_the_three_old_keys_mean_gates(key, is_gate):
    assert gate_keys.is_gate_key(key) is is_gate
