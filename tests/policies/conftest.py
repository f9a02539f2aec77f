"""A real API server with Titan's kinds, roles and policies, and people with all sorts of rights."""

import time
from collections.abc import Iterator

import pytest
from builders.kubernetes.bare_server import BareServer, bare_server
from builders.kubernetes.policies import GROUP, JOB_USER, NAMESPACE, OPERATOR, STORE, SYSTEM, dag, gate, list_policies
from titan_local.roles import OPERATOR_ROLE, RBAC_GROUP, RBAC_VERSION, STORE_ROLE, list_rules

from titan_api.json_types import Json
from titan_api.kinds.crds import custom_resource_definitions

APPROVER_ROLE, EDIT_ROLE = "titan-approver", "titan-edit"
LOCAL = {
    "alice": [APPROVER_ROLE],
    "bob": [APPROVER_ROLE],
    "dave": [APPROVER_ROLE],
    "erin": [APPROVER_ROLE, EDIT_ROLE],
    "frank": [EDIT_ROLE],
    "writer": ["may-write-everything-of-titan"],
    JOB_USER: ["titan-job", APPROVER_ROLE],
    f"system:serviceaccount:{NAMESPACE}:titan-client": ["titan-client", APPROVER_ROLE],
}
"""Who has which ClusterRoles in the namespace; jobs and clients are approvers by somebody's mistake."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareServer]:
    """Everything is there when a test begins."""
    with bare_server(tmp_path_factory.mktemp("server")) as running:
        _install(running)
        yield running


def _install(server: BareServer) -> None:
    server.apply(*custom_resource_definitions())
    for name in (NAMESPACE, SYSTEM):
        server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    verbs = ["get", "list", "create", "update", "patch", "delete"]
    everything = {"apiGroups": ["titan.io"], "resources": ["*"], "verbs": verbs}
    for name, rules in (list_rules() | {"may-write-everything-of-titan": [everything]}).items():
        server.apply({"apiVersion": RBAC_VERSION, "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules})
    for user, role in ((OPERATOR, OPERATOR_ROLE), (STORE, STORE_ROLE)):
        server.apply(_binding("ClusterRoleBinding", user, role))
    for user, roles in LOCAL.items():
        server.apply(*(_binding("RoleBinding", user, role) for role in roles))
    server.apply(*list_policies())
    _await(server)


def _binding(kind: str, user: str, role: str) -> Json:
    metadata = {"name": f"{user.replace(':', '-')}-{role}"}
    if kind == "RoleBinding":
        metadata["namespace"] = NAMESPACE
    return {
        "apiVersion": RBAC_VERSION,
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": RBAC_GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "User", "apiGroup": RBAC_GROUP, "name": user}],
    }


def _await(server: BareServer) -> None:
    """Kinds are served, and policies in force, a moment after they were created."""
    path = f"/apis/{GROUP}/namespaces/{NAMESPACE}"
    probes = {f"{path}/titandags": dag("probe", "nobody"), f"{path}/titanapprovals": gate("probe")}
    give_up = time.monotonic() + 60
    while probes and time.monotonic() < give_up:
        time.sleep(0.2)
        for collection, body in tuple(probes.items()):
            code, _ = server.call("POST", collection, body)
            if code == 403:
                del probes[collection]
            elif code == 201:
                server.call("DELETE", f"{collection}/probe")
    assert not probes, "the policies did not come into force"
