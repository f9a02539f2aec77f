"""ConfigMaps and Secrets: their keys, their size, and that an immutable one stays as it is."""

import base64
import re
from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, prohibited, too_long

SIZE_LIMIT = 1024 * 1024
_LONGEST_KEY = 253
_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_KEY_TEXT = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',"
    "  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
_FIELDS = ("data", "binaryData")


def prepare_secret(obj: Json) -> Json:
    """A Secret with its plain texts folded into its data."""
    folded = {key: base64.b64encode(value.encode()).decode() for key, value in (obj.get("stringData") or {}).items()}
    result = {"type": "Opaque", **{key: value for key, value in obj.items() if key != "stringData"}}
    if folded:
        result["data"] = {**(obj.get("data") or {}), **folded}
    return result


def map_errors(obj: Json, old: Json | None) -> Iterator[FieldError]:
    """Every mistake of a ConfigMap or a Secret."""
    size = 0
    for field in _FIELDS:
        for key, value in (obj.get(field) or {}).items():
            size += len(value.encode()) if field == "data" and obj["kind"] == "ConfigMap" else len(value) * 3 // 4
            yield from _key_errors(f"{field}[{key}]", key)
            if field == "data" and key in (obj.get("binaryData") or {}):
                yield invalid_value(f"data[{key}]", key, "duplicate of key present in binaryData")
    if size > SIZE_LIMIT:
        yield too_long("[]" if obj["kind"] == "ConfigMap" else "data", SIZE_LIMIT)
    if old is None:
        return
    if old.get("type") != obj.get("type"):
        yield invalid_value("type", obj.get("type"), "field is immutable")
    if old.get("immutable"):
        changed = [field for field in (*_FIELDS, "immutable") if old.get(field) != obj.get(field)]
        for field in changed:
            yield prohibited(field, "field is immutable when `immutable` is set")


def _key_errors(path: str, key: str) -> Iterator[FieldError]:
    if len(key) > _LONGEST_KEY:
        yield invalid_value(path, key, f"must be no more than {_LONGEST_KEY} characters")
    if not _KEY.fullmatch(key):
        yield invalid_value(path, key, _KEY_TEXT)
