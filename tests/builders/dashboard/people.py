"""People of an embedded cluster who look at the dashboard: each has a token and exactly the rights of a role or two."""

from dataclasses import dataclass

from titan_local.apiserver.identity.tokens import ensure_static_token
from titan_local.clusters import LocalCluster
from titan_local.credentials import MASTERS
from titan_local.roles import RBAC_GROUP, RBAC_VERSION
from titan_local.running.admin import Admin, AdminError

from titan_api import names
from titan_api.json_types import Json

NAMESPACE = "default"
CLIENT_ROLE, VIEW_ROLE = "titan-client", "titan-view"
EDIT_ROLE, APPROVER_ROLE = "titan-edit", "titan-approver"
READ = ["get", "list", "watch"]
READER_ROLE = "test-store-reader"
"""What a read-only viewer may read of the store and of Kubernetes' events."""
AUDIENCE = "titan-store"


@dataclass(frozen=True)
class Viewer:
    """Somebody with a token."""

    name: str
    token: str


@dataclass(frozen=True)
class People:
    """Everybody whom the tests know."""

    admin: Viewer
    requester: Viewer
    """Submits, cancels, retries; decides about nothing."""
    approver: Viewer
    reader: Viewer
    """Sees everything in the namespace and may change nothing."""
    stranger: Viewer
    """Has a valid token and not one right."""
    shared: Viewer
    """The ServiceAccount that stands for all who have only a client certificate."""


def invite(cluster: LocalCluster) -> People:
    """Make them, with their rights, once per cluster."""
    admin = Admin(cluster.state_dir / "kubeconfig")
    try:
        _create(admin, f"/apis/{RBAC_VERSION}/clusterroles", _reader_role())
        rights = {
            "rita": [EDIT_ROLE, CLIENT_ROLE, READER_ROLE],
            "anna": [APPROVER_ROLE, READER_ROLE],
            "vera": [VIEW_ROLE, READER_ROLE],
        }
        for name, roles in rights.items():
            for role in roles:
                _create(admin, f"/apis/{RBAC_VERSION}/namespaces/{NAMESPACE}/rolebindings", _binding(name, role))
        shared = _request_token(admin)
    finally:
        admin.close()

    def viewer(name: str, *groups: str) -> Viewer:
        return Viewer(name, ensure_static_token(cluster.state_dir, name, list(groups)))

    return People(
        admin=viewer("ada", MASTERS),
        requester=viewer("rita"),
        approver=viewer("anna"),
        reader=viewer("vera"),
        stranger=viewer("stan"),
        shared=Viewer(f"system:serviceaccount:{NAMESPACE}:{CLIENT_ROLE}", shared),
    )


def _request_token(admin: Admin) -> str:
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{CLIENT_ROLE}"
    spec = {"audiences": [AUDIENCE], "expirationSeconds": 7200}
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    return str(admin.request("POST", f"{path}/token", body)["status"]["token"])


def _create(admin: Admin, path: str, body: Json) -> None:
    try:
        admin.request("POST", path, body)
    except AdminError as error:
        if error.code != 409:
            raise


def _reader_role() -> Json:
    rules = [
        {"apiGroups": [names.STORE_GROUP], "resources": ["values", "files", "logs", "outcomes"], "verbs": READ},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["list"]},
    ]
    metadata = {"name": READER_ROLE}
    return {"apiVersion": RBAC_VERSION, "kind": "ClusterRole", "metadata": metadata, "rules": rules}


def _binding(user: str, role: str) -> Json:
    return {
        "apiVersion": RBAC_VERSION,
        "kind": "RoleBinding",
        "metadata": {"name": f"{user}-{role}"},
        "roleRef": {"apiGroup": RBAC_GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": RBAC_GROUP, "kind": "User", "name": user}],
    }
