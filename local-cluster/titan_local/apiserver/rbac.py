"""Role-based access control: who may do what, and who may give rights to others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from titan_local.apiserver.storage import Storage
from titan_local.apiserver.tokens import MASTERS, User

Json = dict[str, Any]

_GROUP = "rbac.authorization.k8s.io"
_FOR_EVERYBODY: list[Json] = [
    {
        "apiGroups": ["authentication.k8s.io", "authorization.k8s.io"],
        "resources": ["selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        "verbs": ["create"],
    },
    {"nonResourceURLs": ["*"], "verbs": ["get"]},
]


@dataclass(frozen=True)
class Attributes:
    """What somebody wants to do."""

    verb: str
    group: str = ""
    resource: str = ""
    """With its subresource, as ``pods/log``."""
    namespace: str = ""
    name: str = ""
    path: str = ""
    """Instead of a resource, for /healthz and the like."""


class Authorizer:
    """Evaluates the Roles and bindings that are stored."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def check(self, user: User, wanted: Attributes) -> tuple[bool, str]:
        """Whether it is allowed, and why."""
        if MASTERS in user.groups:
            return True, ""
        for rule, source in self.rules(user, wanted.namespace):
            if _covers(rule, wanted):
                return True, source
        return False, ""

    def rules(self, user: User, namespace: str) -> Iterator[tuple[Json, str]]:
        """The rules that apply to a user in a namespace, with the binding each comes from."""
        if "system:authenticated" in user.groups:
            yield from ((rule, "RBAC: allowed to every authenticated user") for rule in _FOR_EVERYBODY)
        for binding in self._storage.select(f"clusterrolebindings.{_GROUP}"):
            yield from self._bound_rules(user, binding, "ClusterRoleBinding", "")
        if namespace:
            for binding in self._storage.select(f"rolebindings.{_GROUP}", namespace):
                yield from self._bound_rules(user, binding, "RoleBinding", namespace)

    def missing_for(self, user: User, obj: Json, namespace: str) -> list[Json]:
        """The rules of a Role or binding that the user does not hold and so may not give away."""
        if MASTERS in user.groups:
            return []
        rules = obj.get("rules") if "roleRef" not in obj else self._role_rules(obj["roleRef"], namespace)
        held = [rule for rule, _ in self.rules(user, namespace)]
        return [rule for rule in rules or [] if not all(_rule_covers(held, piece) for piece in _pieces(rule))]

    def _bound_rules(self, user: User, binding: Json, kind: str, namespace: str) -> Iterator[tuple[Json, str]]:
        subject = next((s for s in binding.get("subjects") or [] if _is_subject(s, user, namespace)), None)
        if subject is None:
            return
        role, metadata = binding["roleRef"], binding["metadata"]
        where = f"{metadata['name']}/{namespace}" if namespace else metadata["name"]
        who = f'{subject["kind"]} "{subject["name"]}"'
        reason = f'RBAC: allowed by {kind} "{where}" of {role["kind"]} "{role["name"]}" to {who}'
        yield from ((rule, reason) for rule in self._role_rules(role, namespace))

    def _role_rules(self, reference: Json, namespace: str) -> list[Json]:
        is_cluster_role = reference["kind"] == "ClusterRole"
        plural = "clusterroles" if is_cluster_role else "roles"
        role = self._storage.get(f"{plural}.{_GROUP}", "" if is_cluster_role else namespace, reference["name"])
        return (role.get("rules") or []) if role is not None else []


def _is_subject(subject: Json, user: User, namespace: str) -> bool:
    match subject.get("kind"):
        case "User":
            return bool(subject["name"] == user.name)
        case "Group":
            return subject["name"] in user.groups
        case "ServiceAccount":
            return user.name == f"system:serviceaccount:{subject.get('namespace', namespace)}:{subject['name']}"
    return False


def _covers(rule: Json, wanted: Attributes) -> bool:
    if not _in(rule.get("verbs"), wanted.verb):
        return False
    if wanted.path:
        return any(url in ("*", wanted.path) for url in rule.get("nonResourceURLs") or [])
    if not _in(rule.get("apiGroups"), wanted.group) or not _in_resources(rule.get("resources"), wanted.resource):
        return False
    return not rule.get("resourceNames") or wanted.name in rule["resourceNames"]


def _in(listed: list[str] | None, value: str) -> bool:
    return listed is not None and ("*" in listed or value in listed)


def _in_resources(listed: list[str] | None, resource: str) -> bool:
    subresource = resource.partition("/")[2]
    return _in(listed, resource) or bool(subresource and listed and f"*/{subresource}" in listed)


def _pieces(rule: Json) -> Iterator[Attributes]:
    for verb in rule.get("verbs") or []:
        yield from (Attributes(verb, path=url) for url in rule.get("nonResourceURLs") or [])
        for group in rule.get("apiGroups") or []:
            for resource in rule.get("resources") or []:
                for name in rule.get("resourceNames") or [""]:
                    yield Attributes(verb, group, resource, name=name)


def _rule_covers(held: list[Json], piece: Attributes) -> bool:
    return any(_covers(rule, piece) for rule in held)
