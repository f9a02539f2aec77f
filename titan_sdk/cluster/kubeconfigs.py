"""Reading kubeconfigs.

The official client's loader takes half a second to import, more than a whole job; so the ordinary kubeconfig
(token, client certificate, basic authentication) is read here, and only one with a credential plug-in is given to
the ``kubernetes`` package. ``titan local`` writes JSON, for which not even the YAML parser is loaded.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from titan_api.json_types import Raw
from titan_sdk.cluster.access import Access
from titan_sdk.errors import TitanNotConfigured
from titan_sdk.transport.certificates import Certificates
from titan_sdk.transport.http import PooledTransport
from titan_sdk.transport.installations import needing

PLUGINS = ("exec", "auth-provider")
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


def load_kubeconfig(paths: list[Path], context: str | None) -> Access:
    """The access that a kubeconfig describes; several files are merged as kubectl does (the first one wins).

    ``context``: its name; None takes the current one. Raises TitanNotConfigured naming file and culprit.
    """
    shown = ", ".join(map(str, paths))
    merged = _merge([_read(path) for path in paths if path.exists()])
    if not merged["clusters"]:
        raise TitanNotConfigured(f"the kubeconfig {shown} does not exist or is empty")
    chosen = context or str(merged["current-context"])
    if not chosen:
        raise TitanNotConfigured(f"the kubeconfig {shown} has no current-context")
    described = _named(merged, "contexts", "context", chosen, shown)
    cluster = _named(merged, "clusters", "cluster", str(described.get("cluster", "")), shown)
    user: Raw = {}
    if described.get("user"):
        user = _named(merged, "users", "user", str(described["user"]), shown)
    namespace = described.get("namespace") or None
    if any(user.get(plugin) for plugin in PLUGINS):
        from titan_sdk.cluster.plugins import load_with_plugin

        return load_with_plugin(paths, chosen, namespace)
    certificates = Certificates(
        authority=_data(cluster, "certificate-authority"),
        certificate=_data(user, "client-certificate"),
        key=_data(user, "client-key"),
        insecure=bool(cluster.get("insecure-skip-tls-verify")),
    )
    if not cluster.get("server"):
        raise TitanNotConfigured(f"the cluster of context {chosen!r} in {shown} has no server")
    return Access(
        server=str(cluster["server"]).rstrip("/"),
        transport=PooledTransport(
            certificates.make_context,
            server_name=str(cluster.get("tls-server-name") or ""),
            proxy=str(cluster.get("proxy-url") or ""),
        ),
        authorization=_authorization(user),
        namespace=namespace,
    )


def _read(path: Path) -> Raw:
    """The file's content with its relative paths made absolute."""
    try:
        text = path.read_text()
    except OSError as error:
        raise TitanNotConfigured(f"the kubeconfig {path} cannot be read: {error.strerror}") from error
    content = _parse(path, text)
    if not isinstance(content, dict):
        raise TitanNotConfigured(f"the kubeconfig {path} is no mapping")
    for section, kind in (("clusters", "cluster"), ("users", "user")):
        for entry in content.get(section) or []:
            place = entry.get(kind) or {}
            for name in _FILES:
                if place.get(name):
                    place[name] = str(path.parent / place[name])
    return content


def _parse(path: Path, text: str) -> object:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except ValueError as error:
            raise TitanNotConfigured(f"the kubeconfig {path} is no JSON: {error}") from error
    with needing("PyYAML", f"reading the kubeconfig {path}"):
        import yaml

    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise TitanNotConfigured(f"the kubeconfig {path} is no YAML: {error}") from error


def _merge(contents: list[Raw]) -> dict[str, Any]:
    merged: dict[str, Any] = {"clusters": [], "users": [], "contexts": [], "current-context": ""}
    for content in contents:
        for section in ("clusters", "users", "contexts"):
            merged[section] += content.get(section) or []
        merged["current-context"] = merged["current-context"] or content.get("current-context") or ""
    return merged


def _named(merged: Raw, section: str, kind: str, name: str, shown: str) -> Raw:
    for entry in merged[section]:
        if entry.get("name") == name:
            found: Raw = entry.get(kind) or {}
            return found
    raise TitanNotConfigured(f"the kubeconfig {shown} has no {kind} {name!r}")


def _data(place: Raw, name: str) -> str | None:
    """PEM text that is inline in base 64 or in a file of its own."""
    if place.get(f"{name}-data"):
        return base64.b64decode(place[f"{name}-data"]).decode()
    if place.get(name):
        try:
            return Path(place[name]).read_text()
        except OSError as error:
            raise TitanNotConfigured(f"{name} {place[name]} cannot be read: {error.strerror}") from error
    return None


def _authorization(user: Raw) -> Callable[[], str | None]:
    if user.get("tokenFile"):
        token_file = Path(user["tokenFile"])
        return lambda: f"Bearer {token_file.read_text().strip()}"
    if user.get("token"):
        bearer = f"Bearer {user['token']}"
        return lambda: bearer
    if user.get("username"):
        pair = base64.b64encode(f"{user['username']}:{user.get('password', '')}".encode()).decode()
        return lambda: f"Basic {pair}"
    return lambda: None
