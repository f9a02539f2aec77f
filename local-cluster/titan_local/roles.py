"""The ClusterRoles of Titan, as the Helm chart installs them in a real cluster; and who holds them here, with the role of
the controllers, which a real cluster brings along. What each may do is in ``roles.yaml``."""

from pathlib import Path

import yaml

from titan_api.json_types import Json
from titan_local.running.components import CONTROLLERS, OPERATOR, STORE, component_user

RBAC_GROUP = "rbac.authorization.k8s.io"
RBAC_VERSION = f"{RBAC_GROUP}/v1"
OPERATOR_ROLE, STORE_ROLE, CONTROLLERS_ROLE = "titan-operator", "titan-store", "titan-local-controllers"
AGGREGATED = {"titan-view": "view", "titan-edit": "edit"}
"""Kubernetes adds these to its own roles for people (a real cluster does; here nobody has those)."""
_RULES = Path(__file__).with_name("roles.yaml")


def list_roles() -> list[Json]:
    """ClusterRoles, then the bindings of the components."""
    holders = {OPERATOR_ROLE: OPERATOR, STORE_ROLE: STORE, CONTROLLERS_ROLE: CONTROLLERS}
    return [*map(_role, _read().items()), *(_binding(role, component) for role, component in holders.items())]


def list_rules() -> dict[str, list[Json]]:
    """The rules of Titan's own roles, by name: the chart's are the same."""
    return {name: rules for name, rules in _read().items() if name != CONTROLLERS_ROLE}


def _read() -> dict[str, list[Json]]:
    rules: dict[str, list[Json]] = yaml.safe_load(_RULES.read_text())
    return rules


def _role(named: tuple[str, list[Json]]) -> Json:
    name, rules = named
    metadata: Json = {"name": name}
    if name in AGGREGATED:
        metadata["labels"] = {f"{RBAC_GROUP}/aggregate-to-{AGGREGATED[name]}": "true"}
    return {"apiVersion": RBAC_VERSION, "kind": "ClusterRole", "metadata": metadata, "rules": rules}


def _binding(role: str, component: str) -> Json:
    return {
        "apiVersion": RBAC_VERSION,
        "kind": "ClusterRoleBinding",
        "metadata": {"name": role},
        "roleRef": {"apiGroup": RBAC_GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": RBAC_GROUP, "kind": "User", "name": component_user(component)}],
    }
