"""Role-based access control: who may do what, and who may give rights to others."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.identity.tokens import User
from titan_local.apiserver.persistence.storage import Event, Storage
from titan_local.apiserver.rules.reads import grants

Grant = tuple[Json, str]
"""A rule and the binding that it comes from, as reviews name it."""
Verdict = tuple[bool, str]

GROUP = "rbac.authorization.k8s.io"
_PLURALS = ("roles", "rolebindings", "clusterroles", "clusterrolebindings")
_REMEMBERED = 10_000
"""Verdicts that are kept before all are forgotten; a verdict costs about 200 bytes."""


class Authorizer:
    """Evaluates the Roles and bindings that are stored; verdicts are remembered until one of those changes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._verdicts: dict[tuple[str, tuple[str, ...], grants.Attributes], Verdict] = {}
        for plural in _PLURALS:
            storage.listen(f"{plural}.{GROUP}", self._forget)

    def check(self, user: User, wanted: grants.Attributes) -> Verdict:
        """Whether it is allowed, and why."""
        if grants.MASTERS in user.groups:
            return True, ""
        key = (user.name, user.groups, wanted)
        verdict = self._verdicts.get(key)
        if verdict is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            verdict = self._verdicts[key] = self._decide(user, wanted)
        return verdict

    def rules(self, user: User, namespace: str) -> Iterator[Grant]:
        """The rules that apply to a user in a namespace."""
        yield from ((rule, "RBAC: allowed to everybody") for rule in grants.PUBLIC_RULES)
        if grants.AUTHENTICATED in user.groups:
            yield from ((rule, "RBAC: allowed to every authenticated user") for rule in grants.AUTHENTICATED_RULES)
        for binding in self._storage.select(f"clusterrolebindings.{GROUP}"):
            yield from self._bound_rules(user, binding, "ClusterRoleBinding", "")
        if namespace:
            for binding in self._storage.select(f"rolebindings.{GROUP}", namespace):
                yield from self._bound_rules(user, binding, "RoleBinding", namespace)

    def missing_for(self, user: User, obj: Json, namespace: str) -> list[Json]:
        """The parts of a Role's or binding's rules that the user does not hold and so may not give away."""
        rules = (obj.get("rules") or []) if "roleRef" not in obj else self.role_rules(obj["roleRef"], namespace) or []
        return grants.missing_pieces([rule for rule, _ in self.rules(user, namespace)], rules)

    def role_rules(self, reference: Json, namespace: str) -> list[Json] | None:
        """The rules of the role that a binding names; None if there is no such role."""
        is_cluster_role = reference["kind"] == "ClusterRole"
        plural = "clusterroles" if is_cluster_role else "roles"
        role = self._storage.get(f"{plural}.{GROUP}", "" if is_cluster_role else namespace, reference["name"])
        return (role.get("rules") or []) if role is not None else None

    def _decide(self, user: User, wanted: grants.Attributes) -> Verdict:
        for rule, source in self.rules(user, wanted.namespace):
            if grants.covers(rule, wanted):
                return True, source
        return False, ""

    def _bound_rules(self, user: User, binding: Json, kind: str, namespace: str) -> Iterator[Grant]:
        subjects = binding.get("subjects") or []
        subject = next((s for s in subjects if grants.is_subject(s, user.name, user.groups, namespace)), None)
        if subject is None:
            return
        role, metadata = binding["roleRef"], binding["metadata"]
        where = f"{metadata['name']}/{namespace}" if namespace else metadata["name"]
        who = f'{subject["kind"]} "{subject["name"]}"'
        if subject["kind"] == "ServiceAccount":
            who = f'{subject["kind"]} "{subject["name"]}/{subject.get("namespace", namespace)}"'
        reason = f'RBAC: allowed by {kind} "{where}" of {role["kind"]} "{role["name"]}" to {who}'
        yield from ((rule, reason) for rule in self.role_rules(role, namespace) or ())

    def _forget(self, _: Event) -> None:
        self._verdicts.clear()
