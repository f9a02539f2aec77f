"""Writing kubeconfigs in JSON, which is also YAML: for people, for the components, and one for every pod."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from titan_local.files import write_atomically

NAME = "titan-local"
"""Of the cluster, the user and the context."""


@dataclass(frozen=True)
class KeyPair:
    """A client certificate and its key, both as PEM."""

    certificate: str
    key: str


def write_kubeconfig(
    path: Path,
    server: str,
    authority: str,
    token: str,
    namespace: str = "default",
    *,
    certificate: KeyPair | None = None,
    durably: bool = True,
) -> None:
    """Credentials for one user of the API server, readable by this user only."""
    cluster = {"server": server, "certificate-authority-data": _encode(authority)}
    user = {"token": token}
    if certificate is not None:
        user["client-certificate-data"] = _encode(certificate.certificate)
        user["client-key-data"] = _encode(certificate.key)
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "clusters": [{"name": NAME, "cluster": cluster}],
        "users": [{"name": NAME, "user": user}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME, "namespace": namespace}}],
    }
    write_atomically(path, json.dumps(content, indent=1), mode=0o600, durably=durably)


def _encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
