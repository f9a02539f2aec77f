"""What every request passes before its handler sees it: token, rights, parameters, room on the disk."""

import re
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import hdrs, web

from titan_store.api import keys
from titan_store.api.http.credentials import admit, admit_everywhere, identify
from titan_store.api.http.failures import answer_expectation, finishing, refuse_unknown
from titan_store.api.http.operations import Call, Operation
from titan_store.api.http.parameters import parse_query
from titan_store.api.http.routing import NamespaceRoutes, is_namespaced
from titan_store.auth.gate import Caller
from titan_store.auth.identities import Identity
from titan_store.errors import BadRequest
from titan_store.keeping.budgets import Share
from titan_store.names import quote

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_OBJECT_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_NOBODY = Caller(Identity(""), "", "")


def add_routes(
    router: web.UrlDispatcher, operations: Iterable[Operation], add_page: Callable[[web.UrlDispatcher], None]
) -> None:
    """Add the operations to aiohttp's router, then the page, and an answer to all that is neither."""
    namespaced = NamespaceRoutes()
    router.register_resource(namespaced)  # First, because it is the quickest to ask and has nearly everything.
    for operation in operations:
        add = namespaced.add if is_namespaced(operation.path) else router.add_route
        handler = finishing(_serve(operation), operation.path)
        add(operation.method, operation.path, handler, expect_handler=answer_expectation)
    add_page(router)
    rest = finishing(refuse_unknown, "unknown")
    router.add_route(hdrs.METH_ANY, "/{path:.*}", rest, expect_handler=answer_expectation)


def _serve(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        caller = await _admit(operation, request)
        call = Call(request, parse_query(request.raw_path, operation.query), caller)
        encoding = request.headers.get(hdrs.CONTENT_ENCODING)
        if encoding is not None and encoding.lower() != "identity":
            raise BadRequest(f"The content encoding {quote(encoding)} is not supported; send the body as it is.")
        if operation.grows:
            request.app[keys.SPACE].check()
        if operation.body is None:
            return await operation.handler(call)
        request[keys.SHARE] = share = Share(request.app[keys.BUDGET])
        try:
            return await operation.handler(call)
        finally:
            share.release()

    return serve


async def _admit(operation: Operation, request: web.Request) -> Caller:
    if operation.need is None:
        return Caller(await identify(request), "", "") if operation.signed_in else _NOBODY
    parts = request.match_info
    namespace = parts.get("namespace")
    if namespace is None:
        return Caller(await admit_everywhere(request, operation.need), "", "")
    if not is_namespace(namespace):
        raise BadRequest(f"{quote(namespace)} is not a valid name for a namespace.")
    name = parts.get("name", "")
    if name and not _OBJECT_NAME.fullmatch(name):
        raise BadRequest(f"{quote(name)} is not a valid name for an object.")
    # Who may list things of one name only (resourceNames) means their own names, not that of what they belong to.
    return await admit(request, namespace, operation.need, "" if operation.need.verb == "list" else name)


def is_namespace(text: str) -> bool:
    """Whether a namespace can be called so."""
    return _NAMESPACE.fullmatch(text) is not None
