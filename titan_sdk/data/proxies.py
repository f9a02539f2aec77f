"""Where the API server's service proxy finds the store.

RBAC compares the path with its own spelling of the service, so there is one right spelling, and whoever installs Titan
knows it. The operator writes it on the ServiceAccount ``titan-client`` of each namespace.
"""

from __future__ import annotations

import re

from titan_api import names
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanForbidden, TitanNotConfigured, TitanNotFound

_PLACE = re.compile(r"([a-z0-9][a-z0-9-]*)/((?:https?:)?[a-z][a-z0-9-]*:[a-z0-9-]*)")


def find_proxy_path(kube: Kube) -> str:
    """The path below the API server's address. Raises TitanNotConfigured for a note that is no place.

    Who may not read ServiceAccounts gets the place of an installation with Titan's own defaults.
    """
    try:
        metadata = kube.get_metadata("serviceaccounts", names.SERVICE_ACCOUNT_CLIENT)
    except (TitanForbidden, TitanNotFound):
        metadata = {}
    note = (metadata.get("annotations") or {}).get(names.ANNOTATION_STORE_SERVICE) or names.DEFAULT_STORE_SERVICE
    place = _PLACE.fullmatch(note)
    if place is None:
        account = f"{kube.namespace}/{names.SERVICE_ACCOUNT_CLIENT}"
        raise TitanNotConfigured(f"{names.ANNOTATION_STORE_SERVICE} on ServiceAccount {account} is no place: {note!r}")
    namespace, service = place.groups()
    return f"/api/v1/namespaces/{namespace}/services/{service}/proxy"
