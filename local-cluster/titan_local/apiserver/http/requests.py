"""What a request is about: taken from its path and method, as the real server's request info."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web

from titan_local.apiserver.identity.tokens import User
from titan_local.apiserver.rules.reads.grants import Attributes
from titan_local.apiserver.rules.resources import ResourceType

_COLLECTION_VERBS = {"GET": "list", "HEAD": "list", "POST": "create", "DELETE": "deletecollection"}
_OBJECT_VERBS = {"GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "POST": "create"}

_NAME_SELECTOR = re.compile(r"(?:^|,)metadata\.name==?([^,]+)")


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

    def is_watch(self, request: web.Request) -> bool:
        """Whether it asks to be told of changes."""
        return not self.name and request.method == "GET" and request.query.get("watch") in ("true", "1")

    def verb(self, request: web.Request) -> str:
        """The verb that access control sees."""
        verbs = _OBJECT_VERBS if self.name else _COLLECTION_VERBS
        return "watch" if self.is_watch(request) else verbs.get(request.method, request.method.lower())


@dataclass(frozen=True)
class Call:
    """A request about a resource that is served, and who makes it."""

    request: web.Request
    info: RequestInfo
    resource: ResourceType
    user: User

    @property
    def place(self) -> tuple[ResourceType, str, str]:
        """The object that it is about: resource, namespace and name."""
        return self.resource, self.info.namespace, self.info.name


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


def attributes_of(info: RequestInfo, request: web.Request) -> Attributes:
    """What access control decides on. A list of one name counts as a request for that name."""
    resource = f"{info.plural}/{info.subresource}" if info.subresource else info.plural
    name = info.name
    if not name and request.method in ("GET", "DELETE") and "fieldSelector" in request.query:
        selected = _NAME_SELECTOR.search(request.query["fieldSelector"])
        name = selected.group(1) if selected else ""
    # A namespace is in itself: a Role in it may allow to read it.
    namespace = info.name if (info.group, info.plural) == ("", "namespaces") else info.namespace
    return Attributes(info.verb(request), info.group, resource, namespace, name)


def is_builtin_group(group: str) -> bool:
    """Whether a real server serves a group by itself, and so answers for everything in it."""
    return group in ("", "apps", "autoscaling", "batch", "policy") or group.endswith(".k8s.io")
