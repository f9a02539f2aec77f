"""Which objects a list or a watch asks for: label selectors, and the one field selector that the SDK uses."""

import re
from collections.abc import Mapping

from titan_api.json_types import Json

_TERM = re.compile(r"(?P<absent>!)?(?P<key>[^,=! ]+)(?: in \((?P<values>[^)]*)\)|=(?P<value>[^,]*))?(?:,|$)")


def is_selected(obj: Json, query: Mapping[str, str]) -> bool:
    """Whether an object is among those that labelSelector and fieldSelector name."""
    field = query.get("fieldSelector", "")
    if field and obj["metadata"]["name"] != field.removeprefix("metadata.name="):
        return False
    labels = obj["metadata"].get("labels") or {}
    return all(_matches(labels, term) for term in _TERM.finditer(query.get("labelSelector", "")))


def _matches(labels: Mapping[str, str], term: re.Match[str]) -> bool:
    value = labels.get(term["key"])
    if term["values"] is not None:
        return value in term["values"].split(",")
    if term["value"] is not None:
        return value == term["value"]
    return (value is None) is (term["absent"] is not None)
