"""The Endpoints of a Service: a pure function of it and the pods of its namespace.

All pods share one address here. So two services that want the same port cannot both run: the second one's program
says that the address is in use, and its pod is never ready.
"""

from collections.abc import Iterable

from titan_api.json_types import Json
from titan_local.controllers.deployments import is_ready

ADDRESS = "127.0.0.1"


def build_endpoints(service: Json, pods: Iterable[Json]) -> Json | None:
    """Where the Service leads now; None for a Service whose endpoints somebody else keeps (it has no selector)."""
    selector = service["spec"].get("selector")
    if not selector:
        return None
    chosen = [pod for pod in pods if is_ready(pod) and _matches(pod, service["metadata"]["namespace"], selector)]
    return {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": service["metadata"]["name"], "ownerReferences": [_owner(service)]},
        "subsets": [_subset(service, pod) for pod in chosen],
    }


def _matches(pod: Json, namespace: str, selector: Json) -> bool:
    labels = pod["metadata"].get("labels") or {}
    return bool(pod["metadata"]["namespace"] == namespace and selector.items() <= labels.items())


def _subset(service: Json, pod: Json) -> Json:
    metadata = pod["metadata"]
    target = {"kind": "Pod", "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"]}
    address = {"ip": ADDRESS, "nodeName": pod["spec"].get("nodeName"), "targetRef": target}
    return {"addresses": [address], "ports": [_port(port, pod) for port in service["spec"]["ports"]]}


def _port(port: Json, pod: Json) -> Json:
    target = port.get("targetPort") or port["port"]
    if isinstance(target, str):
        offered = [p for container in pod["spec"]["containers"] for p in container.get("ports") or ()]
        target = next((p["containerPort"] for p in offered if p.get("name") == target), port["port"])
    result = {"port": target, "protocol": port.get("protocol", "TCP")}
    return result | ({"name": port["name"]} if port.get("name") else {})


def _owner(service: Json) -> Json:
    metadata = service["metadata"]
    return {"apiVersion": "v1", "kind": "Service", "name": metadata["name"], "uid": metadata["uid"]}
