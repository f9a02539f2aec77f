"""A kubeconfig per component and one for the administrator, with everything embedded, so that files may be copied."""

import base64
import json
from pathlib import Path

from tools.cluster.layouts import Layout

USERS = ("admin", "kubelet", "kube-controller-manager", "kube-scheduler", "kube-proxy", "coredns", "kwok")
CLUSTER = "titan-test"


def write_kubeconfigs(layout: Layout) -> None:
    """Writes them for all users whose certificates are in the layout's pki directory."""
    for user in USERS:
        file = layout.kubeconfig(user)
        file.touch(mode=0o600)
        file.write_text(render_kubeconfig(user, layout.api_url, layout.pki))


def render_kubeconfig(user: str, server: str, pki: Path) -> str:
    """JSON, which is YAML."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": CLUSTER,
            "contexts": [{"name": CLUSTER, "context": {"cluster": CLUSTER, "user": user}}],
            "clusters": [
                {"name": CLUSTER, "cluster": {"server": server, "certificate-authority-data": _data(pki / "ca.crt")}}
            ],
            "users": [
                {
                    "name": user,
                    "user": {
                        "client-certificate-data": _data(pki / f"{user}.crt"),
                        "client-key-data": _data(pki / f"{user}.key"),
                    },
                }
            ],
        },
        indent=1,
    )


def _data(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()
