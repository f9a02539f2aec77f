"""What the page is told about its buttons: the same answers that the actions would get."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from builders.store.reviewers import ALICE, CLIENT, STRANGER, FakeReviewer
from builders.store.stores import Store, running_store
from titan_store.settings import TrustedProxy

from titan_api.json_types import Json

READING = {"logs.read", "files.read", "values.read", "events.read"}


@pytest.fixture
async def store(tmp_path: Path, reviewer: FakeReviewer) -> AsyncIterator[Store]:
    reviewer.cluster_wide.add("alice@example.com")
    proxy = TrustedProxy("X-Forwarded-User", (ip_network("127.0.0.0/8"),))
    async with running_store(tmp_path / "data", reviewer, trusted_proxy=proxy) as running:
        yield running


async def rights_of(store: Store, token: str | None, namespace: str = "team", **headers: str) -> Json:
    reply = await store.get("/v1/views/rights", {"namespace": namespace}, token=token, headers=headers)
    assert reply.status == 200, reply.text
    rights: Json = reply.json
    return rights


async def test_whoever_may_everything_gets_no_reasons(store: Store) -> None:
    rights = await rights_of(store, ALICE)
    assert len(rights) == 15
    assert {name for name, right in rights.items() if right != {"allowed": True}} == set()


async def test_whoever_may_nothing_is_told_why_not(store: Store) -> None:
    rights = await rights_of(store, STRANGER)
    assert not any(right["allowed"] for right in rights.values())
    assert rights["dags.cancel"]["reason"] == "stranger may not patch titandags.titan.io in namespace team."
    assert rights["events.read"]["reason"] == "stranger may not list events in namespace team."
    assert rights["values.delete"]["reason"] == "stranger may not delete values.store.titan.io in namespace team."
    assert not any("command" in right for right in rights.values())


@pytest.mark.parametrize(
    ("verb", "resource", "actions"),
    [
        ("patch", "titandags", {"dags.cancel", "dags.retry", "dags.comment", "dags.suspend"}),
        ("patch", "titanjobs", {"jobs.cancel"}),
        ("create", "titandags", {"dags.resubmit"}),
        ("create", "titanjobs", {"dags.resubmit"}),
        ("approve", "titanapprovals", {"approvals.decide"}),
        ("list", "values", {"values.read"}),
        ("get", "files", {"files.read"}),
        ("get", "logs", {"logs.read"}),
        ("list", "events", {"events.read"}),
    ],
)
async def test_each_right_disables_its_buttons(
    store: Store, reviewer: FakeReviewer, verb: str, resource: str, actions: set[str]
) -> None:
    reviewer.refused.add(("alice@example.com", verb, resource))
    rights = await rights_of(store, ALICE)
    assert {name for name, right in rights.items() if not right["allowed"]} == actions


async def test_a_shared_identity_gets_the_commands_to_copy(store: Store, reviewer: FakeReviewer) -> None:
    client = "system:serviceaccount:team:titan-client"
    reviewer.refused |= {(client, "patch", "titandags"), (client, "create", "titandags")}
    reviewer.may_decide.add(client)
    rights = await rights_of(store, CLIENT)
    assert rights["dags.cancel"]["command"] == "titan cancel NAME -n team"
    assert rights["dags.resubmit"]["command"] == "titan resubmit NAME -n team"
    assert rights["approvals.decide"]["command"] == "titan approve NAME -n team"
    assert "many people share" in rights["approvals.decide"]["reason"]
    assert rights["logs.read"] == {"allowed": True}


async def test_without_a_token_of_ones_own_nothing_is_submitted(store: Store, reviewer: FakeReviewer) -> None:
    reviewer.cluster_wide.add("carol")
    rights = await rights_of(store, None, **{"X-Forwarded-User": "carol"})
    assert rights["dags.cancel"]["allowed"]
    assert rights["dags.resubmit"] == {
        "allowed": False,
        "reason": "The store has no token of yours that the API server accepts, so it cannot submit in your name.",
        "command": "titan resubmit NAME -n team",
    }


@pytest.mark.parametrize("namespace", ["", "Not_A_Name", "a/b", "../x"])
async def test_the_namespace_is_one(store: Store, namespace: str) -> None:
    assert (await store.get("/v1/views/rights", {"namespace": namespace}, token=ALICE)).status == 400


async def test_strangers_without_a_token_learn_nothing(store: Store) -> None:
    assert (await store.get("/v1/views/rights", {"namespace": "team"}, token=None)).status == 401
