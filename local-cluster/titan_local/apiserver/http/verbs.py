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
from titan_local.apiserver.http.requests import Call, RequestInfo
from titan_local.apiserver.http.views import has_other_form, to_client, to_store
from titan_local.apiserver.identity.access import Access
from titan_local.apiserver.objects import Change, Objects, WriteOptions
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.mistakes import go_kind, prohibited, required, too_long, unsupported
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.warnings import stay_silent
from titan_local.apiserver.rules.writes import patches
from titan_local.apiserver.rules.writes.apply import apply

APPLY_PATCH = "application/apply-patch+yaml"
_FIELD_VALIDATIONS = ["", "Ignore", "Strict", "Warn"]
_LONGEST_MANAGER = 128
_OPTIONS = {"POST": "CreateOptions", "PUT": "UpdateOptions", "PATCH": "PatchOptions", "DELETE": "DeleteOptions"}
_STRATEGIC = "application/strategic-merge-patch+json"
_NO_MAP = "json: cannot unmarshal {} into Go value of type map[string]interface {{}}"
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

    def get(self, call: Call) -> web.Response:
        """GET."""
        return self._answers.object(call, self._objects.get(*call.place))

    async def create(self, call: Call) -> web.Response:
        """POST to a collection."""
        body = to_store(call.resource, await read_object(call.request, call.resource.kind))
        warnings: list[str] = []
        options = self._options(call, warnings)
        created = self._objects.create(self._kept(call.resource), call.info.namespace, body, options)
        return add_warnings(self._answers.object(call, created, 201), warnings)

    async def replace(self, call: Call) -> web.Response:
        """PUT."""
        body = to_store(call.resource, await read_object(call.request, call.resource.kind))
        warnings: list[str] = []
        options = self._options(call, warnings)
        replaced = self._objects.replace(self._kept(call.resource), call.info.namespace, call.info.name, body, options)
        return add_warnings(self._answers.object(call, replaced), warnings)

    async def patch(self, call: Call) -> web.Response:
        """PATCH in any of the four forms; custom resources know no strategic merge."""
        raw, form = await read_raw(call.request), call.request.content_type
        warnings: list[str] = []
        options = self._options(call, warnings)
        if form == APPLY_PATCH:
            return add_warnings(self._apply(call, parse_yaml(raw), options), warnings)
        accepted = [kind for kind in _PATCHES if not (call.resource.is_custom and kind == _STRATEGIC)]
        if form not in _PATCHES:
            raise errors.ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type")
        if form not in accepted:
            raise errors.unsupported_media_type([*accepted, APPLY_PATCH])
        prefix = "" if form == _STRATEGIC else "error decoding patch: "
        body, change = parse_json(raw, prefix), _PATCHES[form]
        if form != "application/json-patch+json" and not isinstance(body, dict):
            raise errors.bad_request(f"{prefix}{_NO_MAP.format(go_kind(body))}")
        changed = self._change(call, lambda old: change(old, body), options)
        return add_warnings(self._answers.object(call, changed), warnings)

    async def delete(self, call: Call) -> web.Response:
        """DELETE of one object."""
        options = await read_delete_options(call.request)
        dry_run = is_dry_run(call.request) or "All" in (options.get("dryRun") or [])
        last = self._objects.delete(*call.place, options, dry_run=dry_run)
        is_over = dry_run or self._objects.is_gone(call.resource, last)
        if is_over and not call.resource.shows_deleted:
            return json_answer(_success(call.resource, last))
        return self._answers.object(call, last)

    def _apply(self, call: Call, body: Any, options: WriteOptions) -> web.Response:
        resource, info = call.resource, call.info
        manager = call.request.query.get("fieldManager", "")
        if not manager:
            mistake = required("fieldManager", "is required for apply patch")
            raise errors.invalid_options([mistake], "PatchOptions")
        body = _applied(resource, info, body)
        change = partial(
            apply,
            applied=to_store(resource, body),
            manager=manager,
            force=flag(call.request, "force"),
            schema=resource.schema,
            now=format_second(datetime.now(UTC)),
            subresource=info.subresource,
        )
        kept = self._kept(resource)
        if info.subresource or self._objects.storage.get(kept.stored_as, info.namespace, info.name) is not None:
            changed = self._objects.change(kept, info.namespace, info.name, change, options)
            return self._answers.object(call, changed)
        uid = body["metadata"].get("uid")
        if uid:
            why = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
            raise errors.conflict(resource, info.name, why)
        created = self._objects.create(kept, info.namespace, change(None), options)
        return self._answers.object(call, created, 201)

    def _change(self, call: Call, change: Change, options: WriteOptions) -> Json:
        kept = self._kept(call.resource)
        if kept is call.resource:
            return self._objects.change(*call.place, change, options)

        def change_behind_face(old: Json) -> Json:
            return to_store(call.resource, change(to_client(call.resource, old)))

        return self._objects.change(kept, call.info.namespace, call.info.name, change_behind_face, options)

    def _kept(self, resource: ResourceType) -> ResourceType:
        """The resource as which the objects are kept."""
        kept = self._objects.catalog.by_stored_name(resource.stored_as) if has_other_form(resource) else None
        return kept or resource

    def _options(self, call: Call, warnings: list[str]) -> WriteOptions:
        """Query parameters of a write. What is to be told about unknown fields is added to ``warnings``."""
        _check_options(call.request)
        validation, subresource = call.request.query.get("fieldValidation"), call.info.subresource
        return WriteOptions(
            dry_run=is_dry_run(call.request),
            strict=validation == "Strict",
            warn=stay_silent if validation == "Ignore" else warnings.append,
            subresource=subresource if subresource in ("status", "finalize") else "",
            admit=partial(self._access.check_grant, call.user, call.resource),
        )


def is_dry_run(request: web.Request) -> bool:
    """Whether a write only asks what would happen. Raises ApiError 422 for other words than All."""
    value = request.query.get("dryRun")
    if value not in (None, "", "All"):
        raise errors.invalid_options([unsupported("dryRun", [value], ["All"])], _OPTIONS[request.method])
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
        raise errors.invalid_options(mistakes, _OPTIONS[request.method])


def _applied(resource: ResourceType, info: RequestInfo, body: Any) -> Json:
    """What was applied, if it is an object of the kind and the name. Raises ApiError 400."""
    if not isinstance(body, dict | None):
        found = _NO_MAP.format(go_kind(body))
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


def _success(resource: ResourceType, obj: Json) -> Json:
    details = {"name": obj["metadata"]["name"], "kind": resource.plural, "uid": obj["metadata"]["uid"]}
    details |= {"group": resource.group} if resource.group else {}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
