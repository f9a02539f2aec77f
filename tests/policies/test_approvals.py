"""Who may decide about a gate, as a real API server with Titan's policy has it."""

from dataclasses import dataclass

import pytest
from builders.kubernetes.bare_server import JSON_PATCH, BareServer
from builders.kubernetes.policies import GROUP, JOB_USER, NAMESPACE, OPERATOR, STORE, gate

from titan_api.json_types import Json

GATES = f"/apis/{GROUP}/namespaces/{NAMESPACE}/titanapprovals"
CLIENT_USER = f"system:serviceaccount:{NAMESPACE}:titan-client"
LISTED: Json = {"approvers": {"users": ["alice", "erin", "frank", JOB_USER, CLIENT_USER], "groups": ["qa"]}}
OPEN: Json = {}
SELF: Json = {"allowSelfApproval": True}
USERS_ONLY: Json = {"approvers": {"users": ["alice"]}}


@dataclass(frozen=True)
class Case:
    """Somebody tries to add decisions of some names; ``refusal`` is None if the API server lets them."""

    who: str
    names: tuple[str, ...]
    refusal: str | None
    terms: Json
    group: str = ""


CASES = {
    "an approver who is listed": Case("alice", ("alice",), None, LISTED),
    "an approver of a listed group": Case("bob", ("bob",), None, LISTED, "qa"),
    "an approver of no listed group": Case("bob", ("bob",), "bob is not among the approvers", LISTED),
    "an approver who is not listed": Case("dave", ("dave",), "dave is not among the approvers", LISTED),
    "anybody with the verb where nobody is listed": Case("dave", ("dave",), None, OPEN),
    "who may write but lacks the verb": Case("writer", ("writer",), "writer lacks the verb approve", OPEN),
    "who submits but does not decide": Case("frank", ("frank",), "cannot patch resource", LISTED),
    "the requester, though listed": Case("erin", ("erin",), "whoever has submitted the job may not decide", LISTED),
    "the requester where that is allowed": Case("erin", ("erin",), None, SELF),
    "a foreign name": Case("alice", ("carol",), "a decision must carry your own name, alice", LISTED),
    "two decisions at once": Case("alice", ("alice", "bob"), "one at a time", LISTED),
    "a job, though somebody made it an approver": Case(JOB_USER, (JOB_USER,), "jobs and shared identities", LISTED),
    "the shared client": Case(CLIENT_USER, (CLIENT_USER,), "jobs and shared identities", LISTED),
    "the operator": Case(OPERATOR, (OPERATOR,), "cannot patch resource", OPEN),
    "the store in the name of somebody listed": Case(STORE, ("alice",), None, USERS_ONLY),
    "the store in the name of somebody of a group": Case(STORE, ("bob",), None, LISTED),
    "the store in the name of somebody not listed": Case(STORE, ("dave",), "dave is not among", USERS_ONLY),
    "the store in the name of the requester": Case(STORE, ("erin",), "whoever has submitted the job", LISTED),
    "the store in the name of a job": Case(STORE, (JOB_USER,), "jobs and shared identities", LISTED),
    "the store in two names at once": Case(STORE, ("alice", "bob"), "one at a time", LISTED),
    "another ServiceAccount of the store's name": Case(
        f"system:serviceaccount:{NAMESPACE}:titan-store", ("alice",), "cannot patch resource", LISTED
    ),
}


@pytest.fixture
def make_gate(server: BareServer, request: pytest.FixtureRequest):
    """Create a gate of some terms as the operator; returns its path."""

    def make(terms: Json) -> str:
        name = f"g-{abs(hash(request.node.name)) % 10**10}"
        code, answer = server.call("POST", GATES, gate(name, **terms), user=OPERATOR)
        assert code == 201, answer
        return f"{GATES}/{name}"

    return make


def add(server: BareServer, path: str, user: str, *names: str, group: str = "", verdict: str = "Approve"):
    patch = [{"op": "add", "path": "/spec/decisions/-", "value": {"user": name, "verdict": verdict}} for name in names]
    return server.call("PATCH", path, patch, user=user, group=group, content_type=JSON_PATCH)


@pytest.mark.parametrize("title", CASES)
def test_a_decision_is_proved_by_the_api_server(server: BareServer, make_gate, title: str) -> None:
    case = CASES[title]
    path = make_gate(case.terms)
    code, answer = add(server, path, case.who, *case.names, group=case.group)
    _, after = server.call("GET", path)
    recorded = [decision["user"] for decision in after["spec"]["decisions"]]
    if case.refusal is None:
        assert (code, recorded) == (200, list(case.names)), answer
    else:
        assert code == 403, answer
        assert case.refusal in answer["message"]
        assert recorded == []


CHANGES: dict[str, list[Json]] = {
    "removing it": [{"op": "remove", "path": "/spec/decisions/0"}],
    "altering its verdict": [{"op": "replace", "path": "/spec/decisions/0/verdict", "value": "Reject"}],
    "altering its comment": [{"op": "replace", "path": "/spec/decisions/0/comment", "value": "never mind"}],
    "putting one before it": [{"op": "add", "path": "/spec/decisions/0", "value": {"user": "dave", "verdict": "Reject"}}],
    "replacing it by one's own": [{"op": "replace", "path": "/spec/decisions/0", "value": {"user": "dave", "verdict": "Reject"}}],
}  # fmt: skip


@pytest.mark.parametrize("who", ["alice", "dave", STORE])
@pytest.mark.parametrize("change", CHANGES)
def test_a_decision_is_for_good(server: BareServer, make_gate, change: str, who: str) -> None:
    path = make_gate(OPEN)
    assert add(server, path, "alice", "alice")[0] == 200
    code, answer = server.call("PATCH", path, CHANGES[change], user=who, content_type=JSON_PATCH)
    assert code in (403, 422), answer
    _, after = server.call("GET", path)
    assert [(given["user"], given["verdict"]) for given in after["spec"]["decisions"]] == [("alice", "Approve")]


def test_nobody_decides_twice(server: BareServer, make_gate) -> None:
    path = make_gate(OPEN)
    assert add(server, path, "alice", "alice")[0] == 200
    assert add(server, path, "alice", "alice", verdict="Reject")[0] in (403, 422)


def test_an_approver_may_label_a_gate_and_widen_nothing(server: BareServer, make_gate) -> None:
    path = make_gate(LISTED)
    assert server.call("PATCH", path, {"metadata": {"labels": {"seen": "yes"}}}, user="dave")[0] == 200
    code, answer = server.call("PATCH", path, {"spec": {"approvers": {"users": ["dave"]}}}, user="dave")
    assert code == 422, answer
    assert "only spec.decisions may change" in answer["message"]


@pytest.mark.parametrize(
    ("who", "decisions", "refusal"),
    [
        ("writer", [], "gates are created by Titan's operator"),
        ("", [], "gates are created by Titan's operator"),
        (OPERATOR, [{"user": "alice", "verdict": "Approve"}], "a new gate has no decisions"),
        (JOB_USER, [], "cannot create resource"),
        ("alice", [], "cannot create resource"),
    ],
)
def test_gates_are_made_by_the_operator_and_begin_without_decisions(
    server: BareServer, who: str, decisions: list[Json], refusal: str
) -> None:
    code, answer = server.call("POST", GATES, gate("forged", decisions=decisions), user=who)
    assert code == 403
    assert refusal in answer["message"]


@pytest.mark.parametrize("who", ["writer", "alice", STORE, JOB_USER, ""])
def test_the_verdict_is_written_by_the_operator_alone(server: BareServer, make_gate, who: str) -> None:
    path = make_gate(OPEN)
    verdict = {"status": {"phase": "Approved"}}
    assert server.call("PATCH", f"{path}/status", verdict, user=who)[0] == 403
    assert server.call("PATCH", f"{path}/status", verdict, user=OPERATOR)[0] == 200
