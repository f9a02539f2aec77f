"""`make demo`: a real pipeline on the embedded cluster, watched live, with a person at its gate.

The demo starts a cluster of its own (other processes, other ports and another directory than `titan local up`),
submits pipeline.py, asks for a key press when the gate opens, downloads the report and stops the cluster again.
Where stdin is no terminal it approves by itself and says so.

    python examples/demo/demo.py [--use-current] [--keep] [--output DIR]
"""

import argparse
import os
import signal
import sys
import time
import uuid
from pathlib import Path

import pipeline
from clusters import current_cluster, own_cluster, titan_home
from failures import DemoFailed
from gatekeeper import Gatekeeper
from pages import describe_page
from summary import print_summary, write_record

from titan_sdk import DagView, TitanClient
from titan_sdk.cli.failures import known_failures
from titan_sdk.cli.live import open_progress
from titan_sdk.cli.output import make_console

TIMEOUT = 300.0
"""Seconds after which a run that has not ended counts as stuck."""


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup wants the demo to go on when the terminal closes.
            signal.signal(number, stop_politely)
    print("Titan demo: handwritten digits, from data to a report a person permits\n", flush=True)
    try:
        with current_cluster() if options.use_current else own_cluster(options.keep):
            run_pipeline(options.output)
    except KeyboardInterrupt:
        print("\nThe demo was interrupted.", file=sys.stderr)
        return 130
    except (DemoFailed, *known_failures()) as error:
        print(f"The demo ends here: {error}.", file=sys.stderr)
        return 1
    return 0


def run_pipeline(output: Path | None) -> None:
    """Submit, watch, decide, download, tell."""
    run = uuid.uuid4().hex[:8]
    client = TitanClient()
    client.whoami()  # Without a cluster this is what says so best, before anything is sent.
    print(describe_page(client), end="\n\n", flush=True)
    accepted = pipeline.submit(client, run, ledger=os.environ.get("TITAN_DEMO_LEDGER"))
    if accepted != "DAG_ACCEPTED":
        raise DemoFailed(accepted)
    with open_progress(make_console()) as progress:
        gatekeeper = Gatekeeper(client, accepted.name, progress)
        view = client.wait(accepted, timeout=TIMEOUT, on_change=gatekeeper.look)
    if not view.succeeded:
        raise DemoFailed(explain(view))
    folder = output or titan_home() / "demo" / f"report-{time.strftime('%Y%m%d-%H%M%S')}-{run}"
    files = pipeline.download(client, run, folder)
    files.append(write_record(view, folder))
    print_summary(view, pipeline.read_accuracies(client, run), gatekeeper.decided, files)


def explain(view: DagView) -> str:
    """Why a DAG did not end well, in one sentence."""
    if any(job.approval == "Rejected" for job in view.jobs):
        return "the report was not permitted"
    culprits = [f"{job.job_id} {job.phase}: {job.message}" for job in view.jobs if job.phase == "Failed"]
    return f"the DAG is {view.phase}. " + ("; ".join(culprits) or view.message)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo.py", description="Run a pipeline on the embedded cluster and watch it.")
    parser.add_argument(
        "--use-current", action="store_true", help="use the cluster that KUBECONFIG or titan local names"
    )
    parser.add_argument("--keep", action="store_true", help="leave the cluster running and its state in place")
    parser.add_argument("--output", type=Path, help="folder for the report; default: below $TITAN_HOME/demo")
    return parser.parse_args(arguments)


def stop_politely(number: int, _frame: object) -> None:
    """A closed terminal or a SIGTERM ends the demo like Ctrl-C: the cluster is stopped."""
    raise KeyboardInterrupt(signal.Signals(number).name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
