"""Which components of a cluster are ready: asked of the components themselves, not of the supervisor."""

import http.client
from collections.abc import Callable
from typing import Any

from titan_local.nodes import read_nodes
from titan_local.running.admin import Admin, AdminError, answers_ok
from titan_local.running.components import API_SERVER, KUBELET, OPERATOR, STORE
from titan_local.running.states import Ports, StateDir, store_url


class Readiness:
    """Asks each component until it has been ready once; the scheduler has no probe and is ready once it runs."""

    def __init__(self, state: StateDir, ports: Ports) -> None:
        self._admin = Admin(state.kubeconfig)
        self._announced = {node.name for node in read_nodes(state.nodes_file)}
        self._checks: dict[str, Callable[[], bool]] = {
            API_SERVER: self._api_server,
            STORE: lambda: answers_ok(f"{store_url(ports)}/readyz"),
            KUBELET: self._nodes,
            OPERATOR: lambda: answers_ok(f"http://127.0.0.1:{ports.probes}/readyz"),
        }

    def missing(self) -> list[str]:
        """The components that have not been ready yet; later ones are asked only after the earlier ones."""
        for name, check in list(self._checks.items()):
            if check():
                del self._checks[name]
            elif name == API_SERVER:
                break
        return list(self._checks)

    def close(self) -> None:
        """Close the connection to the API server."""
        self._admin.close()

    def _api_server(self) -> bool:
        try:
            self._admin.request("GET", "/readyz")
        except (AdminError, OSError, http.client.HTTPException):
            return False
        return True

    def _nodes(self) -> bool:
        """All nodes that the file announces are Ready."""
        try:
            items = self._admin.request("GET", "/api/v1/nodes")["items"]
        except (AdminError, OSError, http.client.HTTPException):
            return False
        return self._announced <= {node["metadata"]["name"] for node in items if _is_ready(node)}


def _is_ready(node: dict[str, Any]) -> bool:
    conditions = (node.get("status") or {}).get("conditions") or []
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
