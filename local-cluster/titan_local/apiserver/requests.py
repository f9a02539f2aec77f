"""What a request is about: taken from its path and method, as the real server's request info."""

from dataclasses import dataclass
from urllib.parse import unquote

_COLLECTION_VERBS = {"GET": "list", "HEAD": "list", "POST": "create", "DELETE": "deletecollection"}
_OBJECT_VERBS = {"GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "POST": "create"}


@dataclass(frozen=True)
class RequestInfo:
    """The parts of a resource path."""

    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    rest: str = ""
    """Of a proxy request: the path behind ``proxy/``, byte for byte."""

    def verb(self, method: str, *, watch: bool) -> str:
        """The verb that access control sees."""
        if not self.name:
            return "watch" if watch and method == "GET" else _COLLECTION_VERBS.get(method, method.lower())
        return _OBJECT_VERBS.get(method, method.lower())


def parse_path(path: str) -> RequestInfo | None:
    """The parts of /api/v1/... and /apis/GROUP/VERSION/...; None for any other path."""
    parts = path.strip("/").split("/")
    if len(parts) >= 3 and parts[0] == "api":
        group, version, rest = "", parts[1], parts[2:]
    elif len(parts) >= 4 and parts[0] == "apis":
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = unquote(rest[1]), rest[2:]
    plural = rest[0]
    name = unquote(rest[1]) if len(rest) > 1 else ""
    subresource = rest[2] if len(rest) > 2 else ""
    if subresource == "proxy":
        prefix = path.index("/proxy") + len("/proxy")
        return RequestInfo(group, version, plural, namespace, name, subresource, path[prefix:].lstrip("/"))
    if len(rest) > 3:
        return None
    return RequestInfo(group, version, plural, namespace, name, subresource)
