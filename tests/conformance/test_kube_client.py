"""The services' own client against the server: every verb and error, a list in pages, and a watch that goes on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from conformance.api import Api
from conformance.conftest import Cluster
from conformance.objects import config_map, gadget

from titan_kube.client import Client
from titan_kube.config import Config
from titan_kube.credentials import Credentials
from titan_kube.errors import AlreadyExists, Conflict, Expired, Forbidden, NotFound, Rejected, Unauthenticated
from titan_kube.follow import Batch, News, follow
from titan_kube.informer import inform
from titan_kube.kubeconfigs import read_kubeconfig


@pytest.fixture
async def client(cluster: Cluster, api: Api) -> AsyncIterator[Client]:
    async with Client(Credentials(lambda: read_kubeconfig(cluster.kubeconfig)), agent="titan-conformance") as opened:
        yield opened


def names(objects: list[dict[str, Any]]) -> list[str]:
    return [obj["metadata"]["name"] for obj in objects]


async def test_objects_are_created_read_changed_and_deleted(client: Client, gadgets: str) -> None:
    made = await client.create(gadgets, gadget("a"), {"fieldManager": "tests"})
    changed = await client.patch(f"{gadgets}/a", {"spec": {"size": 2}})
    assert changed["metadata"]["uid"] == made["metadata"]["uid"]
    assert (await client.get(f"{gadgets}/a"))["spec"]["size"] == 2
    await client.delete(f"{gadgets}/a", preconditions={"uid": made["metadata"]["uid"]}, propagation="Background")
    with pytest.raises(NotFound, match=r'"a" not found'):
        await client.get(f"{gadgets}/a")


async def test_each_refusal_has_its_kind(client: Client, cluster: Cluster, gadgets: str, config_maps: str) -> None:
    made = await client.create(gadgets, gadget("a"))
    with pytest.raises(AlreadyExists):
        await client.create(gadgets, gadget("a"))
    with pytest.raises(Conflict):
        await client.delete(f"{gadgets}/a", preconditions={"uid": "another"})
    stale = {"metadata": {"resourceVersion": made["metadata"]["resourceVersion"]}, "spec": {"size": 3}}
    await client.patch(f"{gadgets}/a", stale)
    with pytest.raises(Conflict):
        await client.patch(f"{gadgets}/a", stale)
    with pytest.raises(Rejected, match="size"):
        await client.patch(f"{gadgets}/a", {"spec": {"size": "not a number"}})
    with pytest.raises((Expired, Rejected)):
        await client.page(config_maps, continuation="none that the server has given")
    with pytest.raises(Unauthenticated):
        await client.acting_as("nonsense").get(config_maps)
    own = client.credentials.config
    stranger = Config(own.server, authority=own.authority, verify=own.verify)
    async with Client(Credentials(lambda: stranger), agent="titan-conformance") as nobody:
        with pytest.raises((Unauthenticated, Forbidden)):
            await nobody.get(config_maps)


async def test_somebody_elses_token_wins_over_our_client_certificate(
    client: Client, api: Api, namespace: str, config_maps: str
) -> None:
    account = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
    token = (await client.create(f"{account}/token", {"spec": {"expirationSeconds": 600}}))["status"]["token"]
    await client.get(config_maps)
    with pytest.raises(Forbidden, match=f"system:serviceaccount:{namespace}:default"):
        await client.acting_as(token).get(config_maps)


async def test_a_collection_is_listed_in_pages_and_then_followed(client: Client, gadgets: str) -> None:
    for name in ("a", "b", "c"):
        await client.create(gadgets, gadget(name))
    batches = follow(client, gadgets, page_size=2)
    async with asyncio.timeout(60):
        listed = [await anext(batches) for _ in range(3)]
        assert [(batch.news, names(batch.items)) for batch in listed] == [
            (News.LISTED, ["a", "b"]),
            (News.LISTED, ["c"]),
            (News.COMPLETE, []),
        ]
        await client.create(gadgets, gadget("d"))
        await client.patch(f"{gadgets}/d", {"spec": {"size": 2}})
        await client.delete(f"{gadgets}/a")
        changes: list[Batch] = [await anext(batches) for _ in range(3)]
    await batches.aclose()
    assert [(batch.news, names(batch.items)) for batch in changes] == [
        (News.CHANGED, ["d"]),
        (News.CHANGED, ["d"]),
        (News.GONE, ["a"]),
    ]


async def test_only_what_is_selected_is_followed(client: Client, config_maps: str) -> None:
    body = config_map("chosen")
    body["metadata"]["labels"] = {"chosen": "yes"}
    batches = follow(client, config_maps, {"labelSelector": "chosen=yes"})
    async with asyncio.timeout(60):
        assert [(await anext(batches)).news for _ in range(2)] == [News.LISTED, News.COMPLETE]
        await client.create(config_maps, config_map("other"))
        await client.create(config_maps, body)
        assert names((await anext(batches)).items) == ["chosen"]
    await batches.aclose()


async def test_a_watch_that_is_silent_for_too_long_goes_on(client: Client, gadgets: str) -> None:
    batches = follow(client, gadgets, silence_seconds=1.2)
    async with asyncio.timeout(60):
        assert [(await anext(batches)).news for _ in range(2)] == [News.LISTED, News.COMPLETE]
        waiting = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(2.0)
        await client.create(gadgets, gadget("late"))
        assert names((await waiting).items) == ["late"]
    await batches.aclose()


async def test_a_forgotten_version_is_expired(client: Client, gadgets: str) -> None:
    class Forgetful(Client):
        """Asks for each watch from a version of long ago."""

        def lines(self, path: str, query: Any, silence_seconds: float) -> AsyncIterator[bytes]:
            return super().lines(path, {**query, "resourceVersion": "1"}, silence_seconds)

    async with Forgetful(client.credentials, agent="titan-conformance") as forgetful, asyncio.timeout(60):
        with pytest.raises(Expired, match="too old resource version"):
            async for _ in follow(forgetful, gadgets):
                pass


async def test_an_informer_tells_what_exists_and_what_happens(client: Client, gadgets: str) -> None:
    await client.create(gadgets, gadget("a"))
    told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    synced = asyncio.Event()
    following = asyncio.create_task(
        inform(client, gadgets, lambda kind, obj: told.put_nowait((kind, obj["metadata"]["name"])), synced=synced)
    )
    async with asyncio.timeout(60):
        await synced.wait()
        await client.patch(f"{gadgets}/a", {"spec": {"size": 2}})
        await client.delete(f"{gadgets}/a")
        assert [await told.get() for _ in range(3)] == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    following.cancel()
