"""The errors of the Kubernetes API, with the texts of the real server: every answer that is not 2xx is an ApiError."""

from typing import Any

from titan_local.apiserver.rules.mistakes import FieldError
from titan_local.apiserver.rules.resources import ResourceType


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


def cannot_be_handled(resource: ResourceType, why: str, *, kind: str = "", version: str = "") -> ApiError:
    """400 of a body that cannot be read as the resource's kind; its own kind and version, where they are others."""
    named = f'{kind or resource.kind} in version "{version or resource.version}"'
    return bad_request(f"{named} cannot be handled as a {resource.kind}: {why}")


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
