"""Who is let in: by token, right, namespace and pod; and what happens while the API server is away."""

import asyncio
from pathlib import Path

import pytest
from builders.store.reviewers import CLIENT, JOB, NAMESPACE_UID, OPERATOR, RUNNER, STRANGER, FakeReviewer
from builders.store.stores import ATTEMPT, OUTCOME, Store, running_store
from titan_store.auth.gate import Gate, Need
from titan_store.auth.identities import Attributes, Identity, PodFacts
from titan_store.errors import Forbidden, NotFound, Unauthenticated, Unavailable

KEY = {"key": "k"}
NEED = Need("values", "get", allows_anonymous=True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": f"Bearer {CLIENT}"}, 404),
        ({"Authorization": f"bearer  {CLIENT}"}, 404),
        ({"X-Titan-Token": CLIENT}, 404),
        ({"X-Titan-Token": CLIENT, "Authorization": "Bearer of the service proxy"}, 404),
        ({"X-Titan-Token": "nonsense", "Authorization": f"Bearer {CLIENT}"}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer  "}, 401),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, 401),
        ({"Authorization": "Bearer tökén"}, 401),
        ({"X-Titan-Token": ""}, 401),
        ({"Authorization": f"Bearer {STRANGER}"}, 403),
    ],
)
async def test_only_a_valid_token_with_rights_lets_in(store: Store, headers: dict[str, str], status: int) -> None:
    reply = await store.get("/value", KEY, token=None, headers=headers)
    assert reply.status == status
    assert status != 401 or "WWW-Authenticate" in reply.headers


async def test_refusals_name_who_may_not_do_what(store: Store) -> None:
    reply = await store.get("/value", KEY, token=STRANGER)
    message = reply.json["error"]["message"]
    assert message == "stranger may not get values.store.titan.io in namespace team."


async def test_rights_in_one_namespace_are_none_in_another(store: Store) -> None:
    assert (await store.get("/v1/namespaces/other/value", KEY)).status == 403
    assert (await store.get("/v1/namespaces/other/value", KEY, token=OPERATOR)).status == 404
    assert (await store.get("/v1/outcomes", {"after": "0"})).status == 403
    assert (await store.get("/v1/outcomes", {"after": "0"}, token=OPERATOR)).status == 200


async def test_namespaces_do_not_see_each_other(store: Store) -> None:
    await store.put_value("k", "of team")
    await store.put("/file", {"name": "k"}, b"of team")
    for path, query in (("value", KEY), ("file", {"name": "k"})):
        assert (await store.get(f"/v1/namespaces/other/{path}", query, token=OPERATOR)).status == 404


async def test_a_namespace_that_is_missing_is_named(store: Store) -> None:
    reply = await store.get("/v1/namespaces/nowhere/value", KEY, token=OPERATOR)
    assert (reply.status, reply.code) == (404, "NamespaceNotFound")
    assert "nowhere" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("token", "change", "status"),
    [
        (RUNNER, {}, 200),
        (RUNNER, {"attempt": "2"}, 403),
        (RUNNER, {"job": "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"}, 403),
        (CLIENT, {}, 403),
        (OPERATOR, {}, 403),
        ("runner-elsewhere", {}, 403),
    ],
)
async def test_only_the_pod_of_an_attempt_speaks_for_it(
    store: Store, reviewer: FakeReviewer, token: str, change: dict[str, str], status: int
) -> None:
    reviewer.add_runner("runner-elsewhere", JOB, 1, namespace="other")
    query = ATTEMPT | change
    log = await store.call("POST", "/log", query | {"offset": "0"}, token=token, data=b"x")
    outcome = await store.call("PUT", "/outcome", query, token=token, json=OUTCOME)
    assert (log.status, outcome.status) == (status, 201 if status == 200 else status)


@pytest.mark.parametrize("after", [None, PodFacts("another-uid"), PodFacts("uid-of-pod-aaaaaaaa-1", {})])
async def test_a_pod_that_is_gone_or_another_has_no_voice(
    store: Store, reviewer: FakeReviewer, after: PodFacts | None
) -> None:
    del reviewer.pods["team", "pod-aaaaaaaa-1"]
    if after:
        reviewer.pods["team", "pod-aaaaaaaa-1"] = after
    assert (await store.append(0, b"x")).code == "Forbidden"


async def test_anonymous_callers_use_values_sets_and_files_of_one_namespace_only(tmp_path: Path) -> None:
    async with running_store(tmp_path, anonymous_namespace="team") as store:
        digest = {"digest": "sha256:" + "0" * 64}
        allowed = [
            await store.call("PUT", "/value", KEY, token=None, data=b"v"),
            await store.get("/value", KEY, token=None),
            await store.get("/values", token=None),
            await store.call("POST", "/value/increment", {"key": "n"}, token=None, data=b"{}"),
            await store.call("POST", "/set/add", KEY, token=None, data=b'{"member": "m"}'),
            await store.get("/set", KEY, token=None),
            await store.call("PUT", "/file", {"name": "f"}, token=None, data=b"x"),
            await store.get("/file", {"name": "f"}, token=None),
            await store.get("/files", token=None),
        ]
        assert {reply.status for reply in allowed} <= {200, 201, 204}
        refused = [
            await store.get("/v1/namespaces/other/value", KEY, token=None),
            await store.get("/blob", digest, token=None),
            await store.get("/log", {"job": JOB}, token=None),
            await store.get("/logs", {"job": JOB}, token=None),
            await store.get("/outcome", ATTEMPT, token=None),
            await store.get("/v1/outcomes", token=None),
            await store.call("PUT", "/outcome", ATTEMPT, token=None, json=OUTCOME),
            await store.call("POST", "/log", ATTEMPT | {"offset": "0"}, token=None, data=b"x"),
            await store.get("/value", KEY, token="nonsense"),
        ]
        assert {reply.status for reply in refused} == {401}


async def test_probes_metrics_and_the_document_need_no_token(store: Store) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        assert (await store.get(path, token=None)).status == 200


async def test_while_the_api_server_is_away_strangers_are_asked_to_come_back(
    store: Store, reviewer: FakeReviewer
) -> None:
    await store.put_value("k", "v")
    reviewer.is_away = True
    assert (await store.put_value("k", "w")).status == 204
    for token in (RUNNER, "never seen"):
        reply = await store.get("/value", KEY, token=token)
        assert (reply.status, reply.code) == (503, "Unavailable")
        assert int(reply.headers["Retry-After"]) >= 1
    reviewer.is_away = False
    assert (await store.get("/value", KEY, token=RUNNER)).text == "w"


class Seconds:
    """A monotonic clock that stands still."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_hundred_requests_of_one_token_ask_the_api_server_once(reviewer: FakeReviewer) -> None:
    gate = Gate(reviewer, None, Seconds())
    callers = await asyncio.gather(*(gate.admit(CLIENT, "team", NEED) for _ in range(100)))
    assert {caller.namespace_uid for caller in callers} == {NAMESPACE_UID}
    assert reviewer.questions == {"token": 1, "access": 1, "namespace": 1}


async def test_a_request_that_is_given_up_does_not_spoil_the_answer_of_the_others(reviewer: FakeReviewer) -> None:
    gate = Gate(reviewer, None, Seconds())
    first = asyncio.ensure_future(gate.admit(CLIENT, "team", NEED))
    others = [asyncio.ensure_future(gate.admit(CLIENT, "team", NEED)) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    assert len(await asyncio.gather(*others)) == 5
    assert reviewer.questions["token"] == 1


@pytest.mark.parametrize(("token", "seconds"), [(CLIENT, 10.0), ("never seen", 2.0)])
async def test_answers_about_tokens_are_kept_for_a_while(reviewer: FakeReviewer, token: str, seconds: float) -> None:
    clock = Seconds()
    gate = Gate(reviewer, None, clock)
    for moment, questions in [(0.0, 1), (seconds - 0.01, 1), (seconds, 2)]:
        clock.now = 100.0 + moment
        await asyncio.gather(gate.admit(token, "team", NEED), return_exceptions=True)
        assert reviewer.questions["token"] == questions


async def test_a_revoked_token_and_a_withdrawn_right_are_noticed_after_ten_seconds(reviewer: FakeReviewer) -> None:
    clock = Seconds()
    gate = Gate(reviewer, None, clock)
    await gate.admit(CLIENT, "team", NEED)
    reviewer.may_do_nothing.add("system:serviceaccount:team:titan-client")
    clock.now += 10
    with pytest.raises(Forbidden):
        await gate.admit(CLIENT, "team", NEED)
    del reviewer.identities[CLIENT]
    clock.now += 10
    with pytest.raises(Unauthenticated):
        await gate.admit(CLIENT, "team", NEED)


async def test_a_namespace_that_was_made_again_inherits_nothing(reviewer: FakeReviewer) -> None:
    gate = Gate(reviewer, None, Seconds())
    await gate.admit(CLIENT, "team", NEED)
    reviewer.namespaces["team"] = "the-new-uid"
    before = reviewer.identities[CLIENT]
    reviewer.identities["new-token"] = type(before)(before.username, "uid-of-the-new-account")
    assert (await gate.admit("new-token", "team", NEED)).namespace_uid == "the-new-uid"


async def test_an_outage_is_never_remembered_as_an_answer(reviewer: FakeReviewer) -> None:
    gate = Gate(reviewer, None, Seconds())
    reviewer.is_away = True
    outcomes = await asyncio.gather(*(gate.admit(CLIENT, "team", NEED) for _ in range(10)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert reviewer.questions["token"] == 1
    reviewer.is_away = False
    assert await gate.admit(CLIENT, "team", NEED)


async def test_who_may_not_look_is_not_told_which_namespaces_there_are(reviewer: FakeReviewer) -> None:
    gate = Gate(reviewer, None, Seconds())
    with pytest.raises(Forbidden):
        await gate.admit(STRANGER, "nowhere", NEED)
    with pytest.raises(NotFound):
        await gate.admit(OPERATOR, "nowhere", NEED)


LIST_DAGS = Attributes("titandags", "list", "", "titan.io")


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (set(), None),
        ({("alice", "")}, {"team", "other"}),
        ({("alice", ""), ("alice", "other")}, {"team"}),
        ({("alice", ""), ("alice", "other"), ("alice", "team")}, set()),
    ],
)
async def test_where_somebody_has_a_right_is_asked_once_for_a_while(
    refused: set[tuple[str, str]], expected: set[str] | None
) -> None:
    class Reviewer(FakeReviewer):
        async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
            self.questions["access"] += 1
            return (identity.username, attributes.namespace) not in refused

    reviewer, clock = Reviewer(), Seconds()
    gate = Gate(reviewer, None, clock)
    namespaces = frozenset({"team", "other"})
    for _ in range(3):
        found = await gate.find_places(Identity("alice"), LIST_DAGS, namespaces)
        assert found == (None if expected is None else frozenset(expected))
    assert reviewer.questions["access"] == (1 if expected is None else 3)
