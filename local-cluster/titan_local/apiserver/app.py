"""The HTTP application: what a request is about, who calls, whether they may, and what answers."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from titan_local.apiserver.catalog import Catalog
from titan_local.apiserver.http.answers import Answers, json_answer
from titan_local.apiserver.http.bodies import SIZE_LIMIT, read_object
from titan_local.apiserver.http.documents import Documents
from titan_local.apiserver.http.listings import Listings, read_delete_options
from titan_local.apiserver.http.proxies import Proxies
from titan_local.apiserver.http.requests import Call, attributes_of, is_builtin_group, parse_path
from titan_local.apiserver.http.subresources import Subresources
from titan_local.apiserver.http.verbs import Verbs, is_dry_run
from titan_local.apiserver.identity.access import Access
from titan_local.apiserver.identity.rbac import Authorizer
from titan_local.apiserver.identity.reviews import Reviews
from titan_local.apiserver.identity.tokens import Tokens
from titan_local.apiserver.lifecycle import Lifecycle
from titan_local.apiserver.objects import Objects
from titan_local.apiserver.persistence.databases import StorageError
from titan_local.apiserver.persistence.storage import Storage
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.reads.grants import PUBLIC_PATHS, Attributes
from titan_local.apiserver.rules.resources import ResourceType

log = logging.getLogger(__name__)

_DISCOVERY_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, TypeError, ValueError)


class Server:
    """Everything that a request may need; made once per process."""

    def __init__(self, storage: Storage, state_dir: Path) -> None:
        self.storage = storage
        self.catalog = Catalog()
        objects = Objects(storage, self.catalog)
        tokens, authorizer = Tokens(state_dir, storage), Authorizer(storage)
        reviews, answers = Reviews(objects, tokens, authorizer), Answers(storage)
        self.access = Access(tokens, authorizer)
        self.reviews = reviews
        self.proxies = Proxies(objects, state_dir)
        self.documents = Documents(self.catalog)
        self.lifecycle = Lifecycle(objects)
        self.listings = Listings(objects, answers)
        self.verbs = Verbs(objects, self.access, answers)
        self.subresources = Subresources(objects, reviews)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; every failure is a Status object."""
        try:
            return await self._answer(request)
        except errors.ApiError as error:
            return json_answer(error.status(), error.code)
        except StorageError as error:
            log.error("%s %s: %s", request.method, request.path, error)
            return json_answer(errors.internal(str(error)).status(), 500)
        except _UNEXPECTED as error:
            log.exception("%s %s failed", request.method, request.path)
            return json_answer(errors.internal(repr(error)).status(), 500)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        user = self.access.identify(request)
        info = parse_path(path)
        resource = self.catalog.find(info.group, info.version, info.plural) if info is not None else None
        if info is None or resource is None:
            wanted = attributes_of(info, request) if info is not None else Attributes("get", path=path)
            self.access.require(user, wanted)
            if info is not None and is_builtin_group(info.group):
                raise errors.path_not_found()
            return self._document(request, path)
        self.access.require(user, attributes_of(info, request))
        if info.subresource and not _has_subresource(resource, info.subresource):
            raise errors.not_found(resource, info.name) if resource.is_custom else errors.path_not_found()
        if info.name and resource.is_review:
            raise errors.path_not_found()
        if info.subresource == "proxy":
            return await self.proxies.service(request, info)
        call = Call(request, info, resource, user)
        return await (self._object(call) if info.name else self._collection(call))

    async def _collection(self, call: Call) -> web.StreamResponse:
        match call.request.method:
            case "GET" | "HEAD":
                return await self.listings.show(call)
            case "POST" if call.resource.is_review:
                return json_answer(self.reviews.answer(call.resource, await read_object(call.request), call.user), 201)
            case "POST":
                return await self.verbs.create(call)
            case "DELETE" if not call.resource.is_review:
                options = await read_delete_options(call.request)
                return self.listings.delete(call, options, dry_run=is_dry_run(call.request))
        raise errors.method_not_allowed()

    async def _object(self, call: Call) -> web.StreamResponse:
        match call.request.method:
            case "GET" if call.info.subresource == "log":
                return await self.proxies.pod_log(call)
            case "GET" | "HEAD":
                return self.verbs.get(call)
            case "PUT":
                return await self.verbs.replace(call)
            case "PATCH":
                return await self.verbs.patch(call)
            case "DELETE" if not call.info.subresource:
                return await self.verbs.delete(call)
            case "POST" if call.info.subresource:
                return json_answer(self.subresources.post(call, await read_object(call.request)), 201)
        raise errors.method_not_allowed()

    def _document(self, request: web.Request, path: str) -> web.Response:
        if path.rstrip("/").startswith(tuple(p for p in PUBLIC_PATHS if p != "/version")):
            return web.Response(text="ok")
        aggregated = "APIGroupDiscoveryList" in request.headers.get("Accept", "")
        document = self.documents.find(path, request.host, aggregated=aggregated)
        if document is None:
            return web.Response(status=404, text="404 page not found\n")
        is_aggregated = document.get("kind") == "APIGroupDiscoveryList"
        return json_answer(document, content_type=_DISCOVERY_TYPE if is_aggregated else "application/json")


def build_app(server: Server) -> web.Application:
    """The application; its background task lives as long as it does."""
    app = web.Application(client_max_size=SIZE_LIMIT)
    app.router.add_route("*", "/{path:.*}", server.handle)

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        server.lifecycle.prepare()
        task = asyncio.create_task(server.lifecycle.run())
        yield
        task.cancel()
        await server.proxies.close()
        server.storage.close()

    app.cleanup_ctx.append(lifetime)
    return app


def _has_subresource(resource: ResourceType, name: str) -> bool:
    return (name == "status" and resource.status_subresource) or name in resource.extra_subresources
