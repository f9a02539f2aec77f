"""What commands reach the outside through; tests hand in their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from titan_sdk.cli.browsers import open_browser
from titan_sdk.cli.exits import CommandFailed, ExitCode

if TYPE_CHECKING:
    from titan_local.clusters import LocalCluster

    from titan_sdk.client import TitanClient


@dataclass(frozen=True)
class Edge:
    """How a command gets a client of a cluster, or the embedded cluster itself."""

    connect: "Callable[[str | None, str | None], TitanClient]"
    """From namespace and context, each None for the default."""
    open_local: "Callable[[Path], LocalCluster]"
    """From the state directory."""
    open_browser: Callable[[str], bool] = open_browser
    """From an address; whether there is a browser."""


def connect(namespace: str | None, context: str | None) -> "TitanClient":
    """The real client; importing it here keeps ``--help`` quick."""
    from titan_sdk.client import TitanClient

    return TitanClient(namespace=namespace, context=context)


def open_local(state_dir: Path) -> "LocalCluster":
    """The real embedded cluster, if its part of the distribution is installed."""
    try:
        from titan_local.clusters import LocalCluster
    except ModuleNotFoundError as error:
        raise CommandFailed(
            f"the embedded cluster is not installed ({error.name} is missing): pip install 'titan-k8s[local]'",
            ExitCode.USAGE,
        ) from error
    return LocalCluster(state_dir)


REAL = Edge(connect=connect, open_local=open_local)
