"""Kubeconfigs of servers that tests start."""

import base64
import json


def as_file_content(url: str, authority: str, token: str, certificate: str, key: str) -> str:
    """A kubeconfig (JSON, which is YAML) of one user, who has a token and a client certificate; all parts are PEM."""
    user = {
        "token": token,
        "client-certificate-data": _encoded(certificate),
        "client-key-data": _encoded(key),
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": url, "certificate-authority-data": _encoded(authority)}}],
            "users": [{"name": "c", "user": user}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c", "namespace": "default"}}],
        }
    )


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
