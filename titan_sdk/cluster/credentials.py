"""Which cluster, and as whom: a kubeconfig, the ServiceAccount of the pod we are in, or a running ``titan local``."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from titan_sdk.cluster.access import Access
from titan_sdk.cluster.environment import Environment
from titan_sdk.cluster.kubeconfigs import load_kubeconfig
from titan_sdk.errors import TitanNotConfigured
from titan_sdk.transport.http import PooledTransport

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
LOCAL_KUBECONFIG = "local/kubeconfig"
"""Where ``titan local`` leaves its kubeconfig, below TITAN_HOME."""
NOTHING_FOUND = (
    "there are no Kubernetes credentials: set KUBECONFIG, write ~/.kube/config, "
    "or start a cluster of your own with `titan local up`"
)


def find_access(
    environment: Environment,
    variables: Mapping[str, str],
    context: str | None = None,
    *,
    service_account: Path = SERVICE_ACCOUNT,
) -> Access:
    """The access that the surroundings offer. Raises TitanNotConfigured.

    A KUBECONFIG that somebody set wins over the pod's own ServiceAccount, as in kubectl: jobs of an embedded
    cluster that itself runs inside a pod must find their own cluster.
    """
    if environment.kubeconfig:
        paths = [Path(part) for part in environment.kubeconfig.split(os.pathsep) if part]
        return load_kubeconfig(paths, context)
    if context is None and variables.get("KUBERNETES_SERVICE_HOST") and (service_account / "token").exists():
        return _in_cluster(variables, service_account)
    for candidate in (environment.home / ".kube/config", environment.titan_home / LOCAL_KUBECONFIG):
        if candidate.exists() and candidate.stat().st_size:
            return load_kubeconfig([candidate], context)
    raise TitanNotConfigured(NOTHING_FOUND)


def _in_cluster(variables: Mapping[str, str], service_account: Path) -> Access:
    host, port = variables["KUBERNETES_SERVICE_HOST"], variables.get("KUBERNETES_SERVICE_PORT", "443")
    namespace = service_account / "namespace"
    return Access(
        server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        transport=PooledTransport(lambda: ssl.create_default_context(cafile=service_account / "ca.crt")),
        authorization=lambda: f"Bearer {(service_account / 'token').read_text().strip()}",
        namespace=namespace.read_text().strip() if namespace.exists() else None,
    )
