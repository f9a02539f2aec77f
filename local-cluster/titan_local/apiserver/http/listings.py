"""The verbs on collections: list, watch, deletecollection."""

from aiohttp import web

from titan_api.json_types import Json
from titan_local.apiserver.http.answers import Answers, table_of, wants
from titan_local.apiserver.http.bodies import flag, number, read_object
from titan_local.apiserver.http.requests import Call
from titan_local.apiserver.http.views import has_other_form, to_client
from titan_local.apiserver.http.watches import Render, Watch, WatchOptions
from titan_local.apiserver.objects import Objects
from titan_local.apiserver.persistence.lists import ListOptions, list_page
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.reads import selectors
from titan_local.apiserver.rules.resources import ResourceType


class Listings:
    """Answers requests for many objects."""

    def __init__(self, objects: Objects, answers: Answers) -> None:
        self._objects = objects
        self._answers = answers

    async def show(self, call: Call) -> web.StreamResponse:
        """GET of a collection."""
        request, resource = call.request, call.resource
        if "list" not in resource.verbs:
            raise errors.method_not_allowed()
        selects = _selection(request, resource)
        if call.info.is_watch(request):
            return await self._watch(call, selects)
        options = ListOptions(
            limit=number(request, "limit") or 0,
            token=request.query.get("continue", ""),
            version=request.query.get("resourceVersion", ""),
            match_version=request.query.get("resourceVersionMatch", ""),
            initial_events="sendInitialEvents" in request.query,
            carried=selectors.find_carried(request.query.get("labelSelector", "")),
        )
        page, metadata = list_page(self._objects.storage, resource, call.info.namespace or None, selects, options)
        return self._answers.list(call, page, metadata)

    def delete(self, call: Call, options: Json, *, dry_run: bool) -> web.Response:
        """DELETE of a collection: what is selected is deleted one by one."""
        resource, selects = call.resource, _selection(call.request, call.resource)
        namespace = call.info.namespace or None
        page, metadata = list_page(self._objects.storage, resource, namespace, selects, ListOptions())
        for obj in page:
            place = obj["metadata"]
            self._objects.delete(resource, place.get("namespace", ""), place["name"], options, dry_run=dry_run)
        return self._answers.list(call, page, metadata)

    async def _watch(self, call: Call, selects: selectors.Predicate | None) -> web.StreamResponse:
        request = call.request
        initial = request.query.get("sendInitialEvents")
        options = WatchOptions(
            version=request.query.get("resourceVersion", ""),
            timeout=number(request, "timeoutSeconds"),
            bookmarks=flag(request, "allowWatchBookmarks"),
            initial_events=None if initial is None else flag(request, "sendInitialEvents"),
            match_version=request.query.get("resourceVersionMatch", ""),
        )
        render = _renderer(request, call.resource)
        watch = Watch(self._objects.storage, call.resource, call.info.namespace or None, selects, options, render)
        return await watch.serve(request)


async def read_delete_options(request: web.Request) -> Json:
    """Options of a DELETE, from its body and its query."""
    options = dict(await read_object(request))
    grace = number(request, "gracePeriodSeconds")
    if grace is not None:
        options["gracePeriodSeconds"] = grace
    if request.query.get("propagationPolicy"):
        options["propagationPolicy"] = request.query["propagationPolicy"]
    if "orphanDependents" in request.query:
        options["orphanDependents"] = flag(request, "orphanDependents")
    return options


def _selection(request: web.Request, resource: ResourceType) -> selectors.Predicate | None:
    left = selectors.parse_label_selector(request.query.get("labelSelector", ""))
    right = selectors.parse_field_selector(request.query.get("fieldSelector", ""), resource)
    if left is None or right is None:
        return left or right
    return lambda obj: left(obj) and right(obj)


def _renderer(request: web.Request, resource: ResourceType) -> Render | None:
    """How a watch shows an object; None for as it is stored."""
    if wants(request, "Table"):

        def row(obj: Json) -> Json:
            return table_of(request, resource, [obj], {"resourceVersion": obj["metadata"]["resourceVersion"]})

        return row
    if wants(request, "PartialObjectMetadata"):
        head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        return lambda obj: head | {"metadata": obj["metadata"]}
    if has_other_form(resource):
        return lambda obj: to_client(resource, obj)
    return None
