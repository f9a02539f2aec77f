"""Roles and their bindings."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, choice_errors, invalid_value, required

_SUBJECTS = ["ServiceAccount", "User", "Group"]


def role_errors(obj: Json, *, is_namespaced: bool) -> Iterator[FieldError]:
    """Every mistake in the rules of a role."""
    for n, rule in enumerate(obj.get("rules") or []):
        path, urls = f"rules[{n}]", rule.get("nonResourceURLs")
        if not rule.get("verbs"):
            yield required(f"{path}.verbs", "verbs must contain at least one value")
        if urls:
            if is_namespaced:
                text = "namespaced rules cannot apply to non-resource URLs"
                yield invalid_value(f"{path}.nonResourceURLs", urls, text)
            if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
                text = "rules cannot apply to both regular resources and non-resource URLs"
                yield invalid_value(f"{path}.nonResourceURLs", urls, text)
            continue
        if not rule.get("apiGroups"):
            yield required(f"{path}.apiGroups", "resource rules must supply at least one api group")
        if not rule.get("resources"):
            yield required(f"{path}.resources", "resource rules must supply at least one resource")


def binding_errors(obj: Json, old: Json | None, *, is_namespaced: bool) -> Iterator[FieldError]:
    """Every mistake of a binding, whose role never changes."""
    role = obj.get("roleRef") or {}
    if old is not None and role != old["roleRef"]:
        shown = {key[0].upper() + key[1:]: value for key, value in role.items()} | {"APIGroup": role.get("apiGroup")}
        shown.pop("ApiGroup", None)
        ordered = {key: shown.get(key) for key in ("APIGroup", "Kind", "Name")}
        yield invalid_value("roleRef", ordered, "cannot change roleRef")
        return
    kinds = ["Role", "ClusterRole"] if is_namespaced else ["ClusterRole"]
    yield from choice_errors("roleRef.kind", role.get("kind") or "", kinds)
    if not role.get("name"):
        yield required("roleRef.name")
    for n, subject in enumerate(obj.get("subjects") or []):
        if not subject.get("name"):
            yield required(f"subjects[{n}].name")
        yield from choice_errors(f"subjects[{n}].kind", subject.get("kind") or "", _SUBJECTS)
        if subject.get("kind") == "ServiceAccount" and not (subject.get("namespace") or is_namespaced):
            yield required(f"subjects[{n}].namespace")
