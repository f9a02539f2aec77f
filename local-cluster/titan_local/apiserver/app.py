"""The HTTP face: who calls, what about, may they, and then the verb."""

import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from titan_local.apiserver.catalog import Catalog, storage_name
from titan_local.apiserver.documents import Documents
from titan_local.apiserver.lifecycle import Lifecycle
from titan_local.apiserver.lists import as_list, list_page
from titan_local.apiserver.objects import Objects, WriteOptions
from titan_local.apiserver.proxies import Proxies
from titan_local.apiserver.rbac import Attributes, Authorizer
from titan_local.apiserver.requests import RequestInfo, parse_path
from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.reviews import Reviews
from titan_local.apiserver.rules import errors, patches, protobuf
from titan_local.apiserver.rules.apply import apply
from titan_local.apiserver.rules.selectors import Predicate, parse_field_selector, parse_label_selector
from titan_local.apiserver.rules.tables import table
from titan_local.apiserver.storage import Storage, StorageError
from titan_local.apiserver.tokens import API_AUDIENCE, TokenError, Tokens, User
from titan_local.apiserver.views import event_from_store, event_to_store
from titan_local.apiserver.watches import Watch, WatchOptions

Json = dict[str, Any]

log = logging.getLogger(__name__)

BODY_LIMIT = 3 * 1024 * 1024
"""As the real server's default."""
_PATCHES = {
    "application/json-patch+json": patches.json_patch,
    "application/merge-patch+json": patches.merge_patch,
    "application/strategic-merge-patch+json": patches.strategic_merge_patch,
}
_APPLY = "application/apply-patch+yaml"
_RBAC_GROUP = "rbac.authorization.k8s.io"


class Server:
    """Everything that a request may need; made once per process."""

    def __init__(self, storage: Storage, state_dir: Path) -> None:
        self.storage = storage
        self.catalog = Catalog()
        self.objects = Objects(storage, self.catalog)
        self.tokens = Tokens(state_dir, storage)
        self.authorizer = Authorizer(storage)
        self.reviews = Reviews(self.objects, self.tokens, self.authorizer)
        self.proxies = Proxies(self.objects, state_dir)
        self.documents = Documents(self.catalog)
        self.lifecycle = Lifecycle(self.objects)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; every failure is a Status object."""
        try:
            return await self._answer(request)
        except errors.ApiError as error:
            return _json(error.status(), error.code)
        except StorageError as error:
            return _json(errors.ApiError(500, "InternalError", str(error)).status(), 500)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path in ("/healthz", "/readyz", "/livez"):
            return web.Response(text="ok")
        if path == "/version":
            return _json(self.documents.version())
        user = self._authenticate(request)
        info = parse_path(path)
        if info is None or not (info.plural and self.catalog.find(info.group, info.version, info.plural)):
            self._authorize(user, Attributes("get", path=path))
            return self._document(request, path)
        resource = self.catalog.find(info.group, info.version, info.plural)
        assert resource is not None
        watch = request.query.get("watch") in ("true", "1")
        self._authorize(user, _attributes(info, info.verb(request.method, watch=watch)))
        if info.subresource and info.subresource not in ("status", "finalize", *resource.extra_subresources):
            raise errors.path_not_found()
        if info.subresource == "proxy":
            return await self.proxies.service(request, info)
        if info.subresource == "log":
            return await self.proxies.pod_log(request, self.objects.get(resource, info.namespace, info.name))
        if not info.name and request.method in ("GET", "HEAD"):
            return await self._collection(request, resource, info, watch=watch)
        return await self._verb(request, resource, info, user)

    def _document(self, request: web.Request, path: str) -> web.Response:
        aggregated = "APIGroupDiscoveryList" in request.headers.get("Accept", "")
        document = self.documents.find(path, request.host, aggregated=aggregated)
        if document is None:
            return web.Response(status=404, text="404 page not found\n")
        content_type = "application/json"
        if document.get("kind") == "APIGroupDiscoveryList":
            content_type += ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        return _json(document, content_type=content_type)

    # ------------------------------------------------------------ who, and may they
    def _authenticate(self, request: web.Request) -> User:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise errors.ApiError(401, "Unauthorized", "Unauthorized")
        try:
            user, _ = self.tokens.authenticate(token.strip(), [API_AUDIENCE])
        except TokenError as error:
            raise errors.ApiError(401, "Unauthorized", "Unauthorized") from error
        name = request.headers.get("Impersonate-User")
        if not name:
            return user
        self._authorize(user, Attributes("impersonate", resource="users", name=name))
        return User(name, (*request.headers.getall("Impersonate-Group", []), "system:authenticated"))

    def _authorize(self, user: User, wanted: Attributes) -> None:
        allowed, _ = self.authorizer.check(user, wanted)
        if allowed:
            return
        if wanted.path:
            raise errors.forbidden(f'forbidden: User "{user.name}" cannot {wanted.verb} path "{wanted.path}"')
        plural = wanted.resource.partition("/")[0]
        group_resource = f"{plural}.{wanted.group}" if wanted.group else plural
        name = f' "{wanted.name}"' if wanted.name else ""
        scope = f'in the namespace "{wanted.namespace}"' if wanted.namespace else "at the cluster scope"
        raise errors.forbidden(
            f'{group_resource}{name} is forbidden: User "{user.name}" cannot {wanted.verb} resource '
            f'"{wanted.resource}" in API group "{wanted.group}" {scope}'
        )

    def _check_escalation(self, user: User, resource: ResourceType, body: Json, namespace: str) -> None:
        """Nobody gives away rights that they do not hold."""
        if resource.group == _RBAC_GROUP and self.authorizer.missing_for(user, body, namespace):
            name = (body.get("metadata") or {}).get("name", "")
            text = f"user {user.name!r} is attempting to grant RBAC permissions not currently held"
            raise errors.forbidden(f'{resource.group_resource} "{name}" is forbidden: {text}')

    # ------------------------------------------------------------ collections
    async def _collection(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, *, watch: bool
    ) -> web.StreamResponse:
        if "list" not in resource.verbs:
            raise errors.method_not_allowed()
        query = request.query
        namespace = info.namespace or None
        selects = _both(
            parse_label_selector(query.get("labelSelector", "")),
            parse_field_selector(query.get("fieldSelector", ""), resource),
        )
        as_table = "as=Table" in request.headers.get("Accept", "")
        include = query.get("includeObject", "Metadata")
        if watch:
            options = WatchOptions(
                version=query.get("resourceVersion", ""),
                timeout=float(query["timeoutSeconds"]) if query.get("timeoutSeconds") else None,
                bookmarks=query.get("allowWatchBookmarks") in ("true", "1"),
                initial_events=query.get("sendInitialEvents") in ("true", "1"),
                match_version=query.get("resourceVersionMatch", ""),
            )

            def row(obj: Json) -> Json:
                version = {"resourceVersion": obj["metadata"]["resourceVersion"]}
                return table(resource, [obj], _now(), include_object=include, list_metadata=version)

            view = row if as_table else (event_from_store if resource.group == "events.k8s.io" else None)
            return await Watch(self.storage, resource, storage_name(resource), namespace, selects, options, view).serve(
                request
            )
        limit = int(query["limit"]) if query.get("limit", "").isdigit() else 0
        page, metadata = list_page(
            self.storage, storage_name(resource), namespace, selects, limit, query.get("continue", "")
        )
        if resource.group == "events.k8s.io":
            page = [event_from_store(obj) for obj in page]
        if as_table:
            return _json(table(resource, page, _now(), include_object=include, list_metadata=metadata))
        return _json(as_list(resource, page, metadata))

    # ------------------------------------------------------------ single objects
    async def _verb(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, user: User
    ) -> web.StreamResponse:
        method = request.method
        if method in ("GET", "HEAD"):
            return self._shown(request, resource, self.objects.get(resource, info.namespace, info.name))
        options = WriteOptions(
            dry_run=request.query.get("dryRun") == "All",
            strict=request.query.get("fieldValidation") == "Strict",
            subresource=info.subresource if info.subresource == "status" else "",
        )
        if method == "PATCH":
            return await self._patch(request, resource, info, options)
        body = await _read_body(request)
        if method == "DELETE":
            return self._delete(request, resource, info, body, options)
        self._check_escalation(user, resource, body, info.namespace)
        if method == "POST":
            return self._post(request, resource, info, body, options, user)
        if method == "PUT" and info.name:
            return self._shown(
                request, resource, self.objects.replace(resource, info.namespace, info.name, body, options)
            )
        raise errors.method_not_allowed()

    def _post(
        self,
        request: web.Request,
        resource: ResourceType,
        info: RequestInfo,
        body: Json,
        options: WriteOptions,
        user: User,
    ) -> web.Response:
        match info.subresource:
            case "token":
                return _json(self.reviews.request_token(resource, info.namespace, info.name, body), 201)
            case "binding":
                return _json(self._bind(resource, info, body), 201)
            case "eviction":
                self.objects.delete(resource, info.namespace, info.name, body.get("deleteOptions") or {})
                return _json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}, 201)
        if info.name:
            raise errors.method_not_allowed()
        if resource.verbs == ("create",):
            return _json(self.reviews.answer(resource, body, user), 201)
        if resource.group == "events.k8s.io":
            body = event_to_store(body)
        return self._shown(request, resource, self.objects.create(resource, info.namespace, body, options), 201)

    def _bind(self, resource: ResourceType, info: RequestInfo, body: Json) -> Json:
        """A scheduler's decision; a pod is bound once."""
        node = str((body.get("target") or {}).get("name") or "")

        def bound(pod: Json) -> Json:
            if pod["spec"].get("nodeName"):
                why = f"pod {info.name} is already assigned to node {pod['spec']['nodeName']!r}"
                raise errors.conflict(resource, info.name, why)
            return pod | {"spec": pod["spec"] | {"nodeName": node}}

        self.objects.change(resource, info.namespace, info.name, bound, WriteOptions())
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}

    async def _patch(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, options: WriteOptions
    ) -> web.StreamResponse:
        content_type = request.content_type
        if content_type == _APPLY:
            return await self._apply(request, resource, info, options)
        accepted = [kind for kind in _PATCHES if not (resource.is_custom and "strategic" in kind)]
        if content_type not in accepted:
            raise errors.unsupported_media_type([*accepted, _APPLY])
        body = _parse(await request.read())
        change = _PATCHES[content_type]
        changed = self.objects.change(
            resource, info.namespace, info.name, lambda old: change(_stored_form(resource, old), body), options
        )
        return self._shown(request, resource, changed)

    async def _apply(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, options: WriteOptions
    ) -> web.StreamResponse:
        manager = request.query.get("fieldManager", "")
        if not manager:
            mistake = errors.required("fieldManager", "is required for apply patch")
            raise errors.invalid(resource, info.name, [mistake])
        try:
            body = yaml.safe_load(await request.read())
        except yaml.YAMLError as error:
            raise errors.bad_request(f"error decoding YAML: {error}") from error
        force = request.query.get("force") in ("true", "1")
        now = _now().strftime("%Y-%m-%dT%H:%M:%SZ")
        live = self.storage.get(storage_name(resource), info.namespace, info.name)
        if live is None:
            new = apply(None, body, manager, force=force, schema=resource.schema, now=now)
            new["metadata"]["name"] = info.name
            return self._shown(request, resource, self.objects.create(resource, info.namespace, new, options), 201)
        changed = self.objects.change(
            resource,
            info.namespace,
            info.name,
            lambda old: apply(old, body, manager, force=force, schema=resource.schema, now=now),
            options,
        )
        return self._shown(request, resource, changed)

    def _delete(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, body: Json, options: WriteOptions
    ) -> web.StreamResponse:
        wanted = dict(body)
        if request.query.get("gracePeriodSeconds"):
            wanted["gracePeriodSeconds"] = int(request.query["gracePeriodSeconds"])
        if request.query.get("propagationPolicy"):
            wanted["propagationPolicy"] = request.query["propagationPolicy"]
        dry_run = options.dry_run or "All" in (wanted.get("dryRun") or [])
        if info.name:
            last = self.objects.delete(resource, info.namespace, info.name, wanted, dry_run=dry_run)
            gone = self.storage.get(storage_name(resource), info.namespace, info.name) is None
            return (
                self._shown(request, resource, last)
                if not gone or resource.plural == "pods"
                else _json(_deleted(resource, last))
            )
        selects = _both(
            parse_label_selector(request.query.get("labelSelector", "")),
            parse_field_selector(request.query.get("fieldSelector", ""), resource),
        )
        page, metadata = list_page(self.storage, storage_name(resource), info.namespace or None, selects, 0, "")
        for obj in page:
            place = obj["metadata"]
            self.objects.delete(resource, place.get("namespace", ""), place["name"], wanted, dry_run=dry_run)
        return _json(as_list(resource, page, metadata))

    def _shown(self, request: web.Request, resource: ResourceType, obj: Json, status: int = 200) -> web.Response:
        if resource.plural == "events":
            obj = event_from_store(obj) if resource.group else obj | {"apiVersion": "v1"}
        if "as=Table" in request.headers.get("Accept", ""):
            version = {"resourceVersion": obj["metadata"].get("resourceVersion", "")}
            include = request.query.get("includeObject", "Metadata")
            return _json(table(resource, [obj], _now(), include_object=include, list_metadata=version), status)
        return _json(obj, status)


def build_app(server: Server) -> web.Application:
    """The application; its background task lives as long as it does."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_route("*", "/{path:.*}", server.handle)

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        import asyncio

        server.lifecycle.prepare()
        task = asyncio.create_task(server.lifecycle.run())
        yield
        task.cancel()
        await server.proxies.close()
        server.storage.close()

    app.cleanup_ctx.append(lifetime)
    return app


async def _read_body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type == "application/vnd.kubernetes.protobuf":
        return protobuf.decode(raw)
    body = yaml.safe_load(raw) if "yaml" in request.content_type else _parse(raw)
    if not isinstance(body, dict):
        raise errors.bad_request("the body of the request is no JSON object")
    return body


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise errors.bad_request(f"the body of the request is no JSON: {error}") from error


def _attributes(info: RequestInfo, verb: str) -> Attributes:
    resource = f"{info.plural}/{info.subresource}" if info.subresource else info.plural
    return Attributes(verb, info.group, resource, info.namespace, info.name)


def _both(left: Predicate | None, right: Predicate | None) -> Predicate | None:
    if left is None or right is None:
        return left or right
    return lambda obj: left(obj) and right(obj)


def _stored_form(resource: ResourceType, obj: Json) -> Json:
    return event_from_store(obj) if resource.group == "events.k8s.io" else obj


def _deleted(resource: ResourceType, obj: Json) -> Json:
    details = {"name": obj["metadata"]["name"], "kind": resource.plural, "uid": obj["metadata"]["uid"]}
    details |= {"group": resource.group} if resource.group else {}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def _json(body: Any, status: int = 200, *, content_type: str = "application/json") -> web.Response:
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return web.Response(body=text.encode(), status=status, headers={"Content-Type": content_type})


def _now() -> datetime:
    return datetime.now(UTC)
