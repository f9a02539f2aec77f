"""What a policy rule covers: pure matching of RBAC rules, subjects and what somebody wants to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from titan_api.json_types import Json

MASTERS = "system:masters"
AUTHENTICATED = "system:authenticated"
UNAUTHENTICATED = "system:unauthenticated"
PUBLIC_PATHS = ("/healthz", "/livez", "/readyz", "/version")
"""What everybody may read, even without a name, as system:public-info-viewer grants it."""
PUBLIC_RULES: list[Json] = [{"nonResourceURLs": [*PUBLIC_PATHS, "/version/"], "verbs": ["get"]}]
AUTHENTICATED_RULES: list[Json] = [
    {
        "apiGroups": ["authentication.k8s.io", "authorization.k8s.io"],
        "resources": ["selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        "verbs": ["create"],
    },
    {
        "nonResourceURLs": ["/", "/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"],
        "verbs": ["get"],
    },
]
"""As system:basic-user and system:discovery grant it."""


@dataclass(frozen=True, slots=True)
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


def covers(rule: Json, wanted: Attributes) -> bool:
    """Whether one rule allows something."""
    if not _lists(rule.get("verbs"), wanted.verb):
        return False
    if wanted.path:
        return any(_matches_path(url, wanted.path) for url in rule.get("nonResourceURLs") or ())
    if not _lists(rule.get("apiGroups"), wanted.group) or not _lists_resource(rule.get("resources"), wanted.resource):
        return False
    return not rule.get("resourceNames") or wanted.name in rule["resourceNames"]


def missing_pieces(held: list[Json], rules: Iterable[Json]) -> list[Json]:
    """The smallest parts of some rules that a holder of other rules does not hold, each as a rule."""
    pieces = [piece for rule in rules for piece in _pieces(rule)]
    missing = [piece for piece in pieces if not any(covers(rule, piece) for rule in held)]
    return list(map(_as_rule, dict.fromkeys(missing)))


def is_subject(subject: Json, name: str, groups: Iterable[str], namespace: str) -> bool:
    """Whether a binding's subject means a user."""
    match subject.get("kind"):
        case "User":
            return bool(subject["name"] == name)
        case "Group":
            return subject["name"] in groups
        case "ServiceAccount":
            return name == f"system:serviceaccount:{subject.get('namespace', namespace)}:{subject['name']}"
    return False


def describe_rule(rule: Json) -> str:
    """A rule as the real server prints it in an error."""
    titles = {"apiGroups": "APIGroups", "resources": "Resources", "nonResourceURLs": "NonResourceURLs",
              "resourceNames": "ResourceNames", "verbs": "Verbs"}  # fmt: skip
    parts = [f"{title}:{quoted(rule[field])}" for field, title in titles.items() if rule.get(field)]
    return "{" + ", ".join(parts) + "}"


def quoted(texts: Iterable[str]) -> str:
    """A list of strings as Go prints it with %q."""
    return "[" + " ".join(f'"{text}"' for text in texts) + "]"


def _lists(listed: list[str] | None, value: str) -> bool:
    return listed is not None and ("*" in listed or value in listed)


def _lists_resource(listed: list[str] | None, resource: str) -> bool:
    subresource = resource.partition("/")[2]
    return _lists(listed, resource) or bool(subresource and listed and f"*/{subresource}" in listed)


def _matches_path(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == path


def _pieces(rule: Json) -> Iterator[Attributes]:
    for verb in rule.get("verbs") or ():
        yield from (Attributes(verb, path=url) for url in rule.get("nonResourceURLs") or ())
        for group in rule.get("apiGroups") or ():
            for resource in rule.get("resources") or ():
                for name in rule.get("resourceNames") or ("",):
                    yield Attributes(verb, group, resource, name=name)


def _as_rule(piece: Attributes) -> Json:
    if piece.path:
        return {"nonResourceURLs": [piece.path], "verbs": [piece.verb]}
    names = {"resourceNames": [piece.name]} if piece.name else {}
    return {"apiGroups": [piece.group], "resources": [piece.resource], **names, "verbs": [piece.verb]}
