"""What the exit code of ``titan`` means; scripts rely on it, so a number never changes its meaning."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The meanings, each with the sentence that the help text prints."""

    DONE = 0
    """The command did what it was asked; a DAG or job that it waited for succeeded."""
    FAILED = 1
    """It failed: a job failed, an object does not exist, or a request was refused."""
    USAGE = 2
    """The command line, or a file that it names, is wrong; nothing was sent."""
    TIMEOUT = 3
    """--timeout expired; the DAG or job goes on."""
    UNREACHABLE = 4
    """The cluster or the store does not answer."""
    INTERRUPTED = 130
    """Interrupted with Ctrl-C."""


class CommandFailed(Exception):
    """A command ends here, with one sentence for stderr and an exit code."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(sentence)
        self.code = code
