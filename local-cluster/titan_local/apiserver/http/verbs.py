"""The verbs on single objects, from the request to the answer."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import web

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.apiserver.http.answers import Answers, add_warnings, json_answer
from titan_local.apiserver.http.bodies import flag, parse_json, parse_yaml, read_object, read_raw
from titan_local.apiserver.http.listings import read_delete_options
from titan_local.apiserver.http.requests import RequestInfo
from titan_local.apiserver.http.views import has_other_form, to_client, to_store
from titan_local.apiserver.identity.access import Access
from titan_local.apiserver.identity.tokens import User
from titan_local.apiserver.objects import Change, Objects, WriteOptions
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.mistakes import go_kind, prohibited, required, too_long, unsupported
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.writes import patches
from titan_local.apiserver.rules.writes.apply import apply

APPLY_PATCH = "application/apply-patch+yaml"
_FIELD_VALIDATIONS = ["", "Ignore", "Strict", "Warn"]
_LONGEST_MANAGER = 128
_OPTIONS = {"POST": "CreateOptions", "PUT": "UpdateOptions", "PATCH": "PatchOptions", "DELETE": "DeleteOptions"}
_STRATEGIC = "application/strategic-merge-patch+json"
_PATCHES: dict[str, Callable[[Json, Any], Json]] = {
    "application/json-patch+json": patches.json_patch,
    "application/merge-patch+json": patches.merge_patch,
    _STRATEGIC: patches.strategic_merge_patch,
}


class Verbs:
    """Answers requests for one object."""

    def __init__(self, objects: Objects, access: Access, answers: Answers) -> None:
        self._objects = objects
        self._access = access
        self._answers = answers

    def get(self, request: web.Request, resource: ResourceType, info: RequestInfo) -> web.Response:
        """GET."""
        return self._answers.object(request, resource, self._objects.get(resource, info.namespace, info.name))

    async def create(self, request: web.Request, resource: ResourceType, info: RequestInfo, user: User) -> web.Response:
        """POST to a collection."""
        body = to_store(resource, await read_object(request, resource.kind))
        warnings: list[str] = []
        options = self._options(request, info, user, warnings)
        created = self._objects.create(self._kept(resource), info.namespace, body, options)
        return add_warnings(self._answers.object(request, resource, created, 201), warnings)

    async def replace(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, user: User
    ) -> web.Response:
        """PUT."""
        body = to_store(resource, await read_object(request, resource.kind))
        warnings: list[str] = []
        options = self._options(request, info, user, warnings)
        replaced = self._objects.replace(self._kept(resource), info.namespace, info.name, body, options)
        return add_warnings(self._answers.object(request, resource, replaced), warnings)

    async def patch(self, request: web.Request, resource: ResourceType, info: RequestInfo, user: User) -> web.Response:
        """PATCH in any of the four forms; custom resources know no strategic merge."""
        raw, form = await read_raw(request), request.content_type
        warnings: list[str] = []
        options = self._options(request, info, user, warnings)
        if form == APPLY_PATCH:
            return add_warnings(self._apply(request, resource, info, parse_yaml(raw), options), warnings)
        accepted = [kind for kind in _PATCHES if not (resource.is_custom and kind == _STRATEGIC)]
        if form not in _PATCHES:
            raise errors.ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type")
        if form not in accepted:
            raise errors.unsupported_media_type([*accepted, APPLY_PATCH])
        body, change = parse_json(raw, "" if form == _STRATEGIC else "error decoding patch: "), _PATCHES[form]
        if form != "application/json-patch+json" and not isinstance(body, dict):
            found = go_kind(body)
            prefix = "" if form == _STRATEGIC else "error decoding patch: "
            text = f"json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
            raise errors.bad_request(prefix + text)
        changed = self._change(resource, info, lambda old: change(old, body), options)
        return add_warnings(self._answers.object(request, resource, changed), warnings)

    async def delete(self, request: web.Request, resource: ResourceType, info: RequestInfo) -> web.Response:
        """DELETE of one object."""
        options = await read_delete_options(request)
        dry_run = is_dry_run(request) or "All" in (options.get("dryRun") or [])
        last = self._objects.delete(resource, info.namespace, info.name, options, dry_run=dry_run)
        is_over = dry_run or self._objects.is_gone(resource, last)
        if is_over and not resource.shows_deleted:
            return json_answer(_success(resource, last))
        return self._answers.object(request, resource, last)

    def _apply(
        self, request: web.Request, resource: ResourceType, info: RequestInfo, body: Any, options: WriteOptions
    ) -> web.Response:
        manager = request.query.get("fieldManager", "")
        if not manager:
            mistake = required("fieldManager", "is required for apply patch")
            raise errors.invalid_options([mistake], "PatchOptions")
        body = _applied(resource, info, body)
        change = partial(
            apply,
            applied=to_store(resource, body),
            manager=manager,
            force=flag(request, "force"),
            schema=resource.schema,
            now=format_second(datetime.now(UTC)),
            subresource=info.subresource,
        )
        kept = self._kept(resource)
        if info.subresource or self._objects.storage.get(kept.stored_as, info.namespace, info.name) is not None:
            changed = self._objects.change(kept, info.namespace, info.name, change, options)
            return self._answers.object(request, resource, changed)
        uid = body["metadata"].get("uid")
        if uid:
            why = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
            raise errors.conflict(resource, info.name, why)
        new = change(None)
        created = self._objects.create(kept, info.namespace, new, options)
        return self._answers.object(request, resource, created, 201)

    def _change(self, resource: ResourceType, info: RequestInfo, change: Change, options: WriteOptions) -> Json:
        kept = self._kept(resource)
        if kept is resource:
            return self._objects.change(resource, info.namespace, info.name, change, options)

        def change_behind_face(old: Json) -> Json:
            return to_store(resource, change(to_client(resource, old)))

        return self._objects.change(kept, info.namespace, info.name, change_behind_face, options)

    def _kept(self, resource: ResourceType) -> ResourceType:
        """The resource as which the objects are kept."""
        kept = self._objects.catalog.by_stored_name(resource.stored_as) if has_other_form(resource) else None
        return kept or resource

    def _options(self, request: web.Request, info: RequestInfo, user: User, warnings: list[str]) -> WriteOptions:
        """Query parameters of a write. What is to be told about unknown fields is added to ``warnings``."""
        resource = self._objects.catalog.find(info.group, info.version, info.plural)
        assert resource is not None
        _check_options(request)
        return WriteOptions(
            dry_run=is_dry_run(request),
            strict=request.query.get("fieldValidation") == "Strict",
            warn=(lambda _: None) if request.query.get("fieldValidation") == "Ignore" else warnings.append,
            subresource=info.subresource if info.subresource in ("status", "finalize") else "",
            admit=partial(self._access.check_grant, user, resource),
        )


def is_dry_run(request: web.Request) -> bool:
    """Whether a write only asks what would happen. Raises ApiError 422 for other words than All."""
    value = request.query.get("dryRun")
    if value not in (None, "", "All"):
        raise errors.invalid_options([unsupported("dryRun", [value], ["All"])], _options_kind(request))
    return value == "All"


def _check_options(request: web.Request) -> None:
    """Raise ApiError 422 for query parameters that no write may have."""
    mistakes = []
    wanted = request.query.get("fieldValidation", "")
    if wanted not in _FIELD_VALIDATIONS:
        mistakes.append(unsupported("fieldValidation", wanted, _FIELD_VALIDATIONS))
    if "force" in request.query and request.content_type != APPLY_PATCH:
        mistakes.append(prohibited("force", "may not be specified for non-apply patch"))
    if len(request.query.get("fieldManager", "")) > _LONGEST_MANAGER:
        mistakes.append(too_long("fieldManager", _LONGEST_MANAGER))
    if mistakes:
        raise errors.invalid_options(mistakes, _options_kind(request))


def _applied(resource: ResourceType, info: RequestInfo, body: Any) -> Json:
    """What was applied, if it is an object of the kind and the name. Raises ApiError 400."""
    if not isinstance(body, dict | None):
        found = f"json: cannot unmarshal {go_kind(body)} into Go value of type map[string]interface {{}}"
        raise errors.bad_request(f"error decoding YAML: error unmarshaling JSON: while decoding JSON: {found}")
    applied: Json = body or {}
    version, kind = applied.get("apiVersion") or "/", applied.get("kind") or ""
    if (version, kind) != (resource.api_version, resource.kind):
        shown = version if "/" in version else f"/{version}"
        raise errors.bad_request(f"invalid object type: {shown}, Kind={kind}")
    metadata = applied.get("metadata") or {}
    if "managedFields" in metadata:
        raise errors.bad_request("metadata.managedFields must be nil")
    if not metadata.get("name"):
        why = "was undeterminable: name must be provided"
        raise errors.bad_request(f"the name of the object ({info.name} based on URL) {why}")
    if metadata["name"] != info.name:
        why = f"the name of the object ({metadata['name']}) does not match the name on the URL ({info.name})"
        raise errors.bad_request(why)
    return applied


def _options_kind(request: web.Request) -> str:
    return _OPTIONS[request.method]


def _success(resource: ResourceType, obj: Json) -> Json:
    details = {"name": obj["metadata"]["name"], "kind": resource.plural, "uid": obj["metadata"]["uid"]}
    details |= {"group": resource.group} if resource.group else {}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
