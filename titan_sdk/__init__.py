"""Titan on Kubernetes: the Python SDK.

>>> from titan_sdk import TitanClient, TitanJob
>>> client = TitanClient()
>>> run = client.submit_dag("hello", [TitanJob("greet", script_content="print('hello')")])
>>> client.wait(run).phase
'Succeeded'

Names are loaded on first use, so that importing this package costs a program next to nothing.

Its rooms, highest first; a room imports only from those below it (``pyproject.toml``, checked by import-linter):

- ``cli``, ``mcp``, ``testing``: the command line, the tools for agents, and Titan in memory for users' tests
- ``client``: TitanClient; ``legacy``: the words of the earlier Titan; ``dags``: the client whose calls all raise;
  ``calls``: what both have in common
- ``pipelines``: YAML; ``submit``: from TitanJobs to objects; ``runs``: what became of them
- ``connections``, ``dashboards``: the cluster and the store of a client, and the way to its page
- ``data``: what travels through the store; ``cluster``: the Kubernetes API; ``transport``: requests, retries, TLS
- ``accepted``, ``checks``, ``errors``: what all of them share

``titan_sdk.py``, ``titan_yaml_parser.py`` and ``titan_mcp_server.py`` are names that programs of the earlier Titan import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from titan_api.views import AgentRunView, ArtifactView, DagView, GateView, JobView
    from titan_sdk.accepted import Accepted
    from titan_sdk.client import TitanClient
    from titan_sdk.errors import (
        TitanConflict,
        TitanError,
        TitanForbidden,
        TitanInvalid,
        TitanNotConfigured,
        TitanNotFound,
        TitanTimeout,
        TitanUnavailable,
    )
    from titan_sdk.runs.workspaces import Workspace, WorkspaceFile
    from titan_sdk.submit.jobs import TitanJob

__all__ = [
    "Accepted",
    "AgentRunView",
    "ArtifactView",
    "DagView",
    "GateView",
    "JobView",
    "TitanClient",
    "TitanConflict",
    "TitanError",
    "TitanForbidden",
    "TitanInvalid",
    "TitanJob",
    "TitanNotConfigured",
    "TitanNotFound",
    "TitanTimeout",
    "TitanUnavailable",
    "Workspace",
    "WorkspaceFile",
]

_MODULES = {
    "Accepted": "titan_sdk.accepted",
    "AgentRunView": "titan_api.views",
    "ArtifactView": "titan_api.views",
    "DagView": "titan_api.views",
    "GateView": "titan_api.views",
    "JobView": "titan_api.views",
    "TitanClient": "titan_sdk.client",
    "TitanJob": "titan_sdk.submit.jobs",
    "Workspace": "titan_sdk.runs.workspaces",
    "WorkspaceFile": "titan_sdk.runs.workspaces",
}


def __getattr__(name: str) -> object:
    """The public name, from the module that defines it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'titan_sdk' has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES.get(name, "titan_sdk.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
