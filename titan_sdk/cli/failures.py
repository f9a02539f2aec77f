"""From an error to one sentence and an exit code: the only place where commands' errors become words.

The SDK's errors already are sentences that name the culprit; here they only get their code. What is in none of the
branches is a defect of Titan, and says so (with the traceback when TITAN_DEBUG is set).
"""

import os
import sys
from types import TracebackType

from titan_sdk.cli.exits import CommandFailed, ExitCode


def known_failures() -> tuple[type[Exception], ...]:
    """What commands may raise. Evaluated only once something was raised, so it costs a good run nothing."""
    from titan_sdk.errors import TitanError

    return (TitanError, CommandFailed, OSError, ValueError)


def exit_code_of(error: Exception) -> ExitCode:
    """The code that tells a script what kind of failure it was."""
    from titan_sdk.errors import TitanTimeout, TitanUnavailable

    match error:
        case CommandFailed():
            return error.code
        case TitanUnavailable():
            return ExitCode.UNREACHABLE
        case TitanTimeout():
            return ExitCode.TIMEOUT
        case ValueError() | FileNotFoundError():
            return ExitCode.USAGE
    return ExitCode.FAILED


def report(error: Exception) -> ExitCode:
    """Print the sentence on stderr and return the exit code."""
    sentence = " ".join(_words(error).split()) or type(error).__name__
    sys.stderr.write(f"titan: {sentence}\n")
    return exit_code_of(error)


def _words(error: Exception) -> str:
    """The error's text; of one that names a file, without the number that Python puts in front."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror}: {error.filename}"
    return str(error)


def report_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An excepthook: even Titan's own defects are one sentence, unless somebody wants to see where they are."""
    if os.environ.get("TITAN_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    sys.stderr.write(f"titan: internal error, {kind.__name__}: {error} (TITAN_DEBUG=1 shows the traceback)\n")
