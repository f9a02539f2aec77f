"""What the process's surroundings say about where Titan is: the ``TITAN_*`` variables and the legacy globals.

Programs of the earlier Titan set ``TITAN_HOST`` and ``TITAN_PORT``, in the environment or on the module
``titan_sdk.titan_sdk``, also after the import; so everything here is read at each call. Nothing is contacted.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from titan_api import names

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9090
LEGACY_MODULE = "titan_sdk.titan_sdk"
ENV_HOME = "TITAN_HOME"
ENV_KUBECONFIG = "KUBECONFIG"


@dataclass(frozen=True)
class Environment:
    """The resolved surroundings of one call."""

    store_url: str | None
    """Address of the store if somebody named one; None: reach it through the cluster."""
    store_token_file: Path | None
    """In pods: the file with the token for the store; it is re-read because it rotates."""
    namespace: str | None
    kubeconfig: str | None
    """The variable KUBECONFIG: one file, or several separated by colons."""
    home: Path
    titan_home: Path
    agent_run_id: str | None = None
    """In pods: the agent run to which the job belongs."""
    store_ca: str | None = None
    """PEM of the authority that vouches for a store with https; None: the machine's own authorities."""


def read_environment() -> Environment:
    """The surroundings as they are now, the legacy module's globals included."""
    return resolve(os.environ, changed_globals(), Path.home())


def resolve(variables: Mapping[str, str], changed: tuple[str | None, object], home: Path) -> Environment:
    """The surroundings from variables and from the legacy globals that a program changed (None: unchanged).

    An address is, in this order: changed globals, TITAN_STORE_URL, TITAN_HOST and TITAN_PORT. A port that is no
    port is ignored with a warning: Kubernetes sets TITAN_PORT=tcp://... for any Service that is called "titan".
    """
    host, port = changed
    url = variables.get(names.ENV_STORE_URL, "").rstrip("/") or None
    if host is not None or port is not None:
        host = host if host is not None else variables.get(names.ENV_STORE_HOST) or DEFAULT_HOST
        url = _address(host, port if port is not None else variables.get(names.ENV_STORE_PORT))
    elif url is None:
        url = _named_address(variables)
    token_file = variables.get(names.ENV_STORE_TOKEN_FILE)
    return Environment(
        store_url=url,
        store_token_file=Path(token_file) if token_file else None,
        namespace=variables.get(names.ENV_NAMESPACE) or None,
        kubeconfig=variables.get(ENV_KUBECONFIG) or None,
        home=home,
        titan_home=Path(variables.get(ENV_HOME) or home / ".titan"),
        agent_run_id=variables.get(names.ENV_AGENT_RUN) or None,
        store_ca=variables.get(names.ENV_STORE_CA) or None,
    )


def changed_globals() -> tuple[str | None, object]:
    """TITAN_HOST and TITAN_PORT of the legacy module where a program has assigned to them, else None."""
    module = sys.modules.get(LEGACY_MODULE)
    if module is None:
        return None, None
    host, port = module.TITAN_HOST, module.TITAN_PORT
    host_at_import, port_at_import = module.AT_IMPORT
    return (str(host) if host != host_at_import else None), (port if port != port_at_import else None)


def legacy_address(variables: Mapping[str, str]) -> tuple[str, int]:
    """Host and port as the legacy module shows them."""
    return variables.get(names.ENV_STORE_HOST) or DEFAULT_HOST, _port(variables.get(names.ENV_STORE_PORT))


def _named_address(variables: Mapping[str, str]) -> str | None:
    host, port = variables.get(names.ENV_STORE_HOST), variables.get(names.ENV_STORE_PORT)
    if host:
        return _address(host, port)
    if port and _is_port(port):
        return _address(DEFAULT_HOST, port)
    if port:
        _port(port)
    return None


def _address(host: str, port: object) -> str:
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{bracketed}:{_port(port)}"


def _port(port: object) -> int:
    if port is None or port == "":
        return DEFAULT_PORT
    if _is_port(port):
        return int(str(port))
    warnings.warn(f"TITAN_PORT={port!r} is no port number and is ignored", RuntimeWarning, stacklevel=2)
    return DEFAULT_PORT


def _is_port(port: object) -> bool:
    text = str(port)
    return text.isascii() and text.isdigit() and 0 < int(text) < 65_536
