"""The ClusterRoles of Titan, as the Helm chart installs them in a real cluster; and who holds them here, with the role of
the controllers, which a real cluster brings along."""

from titan_api import names
from titan_api.json_types import Json
from titan_local.running.components import CONTROLLERS, OPERATOR, STORE, component_user

RBAC_GROUP = "rbac.authorization.k8s.io"
RBAC_VERSION = f"{RBAC_GROUP}/v1"
OPERATOR_ROLE, STORE_ROLE, CONTROLLERS_ROLE = "titan-operator", "titan-store", "titan-local-controllers"
JOB_ROLE, CLIENT_ROLE = names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT
"""The operator binds these, in each namespace, to the ServiceAccounts of the same names."""
VIEW_ROLE, EDIT_ROLE, APPROVER_ROLE = "titan-view", "titan-edit", "titan-approver"
AGGREGATED = {VIEW_ROLE: "view", EDIT_ROLE: "edit"}
"""Kubernetes adds these to its own roles for people (a real cluster does; here nobody has those)."""
READ = ["get", "list", "watch"]
WRITE = ["create", "update", "patch", "delete", "deletecollection"]
DATA_VERBS = ["get", "list", "watch", "create", "update", "delete"]
POLICY_RESOURCES = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"]
_KINDS = [names.PLURAL_DAGS, names.PLURAL_JOBS, names.PLURAL_APPROVALS]


def list_roles() -> list[Json]:
    """ClusterRoles, then the bindings of the components."""
    objects = [*map(_role, list_rules().items()), _role((CONTROLLERS_ROLE, _controllers_rules()))]
    holders = {OPERATOR_ROLE: OPERATOR, STORE_ROLE: STORE, CONTROLLERS_ROLE: CONTROLLERS}
    return [*objects, *(_binding(role, component) for role, component in holders.items())]


def list_rules() -> dict[str, list[Json]]:
    """The rules of Titan's own roles, by name: the chart's are the same."""
    return {
        OPERATOR_ROLE: _operator_rules(),
        STORE_ROLE: _store_rules(),
        JOB_ROLE: _job_rules(),
        CLIENT_ROLE: _client_rules(),
        VIEW_ROLE: _view_rules(),
        EDIT_ROLE: _edit_rules(),
        APPROVER_ROLE: _approver_rules(),
    }


def _operator_rules() -> list[Json]:
    return [
        _rule(names.GROUP, _KINDS, READ),
        # It renews the owner of jobs that users applied, and removes what has outlived its time.
        _rule(names.GROUP, [names.PLURAL_DAGS, names.PLURAL_JOBS], ["patch", "delete"]),
        _rule(names.GROUP, [names.PLURAL_APPROVALS], ["create", "delete"]),
        _rule(names.GROUP, [f"{kind}/status" for kind in _KINDS], ["get", "patch", "update"]),
        # Owner references that block their owner's deletion need this where that is checked.
        _rule(names.GROUP, [f"{kind}/finalizers" for kind in _KINDS], ["update"]),
        _rule("", ["pods"], [*READ, "create", "patch", "delete"]),
        # Services, and the Deployments that keep them alive.
        _rule("apps", ["deployments"], [*READ, "create", "delete"]),
        _rule("", ["services"], [*READ, "create", "delete"]),
        _rule("", ["namespaces", "nodes"], READ),
        _rule("", ["serviceaccounts"], [*READ, "create"]),
        _rule("", ["events"], ["create", "patch"]),
        _rule("events.k8s.io", ["events"], ["create", "patch"]),
        # Where people find the store is written on it.
        _rule("", ["serviceaccounts"], ["patch"], [CLIENT_ROLE]),
        # Whoever binds a role must hold its rights; holding just these is less than the verb "bind" on anything.
        _rule(RBAC_GROUP, ["rolebindings"], [*READ, "create"]),
        *_job_rules(),
        *_client_rules(),
        # Whether the API server proves who decides about gates.
        _rule("admissionregistration.k8s.io", POLICY_RESOURCES, ["get"], list(names.POLICIES)),
        _rule("coordination.k8s.io", ["leases"], ["get", "create", "update", "patch"]),
        _rule("apiextensions.k8s.io", ["customresourcedefinitions"], READ),
    ]


def _store_rules() -> list[Json]:
    return [
        _rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
        _rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
        _rule("", ["namespaces", "nodes"], READ),
        _rule("", ["pods"], ["get", "list"]),
        _rule("", ["events"], ["list"]),
        # It shows them on its page, keeps the blobs that jobs mention, tells webhooks of gates; and what people whom it
        # has authenticated decide, cancel, retry or say, it writes down.
        _rule(names.GROUP, _KINDS, [*READ, "patch"]),
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
        # A job that adds jobs to its own DAG raises spec.jobCount; the policy titan-requesters permits nothing else.
        _rule(names.GROUP, [names.PLURAL_DAGS], ["patch"]),
        _rule(names.GROUP, [names.PLURAL_APPROVALS], READ),
        _rule(names.STORE_GROUP, ["values", "files"], DATA_VERBS),
        _rule(names.STORE_GROUP, ["logs", "outcomes"], [*READ, "create"]),
    ]


def _client_rules() -> list[Json]:
    """People in the store; also on its page, where the kinds can only be looked at as this shared identity."""
    return [
        _rule(names.GROUP, _KINDS, READ),
        _rule(names.STORE_GROUP, ["values", "files"], DATA_VERBS),
        _rule(names.STORE_GROUP, ["logs", "outcomes"], READ),
    ]


def _view_rules() -> list[Json]:
    return [
        _rule(names.GROUP, _KINDS, READ),
        # On it stands where the store is.
        _rule("", ["serviceaccounts"], ["get"], [CLIENT_ROLE]),
    ]


def _edit_rules() -> list[Json]:
    """People who submit: they run code in the namespace, and decide about no gate."""
    return [
        *_view_rules(),
        _rule(names.GROUP, [names.PLURAL_DAGS, names.PLURAL_JOBS], WRITE),
        # With such a token they use the store.
        _rule("", ["serviceaccounts/token"], ["create"], [CLIENT_ROLE]),
    ]


def _approver_rules() -> list[Json]:
    """People who decide; the policy titan-approvals keeps them to that."""
    return [
        _rule(names.GROUP, [names.PLURAL_APPROVALS], [*READ, "patch", names.APPROVE_VERB]),
        # The SDK finds a gate by its job.
        _rule(names.GROUP, [names.PLURAL_DAGS, names.PLURAL_JOBS], READ),
    ]


def _role(named: tuple[str, list[Json]]) -> Json:
    name, rules = named
    metadata: Json = {"name": name}
    if name in AGGREGATED:
        metadata["labels"] = {f"{RBAC_GROUP}/aggregate-to-{AGGREGATED[name]}": "true"}
    return {"apiVersion": RBAC_VERSION, "kind": "ClusterRole", "metadata": metadata, "rules": rules}


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
