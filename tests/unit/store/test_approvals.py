"""Gates over HTTP: who may decide, what is written in whose name, and what a refusal says."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, BOB, CLIENT, NAMESPACE, RUNNER, STRANGER, FakeReviewer
from builders.store.stores import Reply, Store, running_store
from titan_store.auth.identities import Attributes

GATE = "nightly-extract"
ALICE_NAME, BOB_NAME = "alice@example.com", "bob@example.com"


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


@pytest.fixture
async def gates(tmp_path: Path, reviewer: FakeReviewer, cluster: FakeCluster) -> AsyncIterator[Store]:
    async with running_store(tmp_path, reviewer, cluster=cluster) as store:
        yield store


async def decide(
    store: Store, verdict: str = "Approve", token: str | None = ALICE, name: str = GATE, **more: Any
) -> Reply:
    return await store.call("POST", f"/approvals/{name}/decision", token=token, json={"verdict": verdict, **more})


async def test_a_person_approves_with_the_token_that_they_have_for_the_api_server(
    gates: Store, cluster: FakeCluster, reviewer: FakeReviewer
) -> None:
    gate = cluster.add_gate()
    reply = await decide(gates, comment="looks good 👍")
    assert reply.status == 200
    assert reply.json["phase"] == "Approved"
    assert gate["spec"]["decisions"] == [{"user": ALICE_NAME, "verdict": "Approve", "comment": "looks good 👍"}]
    assert reviewer.asked == [(ALICE_NAME, Attributes("titanapprovals", "approve", NAMESPACE, "titan.io", GATE))]


async def test_a_token_for_the_store_is_taken_too(gates: Store, cluster: FakeCluster, reviewer: FakeReviewer) -> None:
    cluster.add_gate()
    reviewer.people.clear()
    assert (await decide(gates)).status == 200


@pytest.mark.parametrize(
    ("token", "spec", "status", "words"),
    [
        (None, {}, 401, "no token"),
        ("unknown", {}, 401, "valid neither for the API server"),
        (STRANGER, {}, 403, "stranger may not approve titanapprovals.titan.io in namespace team"),
        (CLIENT, {}, 403, "may not approve"),
        (BOB, {"approvers": {"users": [ALICE_NAME], "groups": []}}, 403, "not among the approvers"),
        (BOB, {"approvers": {"users": [], "groups": ["leads"]}}, 403, "not among the approvers"),
        (BOB, {"requestedBy": BOB_NAME}, 403, "has submitted the job"),
        (BOB, {"requestedBy": BOB_NAME, "allowSelfApproval": True}, 200, ""),
        (BOB, {"requestedBy": ALICE_NAME}, 200, ""),
        (ALICE, {"approvers": {"users": [], "groups": ["leads"]}}, 200, ""),
        (ALICE, {"approvers": {"users": [ALICE_NAME], "groups": ["others"]}}, 200, ""),
    ],
)
@pytest.mark.parametrize("verdict", ["Approve", "Reject"])
async def test_who_may_decide(
    gates: Store, cluster: FakeCluster, token: str | None, spec: Any, status: int, words: str, verdict: str
) -> None:
    gate = cluster.add_gate(**spec)
    reply = await decide(gates, verdict, token)
    assert reply.status == status
    if status != 200:
        assert words in reply.json["error"]["message"]
        assert "decisions" not in gate["spec"]


@pytest.mark.parametrize("token", [CLIENT, RUNNER], ids=["titan-client", "titan-job"])
async def test_an_identity_that_many_share_cannot_decide_whatever_its_rights(
    gates: Store, cluster: FakeCluster, reviewer: FakeReviewer, token: str
) -> None:
    gate = cluster.add_gate()
    reviewer.may_decide |= {identity.username for identity in reviewer.identities.values()}
    reply = await decide(gates, token=token)
    assert (reply.status, reply.code) == (403, "Forbidden")
    assert "many people share" in reply.json["error"]["message"]
    assert "decisions" not in gate["spec"]


async def test_a_decided_gate_says_who_and_when(gates: Store, cluster: FakeCluster) -> None:
    given = {"user": BOB_NAME, "verdict": "Reject", "comment": "no"}
    gate = cluster.add_gate(phase="Rejected", decisions=[given])
    gate["status"] |= {"decisions": [given | {"time": "2026-01-02T03:30:00.000000Z"}], "decidedBy": [BOB_NAME]}
    reply = await decide(gates)
    assert (reply.status, reply.code) == (409, "AlreadyDecided")
    for word in ("Rejected", BOB_NAME, "2026-01-02T03:30:00"):
        assert word in reply.json["error"]["message"]


async def test_a_gate_that_the_operator_has_not_closed_yet_is_closed_all_the_same(
    gates: Store, cluster: FakeCluster
) -> None:
    cluster.add_gate()
    assert (await decide(gates, "Reject", BOB)).json["phase"] == "Rejected"
    reply = await decide(gates, "Approve", ALICE)
    assert (reply.status, BOB_NAME in reply.json["error"]["message"]) == (409, True)


async def test_a_gate_that_timed_out_takes_no_decision(gates: Store, cluster: FakeCluster) -> None:
    gate = cluster.add_gate(phase="TimedOut")
    gate["status"]["decidedTime"] = "2026-01-02T04:00:00.000000Z"
    reply = await decide(gates)
    assert reply.code == "AlreadyDecided"
    assert "2026-01-02T04:00:00" in reply.json["error"]["message"]


async def test_the_same_again_is_no_error_and_the_opposite_is_one(gates: Store, cluster: FakeCluster) -> None:
    gate = cluster.add_gate(requiredApprovals=2)
    assert (await decide(gates)).json["phase"] == "Pending"
    assert (await decide(gates)).status == 200
    assert len(gate["spec"]["decisions"]) == 1
    reply = await decide(gates, "Reject")
    assert (reply.status, reply.code) == (409, "AlreadyDecided")
    assert (await decide(gates, token=BOB)).json["phase"] == "Approved"


async def test_a_decision_before_the_gate_opens_is_kept(gates: Store, cluster: FakeCluster) -> None:
    cluster.add_gate(phase="Scheduled")
    assert (await decide(gates)).json["decisions"] == [{"user": ALICE_NAME, "verdict": "Approve", "comment": ""}]


async def test_a_rival_is_noticed_and_the_decision_comes_after_theirs(gates: Store, cluster: FakeCluster) -> None:
    gate = cluster.add_gate(requiredApprovals=2)
    cluster.rivals.append({"user": BOB_NAME, "verdict": "Approve", "comment": ""})
    assert (await decide(gates)).json["phase"] == "Approved"
    assert [given["user"] for given in gate["spec"]["decisions"]] == [BOB_NAME, ALICE_NAME]


async def test_a_rival_who_closed_the_gate_wins(gates: Store, cluster: FakeCluster) -> None:
    gate = cluster.add_gate()
    cluster.rivals.append({"user": BOB_NAME, "verdict": "Reject", "comment": ""})
    reply = await decide(gates)
    assert (reply.status, reply.code) == (409, "AlreadyDecided")
    assert [given["user"] for given in gate["spec"]["decisions"]] == [BOB_NAME]


async def test_of_an_approval_and_a_rejection_at_once_exactly_one_wins(gates: Store, cluster: FakeCluster) -> None:
    for number in range(20):
        gate = cluster.add_gate(f"gate-{number}")
        replies = await asyncio.gather(
            decide(gates, "Approve", ALICE, f"gate-{number}"), decide(gates, "Reject", BOB, f"gate-{number}")
        )
        assert sorted(reply.status for reply in replies) == [200, 409]
        assert len(gate["spec"]["decisions"]) == 1


async def test_waiting_gates_are_listed_in_pages(gates: Store, cluster: FakeCluster) -> None:
    for number in range(5):
        cluster.add_gate(f"gate-{number}", phase="Approved" if number == 1 else "Pending", requestedBy=BOB_NAME)
    seen, following = [], ""
    while True:
        query = {"limit": "2"} | ({"continue": following} if following else {})
        page = (await gates.get("/approvals", query, token=ALICE)).json
        seen += [item["name"] for item in page["items"]]
        following = page.get("continue", "")
        if not following:
            break
    assert seen == ["gate-0", "gate-2", "gate-3", "gate-4"]
    item = (await gates.get("/approvals/gate-0", token=ALICE)).json
    assert (item["message"], item["jobID"], item["requestedBy"]) == ("Ship it?", "extract", BOB_NAME)
    assert item["deadline"] == "2026-01-02T04:00:00.000000Z"
    assert (await gates.get("/approvals/gate-1", token=ALICE)).json["phase"] == "Approved"


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("missing", {"verdict": "Approve"}, 404, "ApprovalNotFound"),
        (GATE, {"verdict": "Maybe"}, 400, "BadRequest"),
        (GATE, {}, 400, "BadRequest"),
        (GATE, {"verdict": "Approve", "comment": "x" * 1025}, 400, "BadRequest"),
        (GATE, {"verdict": "Approve", "user": "somebody"}, 400, "BadRequest"),
        ("Not_A_Name", {"verdict": "Approve"}, 400, "BadRequest"),
        ("..", {"verdict": "Approve"}, 400, "BadRequest"),
        ("a%2Fb", {"verdict": "Approve"}, 400, "BadRequest"),
    ],
)
async def test_bad_requests_are_refused(
    gates: Store, cluster: FakeCluster, name: str, body: Any, status: int, code: str
) -> None:
    gate = cluster.add_gate()
    reply = await gates.call("POST", f"/approvals/{name}/decision", token=ALICE, json=body)
    assert (reply.status, reply.code) == (status, code)
    assert "decisions" not in gate["spec"]


async def test_while_the_api_server_is_away_nothing_is_decided(gates: Store, cluster: FakeCluster) -> None:
    cluster.add_gate()
    cluster.is_away = True
    assert (await decide(gates)).status == 503
    assert (await gates.get("/approvals", token=ALICE)).status == 503


async def test_a_store_without_a_cluster_says_so(store: Store) -> None:
    assert (await decide(store)).status == 503


async def test_the_old_programs_keys_are_only_values_here_and_decide_nothing(
    gates: Store, cluster: FakeCluster
) -> None:
    """The SDK turns them into decisions with its caller's own rights; whoever writes them here directly has said nothing."""
    gate = cluster.add_gate()
    for token in (RUNNER, CLIENT):
        reply = await gates.call(
            "PUT", "/value", {"key": f"titan:hitl:status:hitl-gate-{GATE}"}, token, data=b"APPROVED"
        )
        assert reply.status == 204
    assert (await gates.call("GET", f"/approvals/{GATE}", token=ALICE)).json["phase"] == "Pending"
    assert gate["spec"].get("decisions", []) == []
