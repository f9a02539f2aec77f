"""The four ClusterRoles of Titan and who holds them, as the Helm chart installs them in a real cluster; and that of the
controllers, which a real cluster brings along."""

from typing import Any

from titan_local.components import CONTROLLERS, OPERATOR, STORE, component_user
from titan_sdk.api import names

Json = dict[str, Any]

RBAC_GROUP = "rbac.authorization.k8s.io"
RBAC_VERSION = f"{RBAC_GROUP}/v1"
OPERATOR_ROLE, STORE_ROLE, CONTROLLERS_ROLE = "titan-operator", "titan-store", "titan-local-controllers"
JOB_ROLE, CLIENT_ROLE = names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT
"""The operator binds these, in each namespace, to the ServiceAccounts of the same names."""
READ = ["get", "list", "watch"]
DATA_VERBS = ["get", "list", "watch", "create", "update", "delete"]
_KINDS = [names.PLURAL_DAGS, names.PLURAL_JOBS, names.PLURAL_APPROVALS]


def list_roles() -> list[Json]:
    """ClusterRoles, then the bindings of the components."""
    roles = {
        OPERATOR_ROLE: _operator_rules(),
        STORE_ROLE: _store_rules(),
        JOB_ROLE: _job_rules(),
        CLIENT_ROLE: _client_rules(),
        CONTROLLERS_ROLE: _controllers_rules(),
    }
    objects = [
        {"apiVersion": RBAC_VERSION, "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}
        for name, rules in roles.items()
    ]
    holders = {OPERATOR_ROLE: OPERATOR, STORE_ROLE: STORE, CONTROLLERS_ROLE: CONTROLLERS}
    return [*objects, *(_binding(role, component) for role, component in holders.items())]


def _operator_rules() -> list[Json]:
    return [
        _rule(names.GROUP, _KINDS, READ),
        # It renews the owner of jobs that users applied, and removes what has outlived its time.
        _rule(names.GROUP, [names.PLURAL_DAGS, names.PLURAL_JOBS], ["patch", "delete"]),
        _rule(names.GROUP, [names.PLURAL_APPROVALS], ["create", "patch", "delete"]),
        _rule(names.GROUP, [f"{kind}/status" for kind in _KINDS], ["get", "patch", "update"]),
        # Owner references that block their owner's deletion need this where that is checked.
        _rule(names.GROUP, [f"{kind}/finalizers" for kind in _KINDS], ["update"]),
        _rule("", ["pods"], [*READ, "create", "patch", "delete"]),
        _rule("", ["pods/log"], ["get"]),
        # Services, and the Deployments that keep them alive.
        _rule("apps", ["deployments"], [*READ, "create", "delete"]),
        _rule("", ["services"], [*READ, "create", "delete"]),
        _rule("", ["namespaces", "nodes"], READ),
        _rule("", ["serviceaccounts"], [*READ, "create"]),
        _rule("", ["events"], ["create", "patch"]),
        _rule("events.k8s.io", ["events"], ["create", "patch"]),
        _rule(RBAC_GROUP, ["rolebindings"], [*READ, "create"]),
        _rule(RBAC_GROUP, ["clusterroles"], ["bind"], [JOB_ROLE, CLIENT_ROLE]),
        _rule("coordination.k8s.io", ["leases"], ["get", "create", "update", "patch"]),
        _rule("apiextensions.k8s.io", ["customresourcedefinitions"], READ),
        _rule(names.STORE_GROUP, ["outcomes", "logs"], [*READ, "create"]),
    ]


def _store_rules() -> list[Json]:
    return [
        _rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
        _rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
        _rule("", ["pods"], ["get"]),
        _rule("", ["namespaces"], READ),
        # Which blobs are still needed is said by the jobs that mention them.
        _rule(names.GROUP, [names.PLURAL_JOBS], ["list"]),
        # It records decisions of people whom it has authenticated, and tells webhooks of gates.
        _rule(names.GROUP, [names.PLURAL_APPROVALS], [*READ, "patch"]),
    ]


def _controllers_rules() -> list[Json]:
    return [
        _rule("apps", ["deployments"], READ),
        _rule("apps", ["deployments/status"], ["patch"]),
        _rule("", ["pods"], [*READ, "create", "delete"]),
        _rule("", ["services"], READ),
        _rule("", ["endpoints"], [*READ, "create", "patch"]),
    ]


def _job_rules() -> list[Json]:
    """Jobs may submit further work and use the store; they decide about no gate."""
    return [
        _rule(names.GROUP, [names.PLURAL_DAGS, names.PLURAL_JOBS], [*READ, "create"]),
        # A job that adds jobs to its own DAG raises spec.jobCount; what else of a DAG may change harms no gate.
        _rule(names.GROUP, [names.PLURAL_DAGS], ["patch"]),
        _rule(names.GROUP, [names.PLURAL_APPROVALS], READ),
        _rule(names.STORE_GROUP, ["values", "files"], DATA_VERBS),
        _rule(names.STORE_GROUP, ["logs", "outcomes"], [*READ, "create"]),
    ]


def _client_rules() -> list[Json]:
    """People; what they may do to the kinds themselves is their own account's affair."""
    return [
        _rule(names.STORE_GROUP, ["values", "files"], DATA_VERBS),
        _rule(names.STORE_GROUP, ["logs", "outcomes"], READ),
    ]


def _rule(group: str, resources: list[str], verbs: list[str], only: list[str] | None = None) -> Json:
    rule: Json = {"apiGroups": [group], "resources": resources, "verbs": verbs}
    return rule | {"resourceNames": only} if only else rule


def _binding(role: str, component: str) -> Json:
    return {
        "apiVersion": RBAC_VERSION,
        "kind": "ClusterRoleBinding",
        "metadata": {"name": role},
        "roleRef": {"apiGroup": RBAC_GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": RBAC_GROUP, "kind": "User", "name": component_user(component)}],
    }
