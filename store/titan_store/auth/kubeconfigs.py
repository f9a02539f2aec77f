"""How to reach the API server: the kubeconfig that KUBECONFIG names, else the pod's own service account."""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")

Json = dict[str, Any]


class KubeconfigError(Exception):
    """There is no usable configuration; one sentence says why."""


@dataclass(frozen=True)
class Access:
    """Where the API server is, and how to prove who we are."""

    server: str
    authority: str | None
    """PEM of the certificates to trust. None: those of the system."""
    token: str | Path = field(repr=False)
    """A file is read again for each use: the kubelet rotates it."""

    def read_token(self) -> str:
        """The token to send now. Raises OSError if its file is unreadable."""
        return self.token.read_text().strip() if isinstance(self.token, Path) else self.token


def find_access(environment: Mapping[str, str]) -> Access:
    """The first that there is. Raises KubeconfigError."""
    path = environment.get("KUBECONFIG")
    host = environment.get("KUBERNETES_SERVICE_HOST")
    try:
        if path:
            return read_kubeconfig(Path(path.split(os.pathsep)[0]))
        if not host:
            raise KubeconfigError("The store needs the API server: set KUBECONFIG, or run it in a pod.")
        port = environment.get("KUBERNETES_SERVICE_PORT", "443")
        server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
        return Access(server, (SERVICE_ACCOUNT / "ca.crt").read_text(), SERVICE_ACCOUNT / "token")
    except OSError as error:
        raise KubeconfigError(f"Cannot read {error.filename}: {error.strerror}.") from error


def read_kubeconfig(path: Path) -> Access:
    """The current context of a kubeconfig whose user has a token. Raises KubeconfigError, OSError."""
    content = _parse(path)
    try:
        context = _named(content, "contexts", str(content["current-context"]))["context"]
        cluster = _named(content, "clusters", str(context["cluster"]))["cluster"]
        user = _named(content, "users", str(context["user"]))["user"]
        server = str(cluster["server"])
    except (KeyError, TypeError) as error:
        raise KubeconfigError(f"The kubeconfig {path} lacks {error}.") from error
    token: str | Path | None = user.get("token") or (Path(user["tokenFile"]) if "tokenFile" in user else None)
    if token is None:
        raise KubeconfigError(f"The user of the kubeconfig {path} has no token; the store takes no other credentials.")
    return Access(server.rstrip("/"), _authority(path, cluster), token)


def _parse(path: Path) -> Json:
    text = path.read_text()
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        content = _parse_yaml(path, text)
    if not isinstance(content, dict):
        raise KubeconfigError(f"The kubeconfig {path} holds no mapping.")
    return content


def _parse_yaml(path: Path, text: str) -> object:
    import yaml  # Only here: the embedded cluster writes JSON, and the store is to start quickly.

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise KubeconfigError(f"The kubeconfig {path} is neither JSON nor YAML.") from error


def _named(content: Json, section: str, name: str) -> Json:
    for entry in content[section]:
        if entry["name"] == name:
            return dict(entry)
    raise KeyError(f"{name} in {section}")


def _authority(path: Path, cluster: Json) -> str | None:
    data = cluster.get("certificate-authority-data")
    if data:
        try:
            return base64.b64decode(data, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise KubeconfigError(f"certificate-authority-data of the kubeconfig {path} is no base64.") from error
    file = cluster.get("certificate-authority")
    return (path.parent / file).read_text() if file else None
