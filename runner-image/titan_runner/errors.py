"""Everything that can go wrong here, as a tree.

RunnerError
├── Interrupted        a signal asked the runner to end before the program ran
├── SourceError        what was to be run is unusable: as much the program's fault as an exception of its own
├── FetchError         the source could not be brought here, through no fault of the program
├── WorkspaceError     what the program left in its workspace cannot be kept: the program's fault
├── FileChanged        a file is not any more what it was when it was looked at
└── StoreError
    ├── StoreAway      unreachable, overloaded or broken: worth waiting for
    ├── StoreDenied    it refuses the token; worth a short wait, since rights and tokens arrive late
    └── StoreRefused   it will refuse for ever
"""

from __future__ import annotations


class RunnerError(Exception):
    """Base of the runner's errors; the text is for people."""


class Interrupted(RunnerError):
    """A signal came before the program ran."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by signal {number} before the program ran")
        self.number = number


class SourceError(RunnerError):
    """The source cannot be run; ``exit_code`` is that of a shell."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class FetchError(RunnerError):
    """The source could not be brought here."""


class WorkspaceError(RunnerError):
    """What the program left cannot be kept; ``reason`` is one word for the attempt's status."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class FileChanged(RunnerError):
    """A file has other content than when it was looked at."""


class StoreError(RunnerError):
    """The store did not do what was asked."""


class StoreAway(StoreError):
    """The store does not answer, or answers that it cannot now; ``retry_after`` is its own wish in seconds."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreDenied(StoreError):
    """The store does not accept the token for this."""


class StoreRefused(StoreError):
    """The store will not do it; ``code`` is its own word, ``size`` what it says of the log's end."""

    def __init__(self, message: str, code: str, size: int | None = None, status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.size = size
        self.status = status
