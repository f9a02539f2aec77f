"""Whether the cluster's CustomResourceDefinitions are those of this version: older ones would silently drop fields.

Until they are, this operator is not ready and does not stand for election, so one of the former version goes on.
"""

import logging
from typing import Any

from titan_api import names
from titan_api.json_types import Raw
from titan_kube.errors import APIError, Forbidden, NotFound
from titan_operator.clocks import Clock
from titan_operator.cluster.gateway import KIND_CRD, Gateway

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
NAMED_FIELDS = 5
"""At most this many missing fields are named."""
Schema = dict[str, Any]


async def await_kinds(gateway: Gateway, clock: Clock) -> None:
    """Return when all three kinds are served with every field; log what is missing, once for each change."""
    said = ""
    while True:
        flaw = await _find_flaw(gateway)
        if not flaw:
            return
        if flaw != said:
            log.error("%s; this operator waits until the CRDs of its version are applied (crds.install)", flaw)
            said = flaw
        await clock.sleep(PAUSE_SECONDS)


async def _find_flaw(gateway: Gateway) -> str:
    for plural in (names.PLURAL_DAGS, names.PLURAL_JOBS, names.PLURAL_APPROVALS):
        name = f"{plural}.{names.GROUP}"
        try:
            found = await gateway.get(KIND_CRD, "", name)
        except NotFound:
            return f"the CustomResourceDefinition {name} is missing"
        except Forbidden as error:
            log.info("cannot tell whether the CRDs are those of this version: %s", error)
            return ""
        except APIError as error:
            return f"the CustomResourceDefinitions cannot be read: {error.words}"
        if (found["metadata"].get("annotations") or {}).get(names.ANNOTATION_SCHEMA) == names.SCHEMA:
            continue
        missing = missing_fields(name, found)
        if missing:
            return f"the CustomResourceDefinition {name} is of another version: it lacks {', '.join(missing)}"
    return ""


def missing_fields(name: str, found: Raw) -> list[str]:
    """Some of the fields of this version that an installed definition does not have."""
    # Only here: making the schemas takes longer than all the rest of a start.
    from titan_api.kinds.crds import custom_resource_definitions

    (own,) = [one for one in custom_resource_definitions() if one["metadata"]["name"] == name]
    versions = {version["name"]: version for version in found["spec"]["versions"]}
    if names.VERSION not in versions:
        return [f"version {names.VERSION}"]
    wanted, there = (
        list_fields(version["schema"]["openAPIV3Schema"])
        for version in (own["spec"]["versions"][0], versions[names.VERSION])
    )
    return sorted(wanted - there)[:NAMED_FIELDS]


def list_fields(schema: Schema, path: str = "") -> set[str]:
    """Every field of a schema, by its path."""
    fields: set[str] = set()
    for name, child in (schema.get("properties") or {}).items():
        fields |= {f"{path}{name}"} | list_fields(child, f"{path}{name}.")
    items = schema.get("items")
    return fields | (list_fields(items, path) if isinstance(items, dict) else set())
