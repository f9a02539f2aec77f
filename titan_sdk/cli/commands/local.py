"""``titan local``: the embedded cluster on this machine, for people who have no Kubernetes at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from titan_api.defaults import LARGEST_PORT
from titan_sdk.cli.calls import Answers
from titan_sdk.cli.edge import Edge
from titan_sdk.cli.exits import CommandFailed
from titan_sdk.cli.options import AsJson
from titan_sdk.cli.output import emit_json, print_columns
from titan_sdk.cluster.environment import read_environment

if TYPE_CHECKING:
    from titan_local.clusters import LocalCluster

StateDir = Annotated[
    Path | None,
    typer.Option("--state-dir", help="Default: $TITAN_HOME/local, by default ~/.titan/local.", show_default=False),
]
COMPONENT_HEADERS = ("COMPONENT", "STATE", "PID", "RESTARTS", "LOG")


@dataclass(frozen=True)
class LocalCall(Answers):
    """A call of a command that handles the embedded cluster itself."""

    edge: Edge
    state_dir: StateDir = None
    as_json: AsJson = False

    @contextmanager
    def opened(self) -> "Iterator[LocalCluster]":
        """The cluster of the state directory; what it cannot do becomes this command's one sentence."""
        cluster = self.edge.open_local(self.state_dir or read_environment().titan_home / "local")
        from titan_local.running.states import LocalError

        try:
            yield cluster
        except LocalError as error:
            raise CommandFailed(str(error)) from error


def port_option(name: str, usual: int) -> object:
    """The option for a port of the cluster."""
    words = f"Default: the last one used, else {usual}; 0: any free one."
    return typer.Option(name, min=0, max=LARGEST_PORT, help=words)


def up(
    call: LocalCall,
    api_port: Annotated[int | None, port_option("--api-port", 7443)] = None,
    store_port: Annotated[int | None, port_option("--store-port", 9090)] = None,
    nodes: Annotated[
        Path | None, typer.Option("--nodes", help="JSON file that lists the simulated nodes.", show_default=False)
    ] = None,
) -> None:
    """Start the cluster, unless it is already running. It is ready within seconds and needs neither Docker nor root.

    Example: titan local up && eval "$(titan local env)"
    """
    with call.opened() as cluster:
        info = cluster.up(api_port=api_port, store_port=store_port, nodes_file=nodes)
    state = "is already up" if info.already_up else "is up"
    call.answer(info, f"The embedded cluster {state}: API {info.api_server}, store {info.store_url}")


def down(call: LocalCall) -> None:
    """Stop the cluster and every job in it. Stored data is kept for the next start.

    Example: titan local down
    """
    with call.opened() as cluster:
        cluster.down()
    call.answer({"up": False}, "The embedded cluster is down.")


def status(call: LocalCall) -> None:
    """Show the cluster's components. The exit code is 1 unless all of them answer.

    Example: titan local status
    """
    with call.opened() as cluster:
        found = cluster.status()
    if call.as_json:
        emit_json(found)
    else:
        rows = [(c.name, c.state, str(c.pid or ""), str(c.restarts), str(c.log)) for c in found.components]
        print_columns(COMPONENT_HEADERS, rows)
    if not found.is_ready:
        raise CommandFailed(f"the embedded cluster is not up: no answer from {', '.join(found.missing)}")


def reset(call: LocalCall) -> None:
    """Stop the cluster and delete everything that it has stored.

    Example: titan local reset
    """
    with call.opened() as cluster:
        cluster.reset()
    call.answer({"up": False}, "The embedded cluster is down and its state is removed.")


def env(call: LocalCall) -> None:
    """Print shell exports that point kubectl and programs to the cluster.

    Example: eval "$(titan local env)"
    """
    with call.opened() as cluster:
        variables = cluster.env()
    call.answer(variables, *(f"export {name}={quote(value)}" for name, value in variables.items()))


def quote(value: str) -> str:
    """The value in single quotes, whatever it contains, so that a shell takes it as it is."""
    return "'" + value.replace("'", "'\\''") + "'"
