"""Secrets: values that jobs get as environment variables and that Titan never gives back.

They are Secrets of Kubernetes, written with the caller's own rights. Nothing here reads their content: the label
that says whose a Secret is is checked by the API server within the very request that changes it, and where only
names are needed, only metadata are asked for.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from titan_api import names
from titan_sdk import checks
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanConflict, TitanInvalid, TitanNotFound

PLURAL = "secrets"
MAX_BYTES = 1024 * 1024
MANAGED = {names.LABEL_MANAGED_BY: names.MANAGED_BY}
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL_POINTER = f"/metadata/labels/{names.LABEL_MANAGED_BY.replace('/', '~1')}"


def put(kube: Kube, name: str, values: Mapping[str, str]) -> None:
    """Create or replace a secret. Raises ValueError, and TitanConflict for a Secret that Titan did not make."""
    check_secret_name(name)
    data = encode(name, values)
    body = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": data}
    try:
        kube.create(PLURAL, body | {"metadata": {"name": name, "labels": MANAGED}})
    except TitanConflict:
        changes: list[dict[str, object]] = [
            {"op": "test", "path": _LABEL_POINTER, "value": names.MANAGED_BY},
            {"op": "add", "path": "/data", "value": data},
        ]
        try:
            kube.apply_changes(PLURAL, name, changes)
        except TitanInvalid as error:
            raise _not_ours(name) from error


def delete(kube: Kube, name: str) -> bool:
    """Remove a secret; whether it was there. Raises TitanConflict for a Secret that Titan did not make."""
    check_secret_name(name)
    try:
        metadata = kube.get_metadata(PLURAL, name)
        if (metadata.get("labels") or {}).get(names.LABEL_MANAGED_BY) != names.MANAGED_BY:
            raise _not_ours(name)
        kube.delete(PLURAL, name, metadata["uid"])
    except TitanNotFound:
        return False
    return True


def list_names(kube: Kube) -> list[str]:
    """The names of the secrets that Titan made, sorted."""
    labels = f"{names.LABEL_MANAGED_BY}={names.MANAGED_BY}"
    return sorted(str(metadata["name"]) for metadata in kube.list_metadata(PLURAL, labels=labels))


def check_secret_name(name: object) -> str:
    """The text, if it can name a Secret. Raises ValueError."""
    if not isinstance(name, str) or len(name) > 253 or not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot be the name of a secret (lower-case letters, digits, '-' and '.', at most 253)"
        )
    return name


def encode(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """The values as a Secret has them. Raises ValueError; no message ever contains a value."""
    if not values:
        raise ValueError(f"the secret {name!r} needs at least one KEY=VALUE")
    data: dict[str, str] = {}
    size = 0
    for key, value in values.items():
        checks.check_variable(key)
        if not isinstance(value, str) or "\0" in value:
            raise ValueError(f"the value of {key} in the secret {name!r} must be a string without NUL")
        try:
            encoded = value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"the value of {key} in the secret {name!r} is no valid Unicode") from None
        size += len(encoded)
        data[key] = base64.b64encode(encoded).decode()
    if size > MAX_BYTES:
        raise ValueError(f"the secret {name!r} may have {MAX_BYTES} bytes, but this has {size}")
    return data


def _not_ours(name: str) -> TitanConflict:
    return TitanConflict(f"the Secret {name!r} was not made by Titan and stays as it is: choose another name")
