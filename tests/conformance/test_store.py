"""The store against a real API server, with no rights but those of its own ClusterRole.

A person decides with the token that they have for the API server, a webhook is told, and what nobody needs is removed:
the questions and patches that the unit tests fake are asked for real here.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from builders.store.process import StoreProcess, running_process
from conformance.api import Api
from titan_local.roles import STORE_ROLE, list_roles
from titan_store.cluster.kubernetes import open_cluster

from titan_api import names
from titan_kube.credentials import Credentials
from titan_kube.kubeconfigs import read_kubeconfig

RBAC = "/apis/rbac.authorization.k8s.io/v1"
SYSTEM = "titan-system"


def grant(api: Api, namespace: str, person: str, verbs: list[str]) -> str:
    """A ServiceAccount with some verbs on gates; returns its token for the API server."""
    rule = {"apiGroups": ["titan.io"], "resources": ["titanapprovals"], "verbs": verbs}
    subject = {"kind": "ServiceAccount", "name": person, "namespace": namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": person}
    api.post(f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": person}})
    roles = f"{RBAC}/namespaces/{namespace}"
    assert api.post(f"{roles}/roles", {"metadata": {"name": person}, "rules": [rule]}).status == 201
    binding = {"metadata": {"name": person}, "subjects": [subject], "roleRef": role}
    assert api.post(f"{roles}/rolebindings", binding).status == 201
    return token_of(api, namespace, person)


def token_of(api: Api, namespace: str, account: str, audiences: list[str] | None = None) -> str:
    body = {"spec": {"expirationSeconds": 3600} | ({"audiences": audiences} if audiences else {})}
    answer = api.post(f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token", body)
    assert answer.status == 201, answer.message
    return str(answer.body["status"]["token"])


@pytest.fixture
def store_kubeconfig(api: Api, cluster: Any, tmp_path: Path) -> Path:
    """The store's own identity, bound to the ClusterRole titan-store."""
    api.post("/api/v1/namespaces", {"metadata": {"name": SYSTEM}})
    api.post(f"/api/v1/namespaces/{SYSTEM}/serviceaccounts", {"metadata": {"name": "titan-store"}})
    role = next(item for item in list_roles() if item["metadata"]["name"] == STORE_ROLE and "rules" in item)
    answer = api.post(f"{RBAC}/clusterroles", role)
    if answer.status == 409:
        assert api.put(f"{RBAC}/clusterroles/{STORE_ROLE}", role).status == 200
    subject = {"kind": "ServiceAccount", "name": "titan-store", "namespace": SYSTEM}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": STORE_ROLE}
    binding = {"metadata": {"name": "store-under-test"}, "subjects": [subject], "roleRef": reference}
    assert api.post(f"{RBAC}/clusterrolebindings", binding).status in (201, 409)
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    content = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": config["clusters"][0]["cluster"]}],
        "users": [{"name": "c", "user": {"token": token_of(api, SYSTEM, "titan-store")}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }
    path = tmp_path / "store.kubeconfig"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
async def told(namespace: str) -> AsyncIterator[tuple[str, "asyncio.Queue[Any]"]]:
    """A webhook: its URL, and what it was told of this test's namespace. Others may have gates in the same cluster."""
    queue: asyncio.Queue[Any] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        news = await request.json()
        if news["namespace"] == namespace:
            queue.put_nowait(news)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", queue
    await runner.cleanup()


@pytest.fixture
async def store(
    tmp_path: Path, store_kubeconfig: Path, told: tuple[str, "asyncio.Queue[Any]"]
) -> AsyncIterator[StoreProcess]:
    async with running_process(tmp_path / "data", store_kubeconfig, 0, "--webhook", told[0]) as running:
        yield running


def open_gate(api: Api, namespace: str, name: str, **spec: Any) -> str:
    """A gate that waits; returns its path."""
    path = f"/apis/titan.io/v1alpha1/namespaces/{namespace}/titanapprovals"
    subject = {"job": name, "jobID": "extract", "uid": "11111111-2222-3333-4444-555555555555", "round": 1}
    body = {
        "apiVersion": "titan.io/v1alpha1",
        "kind": "TitanApproval",
        "metadata": {"name": name},
        "spec": {"subject": subject, "message": "Ship it?", **spec},
    }
    created = api.post(path, body)
    assert created.status == 201, created.message
    now = "2099-01-01T00:00:00.000000Z"
    status = {"phase": "Pending", "openTime": now, "deadline": now, "observedGeneration": 1}
    answer = api.patch(f"{path}/{name}/status", {"status": status})
    assert answer.status == 200, answer.message
    return f"{path}/{name}"


async def test_a_gate_is_listed_decided_and_told(
    api: Api, namespace: str, store: StoreProcess, told: tuple[str, "asyncio.Queue[Any]"]
) -> None:
    alice = grant(api, namespace, "alice", ["get", "list", "approve"])
    mallory = grant(api, namespace, "mallory", ["get", "list", "patch"])
    person = f"system:serviceaccount:{namespace}:alice"
    gate = open_gate(api, namespace, "extract-gate")
    async with asyncio.timeout(30):
        opened = await told[1].get()
    assert (opened["event"], opened["namespace"], opened["gate"]) == ("GateOpened", namespace, "extract-gate")

    async with aiohttp.ClientSession(f"{store.url}/v1/namespaces/{namespace}/") as session:

        async def ask(token: str, verdict: str) -> tuple[int, Any]:
            headers = {"X-Titan-Token": token}
            path, body = "approvals/extract-gate/decision", {"verdict": verdict, "comment": "via HTTP"}
            async with session.post(path, json=body, headers=headers) as reply:
                return reply.status, await reply.json()

        async with session.get("approvals", headers={"Authorization": f"Bearer {alice}"}) as reply:
            assert [item["name"] for item in (await reply.json())["items"]] == ["extract-gate"]
        status, body = await ask(mallory, "Approve")
        assert (status, "may not approve titanapprovals" in body["error"]["message"]) == (403, True)
        assert (await ask("nonsense", "Approve"))[0] == 401
        status, body = await ask(alice, "Approve")
        assert (status, body["phase"]) == (200, "Approved")
        assert api.get(gate).body["spec"]["decisions"] == [
            {"user": person, "verdict": "Approve", "comment": "via HTTP"}
        ]
        status, body = await ask(alice, "Reject")
        assert (status, body["error"]["code"], person in body["error"]["message"]) == (409, "AlreadyDecided", True)

    decided = {"phase": "Approved", "decidedTime": "2099-01-01T00:00:01.000000Z", "decidedBy": [person]}
    assert api.patch(f"{gate}/status", {"status": decided}).status == 200
    async with asyncio.timeout(30):
        news = await told[1].get()
    assert (news["event"], news["verdict"], news["decidedBy"]) == ("GateDecided", "Approved", [person])


async def test_self_approval_and_strangers_are_refused_and_shared_identities_too(
    api: Api, namespace: str, store: StoreProcess
) -> None:
    alice = grant(api, namespace, "alice", ["approve"])
    shared = grant(api, namespace, "titan-client", ["approve"])
    requester = f"system:serviceaccount:{namespace}:alice"
    open_gate(api, namespace, "own", requestedBy=requester)
    open_gate(api, namespace, "named", approvers={"users": ["somebody"], "groups": []})
    open_gate(api, namespace, "grouped", approvers={"users": [], "groups": [f"system:serviceaccounts:{namespace}"]})
    cases = [
        (alice, "own", 403, "submitted the job"),
        (alice, "named", 403, "approvers"),
        (shared, "grouped", 403, "many people share"),
        (token_of(api, namespace, "titan-client", ["titan-store"]), "grouped", 403, "many people share"),
        (alice, "grouped", 200, ""),
    ]
    async with aiohttp.ClientSession(f"{store.url}/v1/namespaces/{namespace}/") as session:
        for token, gate, status, words in cases:
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(
                f"approvals/{gate}/decision", json={"verdict": "Approve"}, headers=headers
            ) as reply:
                body = await reply.json()
                assert (reply.status, words in json.dumps(body)) == (status, True), body


async def test_the_stores_role_lets_it_read_what_people_look_at(
    api: Api, namespace: str, store_kubeconfig: Path
) -> None:
    digest = f"sha256:{base64.b16encode(b'x' * 32).decode().lower()}"
    job = {
        "apiVersion": "titan.io/v1alpha1",
        "kind": "TitanJob",
        "metadata": {"name": "extract"},
        "spec": {"jobID": "extract", "source": {"script": {"fileName": "a.py", "digest": digest}}},
    }
    path = f"/apis/titan.io/v1alpha1/namespaces/{namespace}/titanjobs"
    answer = api.post(path, job)
    assert answer.status == 201, answer.message
    async with open_cluster(Credentials(lambda: read_kubeconfig(store_kubeconfig))) as cluster:
        assert namespace in (await cluster.namespaces()).values()
        text = "".join([page async for page in cluster.jobs(namespace)])
        read = await cluster.read(names.KIND_JOB, namespace, "extract")
        assert await cluster.events(namespace, names.KIND_JOB, "nobody") == []
        assert await cluster.pods(namespace, f"{names.LABEL_JOB_UID} in (a,b)") == []
    assert read is not None and read["spec"] == answer.body["spec"]
    assert digest in text
    assert answer.body["metadata"]["uid"] in text
