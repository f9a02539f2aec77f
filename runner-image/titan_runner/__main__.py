"""``python -m titan_runner``: PID 1 of a job's pod. Fetch, run, publish; the exit code is the program's."""

from __future__ import annotations

import os
import sys
import time

from titan_runner import outcomes
from titan_runner.assignments import Assignment, program_environment
from titan_runner.connections import Connection
from titan_runner.errors import FetchError, Interrupted, RunnerError, SourceError, StoreError, WorkspaceError
from titan_runner.memory import Memory
from titan_runner.outcomes import Outcome
from titan_runner.output import Output
from titan_runner.patience import STORE_SECONDS, insist
from titan_runner.programs import Signals, run
from titan_runner.shipping import LogShipper
from titan_runner.sources import fetch
from titan_runner.spools import Spool
from titan_runner.stores import Store
from titan_runner.workspaces import Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

USAGE_ERROR, FETCH_FAILED, CANNOT_KEEP, PUBLISH_FAILED = 64, 69, 73, 74
"""Exit codes of sysexits.h, used where the program has none."""
LAST_WORDS_SECONDS = 5.0
"""How long a service that has ended waits for the store to take the rest of its log."""


class Runner:
    """One attempt, from its pod's start to its pod's end."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._store = Store(
            Connection(assignment.store_url, assignment.store_authority), assignment.namespace, assignment.token_file
        )
        self._shipper = LogShipper(self._store, Spool(assignment.scratch), assignment)
        self._output = Output(self._shipper)
        self._workspace = Workspace(assignment)
        self._begun = self._ended = time.time()

    def live(self, signals: Signals) -> int:
        """All three phases; returns the exit code."""
        outcome = self._run(signals)
        self._ended = time.time()
        if self._assignment.is_service:
            self._ship_last_words()
        elif outcome.phase != outcomes.FETCH or outcome.reason != outcomes.TERMINATED:
            outcome = self._publish(outcome)
        outcomes.write_last_words(self._assignment.termination_log, outcome)
        return FETCH_FAILED if outcome.exit_code is None else outcome.exit_code

    def _run(self, signals: Signals) -> Outcome:
        """Phases fetch and run."""
        try:
            program = fetch(self._assignment, self._store)
            self._workspace.fill(self._store, self._output.say)
            self._shipper.start()
            self._begun, memory = time.time(), Memory()
            code = run(program, program_environment(os.environ, self._assignment), signals, self._output.write)
        except Interrupted as error:
            return Outcome(outcomes.FETCH, 128 + error.number, outcomes.TERMINATED, str(error))
        except SourceError as error:
            self._output.say(f"titan: {error}")
            return Outcome(outcomes.RUN, error.exit_code, outcomes.SOURCE_INVALID, str(error))
        except (FetchError, StoreError) as error:
            self._output.say(f"titan: cannot fetch the source: {error}")
            return Outcome(outcomes.FETCH, None, outcomes.FETCH_FAILED, str(error))
        outcome = outcomes.outcome_of_exit(
            code, self._output.last_line(), memory.shortage(), was_told_to_end=signals.was_told_to_end
        )
        if self._assignment.is_service:
            return outcome
        return self._keep(outcome, lambda: self._workspace.look(self._output.say))

    def _keep(self, outcome: Outcome, step: Callable[[], None]) -> Outcome:
        """A step towards keeping the files of a program that succeeded; a program whose files cannot be kept failed."""
        if outcome.phase != outcomes.PUBLISH:
            return outcome
        try:
            step()
        except WorkspaceError as error:
            self._output.say(f"titan: {error}")
            return Outcome(outcomes.RUN, CANNOT_KEEP, error.reason, str(error))
        return outcome

    def _ship_last_words(self) -> None:
        """Ship the end of a service's run, briefly: the next run must not wait for a store that is away."""
        try:
            self._shipper.finish(LAST_WORDS_SECONDS)
        except StoreError as error:
            self._output.say(f"titan: the log is incomplete: {error}")

    def _publish(self, outcome: Outcome) -> Outcome:
        """Phase publish: the rest of the log, then the outcome; what is not recorded is no success."""
        # A store that fetch waited ten minutes for is not waited for a second time.
        patience = STORE_SECONDS if outcome.phase != outcomes.FETCH else 0.0
        try:
            size = self._shipper.finish(patience)
            outcome = self._keep(outcome, lambda: self._workspace.keep(self._store, patience))
            files = self._workspace.record(outcome.phase == outcomes.PUBLISH)
            pod = outcomes.pod_of(insist(self._store.read_token, patience))
            record = outcome.record(pod, self._begun, self._ended, size, files)
            job_uid, attempt = self._assignment.job_uid, self._assignment.attempt
            insist(lambda: self._store.put_outcome(job_uid, attempt, record), patience)
        except StoreError as error:
            if outcome.phase == outcomes.FETCH:
                return outcome
            self._output.say(f"titan: cannot record the outcome: {error}")
            code = outcome.exit_code or PUBLISH_FAILED
            return Outcome(outcomes.PUBLISH, code, outcomes.PUBLISH_FAILED, str(error))
        return outcome


def main() -> int:
    """Run one attempt as the environment describes it."""
    signals = Signals()
    try:
        signals.install()
        return Runner(Assignment(os.environ)).live(signals)
    except Interrupted as error:
        return 128 + error.number
    except (RunnerError, OSError) as error:
        print(f"titan: {error}", file=sys.stderr)
        return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
