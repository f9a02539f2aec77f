"""The person at the demo's gate: shows the question, waits for a key, and gives the answer to Titan.

Whoever decides in the dashboard or with `titan approve` meanwhile has decided: then no key is waited for any more.
"""

import contextlib
import select
import sys
import termios
import time
import tty
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from titan_sdk import TitanClient
from titan_sdk.errors import TitanConflict, TitanNotFound, TitanUnavailable

if TYPE_CHECKING:
    from titan_api.views import DagView, GateView
    from titan_sdk.cli.live import Progress

Answer = TypeVar("Answer")
PATIENCE = 60.0
"""Seconds for which a decision is repeated while the API server is away."""
LOOK_SECONDS = 1.0
"""So often it is looked whether somebody has decided elsewhere."""


class Gatekeeper:
    """Looks at each view of a DAG and decides once, when its gate is open."""

    def __init__(self, client: TitanClient, dag: str, progress: "Progress") -> None:
        self._client = client
        self._dag = dag
        self._progress = progress
        self._has_asked = False
        self.decided: GateView | None = None

    def look(self, view: "DagView") -> None:
        """Show the view; if a gate waits in it, ask and decide. Blocks until there is an answer."""
        self._progress.show(view)
        if self._has_asked or not any(job.approval == "Pending" for job in view.jobs):
            return
        self._has_asked = True
        gate = patiently(self._open_gate)
        self._decide(gate, self._ask(gate))
        self._progress.ask("")

    def _ask(self, gate: "GateView") -> str:
        """The key that is pressed; none if somebody else has decided."""
        question = f"Gate behind {gate.job_id}: {gate.message}"
        if not sys.stdin.isatty():
            self._progress.ask(f"{question}  There is no terminal to ask at, so the demo approves by itself.")
            return " "
        self._progress.ask(f"{question}  Press any key to approve, r to reject.")
        return read_key(unless=lambda: patiently(lambda: self._client.get_gate(gate.name)).phase != "Pending")

    def _decide(self, gate: "GateView", key: str) -> None:
        decide = self._client.reject if key in ("r", "R") else self._client.approve
        with contextlib.suppress(TitanConflict):  # Somebody else was quicker; what they said counts.
            if key:
                self.decided = patiently(lambda: decide(gate.name, comment="decided in the demo"))
                return
        self.decided = patiently(lambda: self._client.get_gate(gate.name))

    def _open_gate(self) -> "GateView":
        for gate in self._client.pending_approvals():
            if gate.dag == self._dag:
                return gate
        raise TitanNotFound(f"no gate of {self._dag} waits, though a job said so")


def patiently(call: Callable[[], Answer]) -> Answer:
    """The call's answer, repeated while nobody is there to give one."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except (TitanUnavailable, TitanNotFound):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def read_key(unless: Callable[[], bool]) -> str:
    """One key, without Enter, or none once ``unless`` holds; Ctrl-C stays what it is."""
    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    try:
        tty.setcbreak(stdin)
        while not select.select([stdin], [], [], LOOK_SECONDS)[0]:
            if unless():
                return ""
        return sys.stdin.read(1)
    finally:
        termios.tcsetattr(stdin, termios.TCSADRAIN, before)
