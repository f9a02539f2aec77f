"""Built-in kinds are read into Go structures by the real server: what does not fit is refused, what is unknown is
dropped, nulls vanish and quantities are written in their canonical form.

The structures are in ``shapes.json``, which ``tools/generate_shapes.py`` writes from a real server's OpenAPI.
"""

import base64
import binascii
import json
from functools import cache
from pathlib import Path
from typing import Any

from titan_api.json_types import Json
from titan_api.quantities import QuantityError, canonical
from titan_local.apiserver.rules.mistakes import GO_TIME, go_kind, wrong_time

_WHOLE = {"int32": 2**31, "int64": 2**63}
_LAYOUTS = {"time": "2006-01-02T15:04:05Z07:00", "microtime": "2006-01-02T15:04:05.000000Z07:00"}
_UNREAD = frozenset({"apiVersion", "kind", "metadata"})
"""Fields of the envelope, which is opened elsewhere."""


class DecodingError(ValueError):
    """A value does not fit; the message is Go's."""


def decode(kind: str, obj: Json, old: Json | None) -> tuple[Json, list[str]]:
    """The object as Go would write it again, and the paths of the unknown fields that were dropped.

    Parts that are the very same as in the old object are not read again. Kinds without a shape stay as they are.
    Raises DecodingError.
    """
    fields = _shapes().get(kind)
    if fields is None:
        return obj, []
    reader = _Reader()
    result = {key: value for key, value in obj.items() if key in _UNREAD}
    body = {key: value for key, value in obj.items() if key not in _UNREAD}
    before = old or {}
    return result | reader.read_fields(body, kind, fields, before, "", ""), reader.unknown


class _Reader:
    """One pass over one object. ``place`` is a path as Go's errors write it, ``path`` has the lists' indices too."""

    def __init__(self) -> None:
        self.unknown: list[str] = []

    def read_fields(self, value: Json, struct: str, fields: Json, old: Any, place: str, path: str) -> Json:
        result: Json = {}
        for key, item in value.items():
            where = f"{path}.{key}" if path else key
            if key not in fields:
                self.unknown.append(where)
                continue
            before = old.get(key) if isinstance(old, dict) else None
            if before is not None and item is before:
                result[key] = item
            elif item is not None:
                inner = f"{place}.{key}" if place else key
                result[key] = self._read(item, fields[key], struct, before, inner, where)
        return result

    def _read(self, value: Any, kind: str, struct: str, old: Any, place: str, path: str) -> Any:
        if kind == "any":
            return value
        if kind.startswith("[]"):
            return self._read_list(value, kind, struct, place, path)
        if kind.startswith("map[string]"):
            return self._read_map(value, kind, struct, place, path)
        name = kind.removeprefix("v1.")
        if name != kind and name in _shapes():
            if not isinstance(value, dict):
                raise _misfit(value, struct, place, kind)
            return self.read_fields(value, name, _shapes()[name], old, place, path)
        return _read_scalar(value, kind, struct, place)

    def _read_list(self, value: Any, kind: str, struct: str, place: str, path: str) -> Any:
        if not isinstance(value, list):
            raise _misfit(value, struct, place, kind)
        inner = kind.removeprefix("[]")
        return [self._read(item, inner, struct, None, place, f"{path}[{n}]") for n, item in enumerate(value)]

    def _read_map(self, value: Any, kind: str, struct: str, place: str, path: str) -> Any:
        if not isinstance(value, dict):
            raise _misfit(value, struct, place, kind)
        inner = kind.removeprefix("map[string]")
        return {
            key: "" if item is None else self._read(item, inner, struct, None, place, f"{path}.{key}")
            for key, item in value.items()
        }


def _read_scalar(value: Any, kind: str, struct: str, place: str) -> Any:
    match kind:
        case "int32" | "int64":
            return _read_integer(value, kind, struct, place)
        case "bool":
            if not isinstance(value, bool):
                raise _misfit(value, struct, place, kind)
        case "quantity":
            try:
                return canonical(value)
            except QuantityError as error:
                raise DecodingError(str(error)) from error
        case "intOrString":
            if isinstance(value, bool) or not isinstance(value, (int, str)):
                raise _misfit(value, struct, place, "intstr.IntOrString")
        case "time" | "microtime":
            _check_time(value, kind, struct, place)
        case "bytes":
            _check_base64(value, struct, place)
        case _:
            if not isinstance(value, str):
                raise _misfit(value, struct, place, kind)
    return value


def _read_integer(value: Any, kind: str, struct: str, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _misfit(value, struct, place, kind)
    if isinstance(value, float) or not -_WHOLE[kind] <= value < _WHOLE[kind]:
        raise _misfit(value, struct, place, kind, shown=f"number {value}")
    return value


def _check_time(value: Any, kind: str, struct: str, place: str) -> None:
    if not isinstance(value, str):
        raise _misfit(value, struct, place, "string")
    match = GO_TIME.fullmatch(value)
    layout = _LAYOUTS[kind]
    if match is None:
        raise DecodingError(wrong_time(value, layout))
    if kind == "microtime" and match.group(1) is None:
        raise DecodingError(f'parsing time "{value}" as "{layout}": cannot parse "{match.group(2)}" as ".000000"')


def _check_base64(value: Any, struct: str, place: str) -> None:
    if not isinstance(value, str):
        raise _misfit(value, struct, place, "[]uint8")
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error as error:
        wrong = next((n for n, letter in enumerate(value) if not (letter.isalnum() or letter in "+/=")), len(value))
        raise DecodingError(f"illegal base64 data at input byte {wrong}") from error


def _misfit(value: Any, struct: str, place: str, kind: str, shown: str = "") -> DecodingError:
    found = shown or go_kind(value)
    return DecodingError(f"json: cannot unmarshal {found} into Go struct field {struct}.{place} of type {kind}")


@cache
def _shapes() -> dict[str, Json]:
    shapes: dict[str, Json] = json.loads(Path(__file__).with_name("shapes.json").read_text())
    return shapes
