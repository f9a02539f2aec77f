"""Mistakes in the fields of an object, with the texts of the real server: the lines of a 422."""

import json
import re
from dataclasses import dataclass
from typing import Any


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


GO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""A moment as Go reads it."""
_WITHOUT_VALUE = frozenset({"Required value", "Forbidden", "Too long"})
_GO_KINDS = {str: "string", int: "number", float: "number", bool: "bool", dict: "object", list: "array"}
_BLOCKING = frozenset({"Unsupported value", "Required value", "Too long", "Too many"})


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


def prohibited(path: str, detail: str) -> FieldError:
    """A field that may not be there, or not like this."""
    return FieldError(path, "Forbidden", detail=detail)


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


def choice_errors(path: str, value: Any, supported: list[str]) -> list[FieldError]:
    """A value that must be one of an enumeration, if there is one."""
    return [] if value is None or value in supported else [unsupported(path, value, supported)]


def range_errors(path: str, number: int | None, lowest: int, highest: int) -> list[FieldError]:
    """A number that must lie between two others, if there is one."""
    if number is None or lowest <= number <= highest:
        return []
    return [invalid_value(path, number, f"must be between {lowest} and {highest}, inclusive")]


def too_long(path: str, limit: int) -> FieldError:
    """A text that is too long; it is not repeated."""
    return FieldError(path, "Too long", detail=f"may not be more than {limit} byte{'' if limit == 1 else 's'}")


def too_many(path: str, count: int, limit: int) -> FieldError:
    """A list or map with too many items."""
    return FieldError(path, "Too many", count, f"must have at most {limit} item{'' if limit == 1 else 's'}")


def go_kind(value: Any) -> str:
    """What Go's JSON reader calls a value of this type."""
    return _GO_KINDS.get(type(value), "null")


def wrong_time(value: str, layout: str = "2006-01-02T15:04:05Z07:00") -> str:
    """What Go says of a moment that it cannot read."""
    return f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"'


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
