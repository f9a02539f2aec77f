"""Which credentials a process has: KUBECONFIG before the pod's own account before ``~/.kube/config`` (ADR 0010)."""

import os
from collections.abc import Mapping
from pathlib import Path

from titan_kube.config import Config
from titan_kube.errors import ConfigurationError
from titan_kube.kubeconfigs import read_kubeconfig

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def load(environment: Mapping[str, str] | None = None, *, account: Path = SERVICE_ACCOUNT) -> Config:
    """The first that there is, in the environment of this process by default. Raises ConfigurationError."""
    given = os.environ if environment is None else environment
    if given.get("KUBECONFIG"):
        paths = [Path(part).expanduser() for part in given["KUBECONFIG"].split(os.pathsep) if part]
        return read_kubeconfig(*paths)
    if (account / "token").exists():
        return _of_account(given, account)
    home = Path(given["HOME"]) / ".kube/config" if given.get("HOME") else None
    if home is not None and home.exists():
        return read_kubeconfig(home)
    raise ConfigurationError(
        "No credentials for the API server: set KUBECONFIG, or run in a pod with a ServiceAccount."
    )


def _of_account(environment: Mapping[str, str], account: Path) -> Config:
    host = environment.get("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc")
    port = environment.get("KUBERNETES_SERVICE_PORT", "443")
    namespace = account / "namespace"
    return Config(
        server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        authority=account / "ca.crt",
        token=account / "token",
        namespace=namespace.read_text().strip() if namespace.exists() else "default",
    )
