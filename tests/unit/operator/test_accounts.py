"""The ServiceAccounts of a namespace and what they are bound to."""

import asyncio

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.fake_api import FakeAPI
from titan_operator.cluster.accounts import Accounts
from titan_operator.passes.fences import FencedGateway

from titan_kube.errors import Forbidden


class Standby:
    """Leads when it is told to."""

    leads = False

    def may_write(self) -> bool:
        return self.leads


def an_api() -> FakeAPI:
    return FakeAPI(VirtualClock().now)


def made(api: FakeAPI, kind: str) -> list[tuple[str, str]]:
    return [(raw["metadata"]["namespace"], raw["metadata"]["name"]) for raw in api.all(kind)]


async def test_both_accounts_are_made_and_bound_to_the_cluster_roles_of_their_names() -> None:
    api = an_api()
    await Accounts(api).ensure("team")
    assert made(api, "ServiceAccount") == [("team", "titan-client"), ("team", "titan-job")]
    bindings = {raw["roleRef"]["name"]: raw["subjects"] for raw in api.all("RoleBinding")}
    assert bindings["titan-job"] == [{"kind": "ServiceAccount", "name": "titan-job", "namespace": "team"}]
    assert bindings["titan-client"] == [{"kind": "ServiceAccount", "name": "titan-client", "namespace": "team"}]


async def test_many_first_pods_make_them_once() -> None:
    api = an_api()
    accounts = Accounts(api)
    await asyncio.gather(*(accounts.ensure("team") for _ in range(20)))
    assert len(api.all("ServiceAccount")) == 2


async def test_what_exists_is_left_as_it_is() -> None:
    api = an_api()
    await api.create("ServiceAccount", "team", {"metadata": {"name": "titan-job", "labels": {"mine": "1"}}})
    await Accounts(api).ensure("team")
    kept = next(raw for raw in api.all("ServiceAccount") if raw["metadata"]["name"] == "titan-job")
    assert kept["metadata"]["labels"] == {"mine": "1"}


async def test_kubernetes_own_namespaces_get_none() -> None:
    api = an_api()
    await Accounts(api).ensure_all(["kube-system", "kube-public", "default"])
    assert {namespace for namespace, _ in made(api, "ServiceAccount")} == {"default"}


async def test_a_refusal_is_tried_again_at_the_first_pod() -> None:
    api = an_api()
    create = api.create

    async def refuse(*_: object) -> dict[str, object]:
        raise Forbidden("the namespace is being terminated", code=403)

    api.create = refuse
    accounts = Accounts(api)
    await accounts.ensure_all(["team"])
    with pytest.raises(Forbidden):
        await accounts.ensure("team")
    api.create = create
    await accounts.ensure("team")
    assert len(api.all("ServiceAccount")) == 2


async def test_a_standby_makes_them_when_it_takes_over() -> None:
    api, leadership = an_api(), Standby()
    accounts = Accounts(FencedGateway(api, leadership))
    await accounts.ensure_all(["team"])
    await accounts.ensure_all(["other"])
    assert made(api, "ServiceAccount") == []
    leadership.leads = True
    await accounts.ensure_all([])
    assert {namespace for namespace, _ in made(api, "ServiceAccount")} == {"team", "other"}


async def test_forgotten_namespaces_are_looked_at_again() -> None:
    api = an_api()
    accounts = Accounts(api)
    await accounts.ensure("team")
    api.remove("ServiceAccount", "team", "titan-job")
    await accounts.ensure("team")
    assert len(api.all("ServiceAccount")) == 1
    accounts.forget("team")
    await accounts.ensure("team")
    assert len(api.all("ServiceAccount")) == 2


PLACE = "titan/https:titan-store:api"


def notes(api: FakeAPI) -> dict[str, str]:
    """What the client account of each namespace says of the store."""
    clients = [raw["metadata"] for raw in api.all("ServiceAccount") if raw["metadata"]["name"] == "titan-client"]
    return {meta["namespace"]: (meta.get("annotations") or {}).get("titan.io/store-service", "") for meta in clients}


async def test_the_client_account_says_where_the_store_is() -> None:
    api = an_api()
    await Accounts(api, PLACE).ensure("team")
    await Accounts(api, "").ensure("other")
    assert notes(api) == {"team": PLACE, "other": ""}


async def test_the_note_follows_the_operators_settings_and_leaves_the_rest_of_the_account_alone() -> None:
    api = an_api()
    mine = {"metadata": {"name": "titan-client", "annotations": {"mine": "1"}}}
    await api.create("ServiceAccount", "team", mine)
    await Accounts(api, PLACE).ensure("team")
    await Accounts(api, PLACE).ensure("team")
    await Accounts(api, "titan/titan-store:api").ensure("team")
    kept = next(raw for raw in api.all("ServiceAccount") if raw["metadata"]["name"] == "titan-client")
    assert kept["metadata"]["annotations"] == {"mine": "1", "titan.io/store-service": "titan/titan-store:api"}
    assert api.writes.count("patch ServiceAccount titan-client") <= 2
