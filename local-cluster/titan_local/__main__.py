"""``python -m titan_local up|down|status|reset|env``: the embedded cluster without the SDK's command line."""

import argparse
import sys
from pathlib import Path

from titan_local.clusters import LocalCluster
from titan_local.running.states import LocalError, default_state_dir

FAILED = 1


def main() -> int:
    """Run the command; returns 1, with one sentence on stderr, if it fails."""
    arguments = _parse()
    cluster = LocalCluster(arguments.state_dir)
    try:
        sys.stdout.write(_run(cluster, arguments))
    except LocalError as error:
        sys.stderr.write(f"titan: {error}\n")
        return FAILED
    return 0


def _run(cluster: LocalCluster, arguments: argparse.Namespace) -> str:
    match arguments.command:
        case "up":
            info = cluster.up(arguments.api_port, arguments.store_port, arguments.nodes, arguments.timeout)
            state = "is already up" if info.already_up else "is up"
            return f"The embedded cluster {state}: API {info.api_server}, store {info.store_url}\n"
        case "down":
            cluster.down()
            return "The embedded cluster is down.\n"
        case "reset":
            cluster.reset()
            return "The embedded cluster is down and its state is removed.\n"
        case "env":
            return "".join(f"export {name}='{value}'\n" for name, value in cluster.env().items())
    status = cluster.status()
    rows = [f"{c.name:12}{c.state:10}{c.pid or '-':>8}  {c.log}\n" for c in status.components]
    answer = "ready" if status.is_ready else f"not ready: {', '.join(status.missing)}"
    return "".join([*rows, f"The embedded cluster is {answer}.\n"])


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m titan_local", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "status", "reset", "env"])
    parser.add_argument("--state-dir", type=Path, default=default_state_dir(), help="default: $TITAN_HOME/local")
    parser.add_argument("--api-port", type=int, help="default: as before, else 7443; 0 takes a free one")
    parser.add_argument("--store-port", type=int, help="default: as before, else 9090; 0 takes a free one")
    parser.add_argument("--nodes", type=Path, help="JSON file with the simulated nodes")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds to wait until everything is ready")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
