"""People of an embedded cluster with names and tokens of their own: a gate takes one decision of each."""

import os
from pathlib import Path

from titan_local.apiserver.identity.tokens import ensure_static_token
from titan_local.clusters import LocalCluster
from titan_local.credentials import MASTERS
from titan_local.kubeconfigs import write_kubeconfig

from titan_kube.kubeconfigs import read_kubeconfig
from titan_sdk import TitanClient
from titan_sdk.cluster.credentials import find_access
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections


class Person:
    """Somebody with a client of the SDK, and with the API itself, as kubectl has it."""

    def __init__(self, cluster: LocalCluster, name: str) -> None:
        path = cluster.state_dir / f"{name}.kubeconfig"
        admin = read_kubeconfig(cluster.state_dir / "kubeconfig")
        token = ensure_static_token(cluster.state_dir, name, [MASTERS])
        write_kubeconfig(path, admin.server, admin.read_authority() or "", token)
        env = dict(os.environ) | {"KUBECONFIG": str(path)}
        self.name = name
        self.connections = Connections(
            "default",
            surroundings=lambda: resolve(env, (None, None), Path("/nonexistent")),
            access=lambda environment, _, context: find_access(environment, env, context=context),
        )
        self.client = TitanClient(connections=self.connections)
