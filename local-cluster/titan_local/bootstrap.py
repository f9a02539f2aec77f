"""``python -m titan_local.bootstrap``: what must be in the API server before anybody can use Titan.

Kinds, roles, priority classes and the store's address. Run at each start; what is there and right is left alone.
"""

import argparse
import http.client
import logging
import sys
import time
from pathlib import Path

from titan_api import names
from titan_api.json_types import Json
from titan_api.kinds.crds import custom_resource_definitions
from titan_api.likeness import contains
from titan_local.files import write_atomically
from titan_local.roles import RBAC_VERSION, list_roles
from titan_local.running.admin import Admin, AdminError
from titan_local.running.states import Ports, StateDir

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 60.0
ASK_SECONDS = 0.02
PRIORITIES = range(1, 11)
PRIORITY_STEP = 1000
_PATHS = {
    "Namespace": "/api/v1/namespaces",
    "Service": f"/api/v1/namespaces/{names.SYSTEM_NAMESPACE}/services",
    "Endpoints": f"/api/v1/namespaces/{names.SYSTEM_NAMESPACE}/endpoints",
    "ClusterRole": f"/apis/{RBAC_VERSION}/clusterroles",
    "ClusterRoleBinding": f"/apis/{RBAC_VERSION}/clusterrolebindings",
    "PriorityClass": "/apis/scheduling.k8s.io/v1/priorityclasses",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}
_COMPARED = ("spec", "rules", "roleRef", "subjects", "subsets", "value", "preemptionPolicy")


def list_objects(ports: Ports) -> list[Json]:
    """Everything, in the order in which it is created."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": names.SYSTEM_NAMESPACE}}
    priorities = [_priority_class(priority) for priority in PRIORITIES]
    return [namespace, *list_roles(), *custom_resource_definitions(), *priorities, *_store_address(ports)]


def apply(admin: Admin, obj: Json) -> None:
    """Create the object, or correct what differs from it. Raises AdminError."""
    collection, name = _PATHS[obj["kind"]], obj["metadata"]["name"]
    try:
        admin.request("POST", collection, obj)
    except AdminError as error:
        if error.code != 409:
            raise
        found = admin.request("GET", f"{collection}/{name}")
        wanted = {field: obj[field] for field in _COMPARED if field in obj}
        if any(not contains(found.get(field), value) for field, value in wanted.items()):
            admin.request("PUT", f"{collection}/{name}", found | wanted)


def main() -> int:
    """Wait for the API server and apply everything; returns 1 if it does not answer or refuses."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    parser = argparse.ArgumentParser(prog="python -m titan_local.bootstrap", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True)
    state = StateDir(parser.parse_args().state_dir)
    ports = state.read_ports()
    if ports is None:
        log.error("%s is missing or damaged", state.ports_file)
        return 1
    admin, objects = Admin(state.kubeconfig), list_objects(ports)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            for obj in objects:
                apply(admin, obj)
            write_atomically(state.bootstrapped, "", durably=False)
            return 0
        except AdminError as error:
            log.error("the API server refused %s", error)
            return 1
        except (OSError, http.client.HTTPException):
            time.sleep(ASK_SECONDS)
    log.error("the API server did not answer within %.0f s", PATIENCE_SECONDS)
    return 1


def _priority_class(priority: int) -> Json:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": names.priority_class_name(priority)},
        "value": priority * PRIORITY_STEP,
        "preemptionPolicy": "Never",
        "globalDefault": False,
        "description": f"Titan jobs of priority {priority}.",
    }


def _store_address(ports: Ports) -> list[Json]:
    metadata = {"name": names.STORE_SERVICE, "namespace": names.SYSTEM_NAMESPACE}
    port = {"name": names.STORE_PORT_NAME, "port": ports.store, "protocol": "TCP"}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [port]}}
    subset = {"addresses": [{"ip": "127.0.0.1"}], "ports": [port]}
    return [service, {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [subset]}]


if __name__ == "__main__":
    sys.exit(main())
