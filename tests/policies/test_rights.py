"""The ClusterRoles on a real API server: enough for the operator's work, and nothing to rise by."""

import pytest
from builders.kubernetes.bare_server import BareServer
from builders.kubernetes.policies import JOB_USER, NAMESPACE, OPERATOR, STORE

from titan_api.json_types import Json

BINDINGS = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{NAMESPACE}/rolebindings"


def bind(server: BareServer, role: str) -> tuple[int, Json]:
    body = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"by-operator-{role}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": "titan-job", "namespace": NAMESPACE}],
    }
    return server.call("POST", BINDINGS, body, user=OPERATOR)


@pytest.mark.parametrize("role", ["titan-job", "titan-client"])
def test_the_operator_may_give_the_rights_of_jobs_and_clients_without_the_verb_bind(
    server: BareServer, role: str
) -> None:
    code, answer = bind(server, role)
    assert code == 201, answer


@pytest.mark.parametrize("role", ["cluster-admin", "titan-edit", "titan-approver", "titan-store", "system:node"])
def test_the_operator_can_give_nobody_more_than_that(server: BareServer, role: str) -> None:
    code, answer = bind(server, role)
    assert code == 403
    assert "attempting to grant RBAC permissions not currently held" in answer["message"]


MAY: list[tuple[str, str, str, str, bool]] = [
    (
        JOB_USER,
        "approve",
        "titan.io",
        "titanapprovals",
        True,
    ),  # Somebody's mistake: the policy refuses it all the same.
    ("frank", "approve", "titan.io", "titanapprovals", False),
    ("frank", "patch", "titan.io", "titanapprovals", False),
    ("frank", "create", "titan.io", "titandags", True),
    ("frank", "delete", "titan.io", "titanjobs", True),
    ("frank", "create", "", "pods", False),
    ("alice", "approve", "titan.io", "titanapprovals", True),
    ("alice", "create", "titan.io", "titanjobs", False),
    (OPERATOR, "approve", "titan.io", "titanapprovals", False),
    (OPERATOR, "patch", "titan.io", "titanapprovals", False),
    (OPERATOR, "get", "", "secrets", False),
    (OPERATOR, "list", "", "secrets", False),
    (OPERATOR, "impersonate", "", "users", False),
    (STORE, "approve", "titan.io", "titanapprovals", False),
    (STORE, "create", "", "pods", False),
    (STORE, "list", "", "secrets", False),
]


@pytest.mark.parametrize(("user", "verb", "group", "resource", "allowed"), MAY)
def test_who_may_do_what(server: BareServer, user: str, verb: str, group: str, resource: str, *, allowed: bool) -> None:
    attributes = {"namespace": NAMESPACE, "verb": verb, "group": group, "resource": resource}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "resourceAttributes": attributes},
    }
    _, answer = server.call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
    assert bool(answer["status"].get("allowed")) is allowed


def test_people_who_submit_get_tokens_of_the_client_account_alone(server: BareServer) -> None:
    for account in ("titan-client", "titan-job"):
        manifest = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account, "namespace": NAMESPACE}}
        server.apply(manifest)
    request = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"audiences": ["titan-store"]},
    }
    accounts = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts"
    assert server.call("POST", f"{accounts}/titan-client/token", request, user="frank")[0] == 201
    assert server.call("POST", f"{accounts}/titan-job/token", request, user="frank")[0] == 403
