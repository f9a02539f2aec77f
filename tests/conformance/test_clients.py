"""Client libraries against the server: the official client, typed and dynamic, its watch, and kopf."""

import asyncio
import base64
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kopf
import pytest
import yaml
from conformance.api import Api, until
from conformance.conftest import Cluster
from conformance.objects import GROUP, PLURAL, VERSION, gadget
from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException

SECONDS = 20


@pytest.fixture
def official(cluster: Cluster, api: Api) -> Iterator[client.ApiClient]:
    settings = client.Configuration()
    config.load_kube_config(str(cluster.kubeconfig), client_configuration=settings)
    with client.ApiClient(settings) as made:
        yield made


def pod_object(name: str) -> client.V1Pod:
    container = client.V1Container(name="main", image="x", env=[client.V1EnvVar(name="A", value="b")])
    spec = client.V1PodSpec(scheduler_name="nobody", restart_policy="Never", containers=[container])
    return client.V1Pod(metadata=client.V1ObjectMeta(name=name, labels={"app": name}), spec=spec)


def test_the_typed_client_manages_pods(official: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(official)
    made = core.create_namespaced_pod(namespace, pod_object("p"))
    assert made.status.phase == "Pending" and made.metadata.creation_timestamp.tzinfo is not None
    listed = core.list_namespaced_pod(namespace, label_selector="app=p")
    assert [item.metadata.name for item in listed.items] == ["p"] and listed.metadata.resource_version
    change = {"metadata": {"labels": {"more": "yes"}}, "spec": {"containers": [{"name": "main", "image": "y"}]}}
    patched = core.patch_namespaced_pod("p", namespace, change)
    assert (patched.metadata.labels["more"], patched.spec.containers[0].image) == ("yes", "y")
    assert patched.spec.containers[0].env[0].value == "b"
    patched.metadata.labels["more"] = "no"
    assert core.replace_namespaced_pod("p", namespace, patched).metadata.labels["more"] == "no"
    with pytest.raises(ApiException) as conflict:
        core.replace_namespaced_pod("p", namespace, patched)
    assert (conflict.value.status, json.loads(conflict.value.body)["reason"]) == (409, "Conflict")
    assert core.delete_namespaced_pod("p", namespace, grace_period_seconds=0).metadata.name == "p"
    with pytest.raises(ApiException) as missing:
        core.read_namespaced_pod("p", namespace)
    assert missing.value.status == 404


def test_the_typed_client_pages_and_posts_events(official: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(official)
    for name in ("a", "b", "c"):
        core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name)))
    first = core.list_namespaced_config_map(namespace, limit=2)
    rest = core.list_namespaced_config_map(namespace, limit=9, _continue=first.metadata._continue)
    assert {"a", "b", "c"} <= {item.metadata.name for item in first.items + rest.items}
    involved = client.V1ObjectReference(kind="ConfigMap", name="a", namespace=namespace)
    metadata = client.V1ObjectMeta(generate_name="e-")
    event = client.CoreV1Event(metadata=metadata, involved_object=involved, reason="R", message="m", type="Normal")
    assert core.create_namespaced_event(namespace, event).metadata.name.startswith("e-")
    request = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=["titan-store"]))
    core.create_namespaced_service_account(namespace, client.V1ServiceAccount(metadata=client.V1ObjectMeta(name="sa")))
    assert core.create_namespaced_service_account_token("sa", namespace, request).status.token.count(".") == 2


def test_custom_objects_are_managed(official: client.ApiClient, namespace: str) -> None:
    custom = client.CustomObjectsApi(official)
    place = {"group": GROUP, "version": VERSION, "namespace": namespace, "plural": PLURAL}
    assert custom.create_namespaced_custom_object(**place, body=gadget("a"))["spec"]["mode"] == "slow"
    with pytest.raises(ApiException) as exists:
        custom.create_namespaced_custom_object(**place, body=gadget("a"))
    assert json.loads(exists.value.body)["reason"] == "AlreadyExists"
    body = {"status": {"phase": "Up"}}
    assert custom.patch_namespaced_custom_object_status(**place, name="a", body=body)["status"]["phase"] == "Up"
    assert custom.patch_namespaced_custom_object(**place, name="a", body={"spec": {"size": 2}})["spec"]["size"] == 2
    assert custom.list_namespaced_custom_object(**place)["kind"] == "GadgetList"
    assert custom.delete_namespaced_custom_object(**place, name="a")["status"] == "Success"


def test_the_clients_watch_sees_what_happens(
    official: client.ApiClient, api: Api, namespace: str, gadgets: str
) -> None:
    custom = client.CustomObjectsApi(official)
    version = api.get(gadgets).body["metadata"]["resourceVersion"]
    api.post(gadgets, gadget("a"))
    api.patch(f"{gadgets}/a", {"spec": {"size": 2}})
    api.delete(f"{gadgets}/a")
    seen = []
    stream = watch.Watch()
    for event in stream.stream(
        custom.list_namespaced_custom_object,
        GROUP,
        VERSION,
        namespace,
        PLURAL,
        resource_version=version,
        timeout_seconds=SECONDS,
    ):
        seen.append((event["type"], event["object"]["metadata"]["name"]))
        if len(seen) == 3:
            stream.stop()
    assert seen == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]


def test_the_dynamic_client_finds_kinds_by_discovery(
    official: client.ApiClient, namespace: str, tmp_path: Path
) -> None:
    found = dynamic.DynamicClient(official, cache_file=str(tmp_path / "discovery"))
    gadgets = found.resources.get(api_version=f"{GROUP}/{VERSION}", kind="Gadget")
    assert gadgets.create(body=gadget("a"), namespace=namespace).spec.mode == "slow"
    change = {"metadata": {"name": "a"}, "spec": {"size": 5}}
    patched = gadgets.patch(body=change, namespace=namespace, content_type="application/merge-patch+json")
    assert patched.spec.size == 5
    applied = gadgets.server_side_apply(body=gadget("a", {"code": "abc"}), namespace=namespace, field_manager="tests")
    assert (applied.spec.code, applied.spec.size) == ("abc", 5)
    assert [item.metadata.name for item in gadgets.get(namespace=namespace).items] == ["a"]
    assert gadgets.delete(name="a", namespace=namespace).status == "Success"


def connection(kubeconfig: Path) -> kopf.ConnectionInfo:
    content = yaml.safe_load(kubeconfig.read_text())
    cluster, user = content["clusters"][0]["cluster"], content["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"])
    return kopf.ConnectionInfo(server=cluster["server"], ca_data=authority, token=user["token"])


class Operator:
    """kopf in a thread of its own, with handlers that note what they were called for."""

    def __init__(self, kubeconfig: Path, namespace: str) -> None:
        self.calls: list[tuple[str, str]] = []
        self._namespace = namespace
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.registry = kopf.OperatorRegistry()
        kopf.on.login(registry=self.registry)(lambda **_: connection(kubeconfig))
        kopf.on.startup(registry=self.registry)(self._configure)
        kopf.on.create(GROUP, VERSION, PLURAL, registry=self.registry)(self._created)
        kopf.on.update(GROUP, VERSION, PLURAL, field="spec.size", registry=self.registry)(self._updated)
        kopf.on.delete(GROUP, VERSION, PLURAL, registry=self.registry)(self._deleted)
        kopf.on.event("", "v1", "configmaps", labels={"watched": "yes"}, registry=self.registry)(self._seen)

    def __enter__(self) -> "Operator":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(SECONDS)

    def _run(self) -> None:
        logging.getLogger("kopf").setLevel(logging.ERROR)
        asyncio.run(self._operate())

    async def _operate(self) -> None:
        await kopf.operator(registry=self.registry, namespaces=[self._namespace], standalone=True, stop_flag=self._stop)
        # kopf closes its TLS connections without waiting; a loop that ends too early leaves them to a warning.
        await asyncio.sleep(0.5)

    async def _configure(self, settings: kopf.OperatorSettings, **_: Any) -> None:
        settings.posting.enabled = False
        settings.persistence.finalizer = "conformance.titan.io/kopf"
        settings.process.ultimate_exiting_timeout = None

    async def _created(self, name: str, patch: kopf.Patch, body: kopf.Body, **_: Any) -> None:
        self.calls.append(("created", name))
        patch.status["phase"] = "Seen"

    async def _updated(self, name: str, new: Any, **_: Any) -> None:
        self.calls.append((f"size {new}", name))

    async def _deleted(self, name: str, **_: Any) -> None:
        self.calls.append(("deleted", name))

    async def _seen(self, type: str | None, name: str, **_: Any) -> None:
        self.calls.append((str(type), name))


def test_kopf_runs_its_handlers(api: Api, cluster: Cluster, namespace: str, gadgets: str, config_maps: str) -> None:
    api.post(gadgets, gadget("early"))
    with Operator(cluster.kubeconfig, namespace) as operator:
        until(lambda: ("created", "early") in operator.calls, what=f"the first handler, not {operator.calls}")
        api.post(gadgets, gadget("a", {"size": 1}))
        until(lambda: api.get(f"{gadgets}/a").body.get("status", {}).get("phase") == "Seen", what="the status")
        assert api.get(f"{gadgets}/a").body["metadata"]["finalizers"] == ["conformance.titan.io/kopf"]
        api.patch(f"{gadgets}/a", {"spec": {"size": 2}})
        until(lambda: ("size 2", "a") in operator.calls, what="the update")
        api.post(config_maps, {"metadata": {"name": "m", "labels": {"watched": "yes"}}})
        until(lambda: ("ADDED", "m") in operator.calls, what="the event")
        api.delete(f"{gadgets}/a")
        until(lambda: api.get(f"{gadgets}/a").status == 404, what="the end of the finalizer")
        assert [call for call, name in operator.calls if name == "a"] == ["created", "size 2", "deleted"]
        api.delete(f"{gadgets}/early")
        until(lambda: api.get(f"{gadgets}/early").status == 404, what="the end")
