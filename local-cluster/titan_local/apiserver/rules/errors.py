"""The errors of the Kubernetes API, with the texts of the real server.

::

    ApiError            any non-2xx answer; carries the Status object
    FieldError          one line of a 422: a path, what kind of mistake, the value, an explanation
"""

import json
from dataclasses import dataclass
from typing import Any

from titan_local.apiserver.resources import ResourceType


class ApiError(Exception):
    """An answer that is not a success; ``status()`` is its body."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details

    def status(self) -> dict[str, Any]:
        """The Status object of the answer."""
        body: dict[str, Any] = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            **({"reason": self.reason} if self.reason else {}),
            "code": self.code,
        }
        if self.details:
            body["details"] = self.details
        return body


@dataclass(frozen=True)
class FieldError:
    """One mistake in an object."""

    path: str
    type: str
    """As Kubernetes names it: Required value, Invalid value, Unsupported value, Duplicate value, Forbidden, ..."""
    value: Any = None
    detail: str = ""
    cause: str = ""
    """Reason of the cause in the Status, where it does not follow from the type."""

    def __str__(self) -> str:
        return f"{self.path or '<nil>'}: {self.body}"

    @property
    def body(self) -> str:
        """The error without its path, as the causes of a Status carry it."""
        shown = "" if self.type in _WITHOUT_VALUE else f": {_as_json(self.value)}"
        return f"{self.type}{shown}" + (f": {self.detail}" if self.detail else "")


_WITHOUT_VALUE = frozenset({"Required value", "Forbidden", "Too long"})
_GO_KINDS = {str: "string", int: "number", float: "number", bool: "bool", dict: "object", list: "array"}
_BLOCKING = frozenset({"Unsupported value", "Required value", "Too long", "Too many"})
_CAUSES = {
    "Required value": "FieldValueRequired",
    "Invalid value": "FieldValueInvalid",
    "Unsupported value": "FieldValueNotSupported",
    "Duplicate value": "FieldValueDuplicate",
    "Forbidden": "FieldValueForbidden",
    "Not found": "FieldValueNotFound",
    "Too long": "FieldValueTooLong",
    "Too many": "FieldValueTooMany",
}


def blocks_rules(error: FieldError) -> bool:
    """Whether rules in CEL are not asked about an object that has this mistake: they would stumble over it."""
    return error.type in _BLOCKING or error.cause == "FieldValueTypeInvalid"


def unchecked_rules() -> FieldError:
    """What is said instead of what the rules would have said."""
    text = (
        "some validation rules were not checked because the object was invalid; correct the existing errors to "
        "complete validation"
    )
    return invalid_value("", None, text)


def required(path: str, detail: str = "") -> FieldError:
    """A field that must be there."""
    return FieldError(path, "Required value", detail=detail)


def invalid_value(path: str, value: Any, detail: str) -> FieldError:
    """A value of the wrong form."""
    return FieldError(path, "Invalid value", value, detail)


def wrong_type(path: str, found: str, wanted: str) -> FieldError:
    """A value of another type than the schema's; ``found`` names the type, or is the text of a wrong format."""
    where = f"{path} in body" if path else "<nil> in body"
    detail = f'{where} must be of type {wanted}: "{found}"'
    return FieldError(path, "Invalid value", found, detail, "FieldValueTypeInvalid")


def duplicate(path: str, value: Any) -> FieldError:
    """A value that must be unique and is not."""
    return FieldError(path, "Duplicate value", value)


def unsupported(path: str, value: Any, supported: list[str]) -> FieldError:
    """A value outside an enumeration."""
    listed = ", ".join(json.dumps(item) for item in supported)
    return FieldError(path, "Unsupported value", value, f"supported values: {listed}")


def too_long(path: str, limit: int) -> FieldError:
    """A text that is too long; it is not repeated."""
    return FieldError(path, "Too long", detail=f"may not be more than {limit} byte{'' if limit == 1 else 's'}")


def too_many(path: str, count: int, limit: int) -> FieldError:
    """A list or map with too many items."""
    return FieldError(path, "Too many", count, f"must have at most {limit} item{'' if limit == 1 else 's'}")


def go_kind(value: Any) -> str:
    """What Go's JSON reader calls a value of this type."""
    return _GO_KINDS.get(type(value), "null")


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _details(resource: ResourceType, name: str) -> dict[str, Any]:
    details = {"name": name, "kind": resource.plural} if name else {"kind": resource.plural}
    if resource.group:
        details["group"] = resource.group
    return details


def not_found(resource: ResourceType, name: str) -> ApiError:
    """404 of one object."""
    message = f'{resource.group_resource} "{name}" not found'
    return ApiError(404, "NotFound", message, _details(resource, name))


def path_not_found() -> ApiError:
    """404 of a path that nothing serves, in a group and version that is served."""
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def already_exists(resource: ResourceType, name: str) -> ApiError:
    """409 of a create."""
    message = f'{resource.group_resource} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, _details(resource, name))


def conflict(resource: ResourceType, name: str, why: str) -> ApiError:
    """409 of an update that was made on an older version."""
    message = f'Operation cannot be fulfilled on {resource.group_resource} "{name}": {why}'
    return ApiError(409, "Conflict", message, _details(resource, name))


MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def invalid(resource: ResourceType, name: str, errors: list[FieldError]) -> ApiError:
    """422 with every mistake."""
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    texts = list(dict.fromkeys(str(error) for error in errors))
    listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    causes = [
        {"reason": error.cause or _CAUSES[error.type], "message": error.body, "field": error.path or "<nil>"}
        for error in errors
    ]
    details = _details(resource, name) | {"kind": resource.kind, "causes": causes}
    if not resource.kind:
        del details["kind"]
    return ApiError(422, "Invalid", f'{kind} "{name}" is invalid: {listed}', details)


def invalid_options(mistakes: list[FieldError], kind: str = "ListOptions") -> ApiError:
    """422 of query parameters; ``kind`` as CreateOptions, ListOptions, PatchOptions."""
    return invalid(ResourceType("meta.k8s.io", "v1", kind.lower(), kind.lower(), kind), "", mistakes)


def bad_request(message: str) -> ApiError:
    """400."""
    return ApiError(400, "BadRequest", message)


def forbidden(message: str, details: dict[str, Any] | None = None) -> ApiError:
    """403."""
    return ApiError(403, "Forbidden", message, {k: v for k, v in (details or {}).items() if v})


def expired(version: int, oldest: int) -> ApiError:
    """410 of a list or watch from a version that is no longer remembered."""
    return ApiError(410, "Expired", f"too old resource version: {version} ({oldest})")


def unsupported_media_type(accepted: list[str]) -> ApiError:
    """415 of a patch of a kind that the resource does not take."""
    message = "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted)
    return ApiError(415, "UnsupportedMediaType", message)


def internal(why: str) -> ApiError:
    """500."""
    return ApiError(500, "InternalError", f"Internal error occurred: {why}")


def method_not_allowed() -> ApiError:
    """405."""
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
