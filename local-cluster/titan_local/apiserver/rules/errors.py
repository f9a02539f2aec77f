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
            "reason": self.reason,
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

    def __str__(self) -> str:
        shown = (
            "" if self.type in ("Required value", "Forbidden") else f": {json.dumps(self.value, ensure_ascii=False)}"
        )
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.path}: {self.type}{shown}{detail}"


def required(path: str, detail: str = "") -> FieldError:
    """A field that must be there."""
    return FieldError(path, "Required value", detail=detail)


def invalid_value(path: str, value: Any, detail: str) -> FieldError:
    """A value of the wrong form."""
    return FieldError(path, "Invalid value", value, detail)


def duplicate(path: str, value: Any) -> FieldError:
    """A value that must be unique and is not."""
    return FieldError(path, "Duplicate value", value)


def unsupported(path: str, value: Any, supported: list[str]) -> FieldError:
    """A value outside an enumeration."""
    listed = ", ".join(json.dumps(item) for item in supported)
    return FieldError(path, "Unsupported value", value, f"supported values: {listed}")


def _details(resource: ResourceType, name: str) -> dict[str, Any]:
    details = {"name": name, "kind": resource.plural}
    if resource.group:
        details["group"] = resource.group
    return details


def not_found(resource: ResourceType, name: str) -> ApiError:
    """404 of one object."""
    message = f'{resource.group_resource} "{name}" not found'
    return ApiError(404, "NotFound", message, _details(resource, name))


def path_not_found() -> ApiError:
    """404 of a path that nothing serves."""
    return ApiError(404, "NotFound", "404 page not found")


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
    causes = [{"reason": _cause(error.type), "message": str(error), "field": error.path} for error in errors]
    details = _details(resource, name) | {"kind": resource.kind, "causes": causes}
    return ApiError(422, "Invalid", f'{kind} "{name}" is invalid: {listed}', details)


def _cause(kind: str) -> str:
    return "FieldValue" + kind.removesuffix(" value").replace(" ", "").capitalize()


def bad_request(message: str) -> ApiError:
    """400."""
    return ApiError(400, "BadRequest", message)


def forbidden(message: str) -> ApiError:
    """403."""
    return ApiError(403, "Forbidden", message)


def expired(version: int, oldest: int) -> ApiError:
    """410 of a list or watch from a version that is no longer remembered."""
    return ApiError(410, "Expired", f"too old resource version: {version} ({oldest})")


def unsupported_media_type(accepted: list[str]) -> ApiError:
    """415 of a patch of a kind that the resource does not take."""
    message = "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted)
    return ApiError(415, "UnsupportedMediaType", message)


def method_not_allowed() -> ApiError:
    """405."""
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
