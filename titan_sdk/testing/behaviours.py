"""What jobs do in a test: a Python function, or an outcome that is told beforehand."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from titan_sdk.client import TitanClient

log = logging.getLogger("titan_sdk.testing")


@dataclass(frozen=True)
class Outcome:
    """How an attempt ends, and what it prints before."""

    exit_code: int = 0
    prints: str = ""
    hangs: bool = False
    """It does not end by itself: only cancelling, its timeout, or the end of the test ends it."""


@dataclass(frozen=True)
class FakeJob:
    """What a job's function gets: all that a script would find in its pod."""

    client: "TitanClient"
    """With the identity of jobs, which may submit and use the store, but decide at no gate."""
    job_id: str
    dag: str | None
    attempt: int
    args: tuple[str, ...]
    env: Mapping[str, str]
    agent_run_id: str | None
    print: Callable[[str], None]
    """Adds a line to the job's log."""


Behaviour = Callable[[FakeJob], object] | Outcome
"""A function whose end is success and whose exception is failure (SystemExit carries the exit code), or an outcome."""


def succeed(prints: str = "") -> Outcome:
    """The attempt ends with exit code 0."""
    return Outcome(0, prints)


def fail(exit_code: int = 1, prints: str = "") -> Outcome:
    """The attempt ends with that exit code."""
    return Outcome(exit_code, prints)


def hang(prints: str = "") -> Outcome:
    """The attempt goes on until somebody ends it."""
    return Outcome(0, prints, hangs=True)


def perform(behaviour: Behaviour, job: FakeJob) -> Outcome:
    """Let an attempt happen; what it prints goes to ``job.print``. Whatever a function raises is its failure."""
    if isinstance(behaviour, Outcome):
        if behaviour.prints:
            job.print(behaviour.prints.removesuffix("\n"))
        return behaviour
    try:
        behaviour(job)
    except SystemExit as ending:
        return Outcome(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
    except Exception as error:
        # A program that dies prints its traceback and exits with 1, whatever the exception.
        log.exception("attempt %s of the job %r raised", job.attempt, job.job_id)
        job.print("".join(traceback.format_exception(error)).removesuffix("\n"))
        return Outcome(1)
    return Outcome(0)
