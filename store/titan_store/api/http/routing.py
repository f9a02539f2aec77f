"""The routes of a namespace as one resource of aiohttp's router, found by one dictionary lookup.

aiohttp tries one pattern after the other, which costs the last of them more than all of its handler's own work.
"""

from collections.abc import Iterator
from typing import Any

from aiohttp import web

PREFIX = "/v1/namespaces/"
PATTERN = f"{PREFIX}{{namespace}}/"


class NamespaceRoutes(web.AbstractResource):
    """Every path ``/v1/namespaces/{namespace}/TAIL`` whose tail is fixed."""

    def __init__(self) -> None:
        super().__init__()
        self._tails: dict[str, dict[str, web.ResourceRoute]] = {}

    def add(self, method: str, path: str, handler: Any, *, expect_handler: Any) -> None:
        """Add one method of one path for which ``is_namespaced`` is true."""
        # A resource of aiohttp's own, which is never asked to match, names the route for those who ask.
        route = web.DynamicResource(path).add_route(method, handler, expect_handler=expect_handler)
        self._tails.setdefault(path.removeprefix(PATTERN), {})[method] = route

    async def resolve(self, request: web.Request) -> tuple[web.UrlMappingMatchInfo | None, set[str]]:
        """The match, if any, and the methods that the path has."""
        path = request.rel_url.path_safe
        namespace, _, tail = path[len(PREFIX) :].partition("/")
        methods = self._tails.get(tail)
        if methods is None or not namespace or not path.startswith(PREFIX):
            return None, set()
        route = methods.get(request.method)
        return web.UrlMappingMatchInfo({"namespace": namespace}, route) if route else None, set(methods)

    @property
    def canonical(self) -> str:
        """Where aiohttp looks for this resource."""
        return f"{PATTERN}{{tail}}"

    def url_for(self, **parts: str) -> Any:
        """Refused: nobody asks this service for its own URLs."""
        raise NotImplementedError(f"The URL of {parts} is not made here.")

    def add_prefix(self, prefix: str) -> None:
        """Refused: the paths are part of the API."""
        raise NotImplementedError(f"The routes of the store cannot be moved to {prefix}.")

    def get_info(self) -> Any:
        """For those who list routes."""
        return {"formatter": self.canonical}

    def raw_match(self, path: str) -> bool:
        """Never the resource that another route is to be added to."""
        return False

    def __len__(self) -> int:
        return sum(map(len, self._tails.values()))

    def __iter__(self) -> Iterator[web.AbstractRoute]:
        return (route for methods in self._tails.values() for route in methods.values())


def is_namespaced(path: str) -> bool:
    """Whether the path is one of ``NamespaceRoutes``."""
    return path.startswith(PATTERN) and "{" not in path.removeprefix(PATTERN)
