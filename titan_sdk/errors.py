"""What the SDK raises: one tree, so that ``except TitanError`` catches everything that is not a mistake of the caller.

::

    TitanError
    ├── TitanUnavailable (OSError)      the API server or the store cannot be reached or cannot answer now
    │   └── TitanNotConfigured          there is nothing to connect to: no credentials, no address
    ├── TitanTimeout (TimeoutError)     the time that the caller allowed has passed
    ├── TitanForbidden                  who you are may not do this (or the server does not know who you are)
    ├── TitanNotFound (LookupError)     the job, DAG, gate, key or file is not there
    ├── TitanConflict                   somebody else was first, or the thing is already decided
    └── TitanInvalid (ValueError)       the server refused what was sent; the message names the culprit

Mistakes that the SDK sees itself (a cycle, an empty key, a missing script) are plain ``ValueError`` or
``FileNotFoundError``, raised before anything is sent. Nothing foreign passes through: urllib3, ssl and json
errors are translated where they occur, with ``from``.
"""

from __future__ import annotations


class TitanError(Exception):
    """Everything that Titan itself reports."""


class TitanUnavailable(TitanError, OSError):
    """Nobody answered, or the answer was "not now".

    ``maybe_done``: the request may have been carried out although no answer came, so repeating it is safe only
    if it is idempotent. ``retry_after``: seconds that the server asked us to wait.
    """

    def __init__(self, message: str, *, maybe_done: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done
        self.retry_after = retry_after


class TitanNotConfigured(TitanUnavailable):
    """There is no address or no credentials to connect with; the message says what to set."""


class TitanTimeout(TitanError, TimeoutError):
    """What was waited for did not happen in time. It goes on happening; only the waiting ended."""


class TitanForbidden(TitanError):
    """The caller's identity is unknown to the server or lacks the right."""


class TitanNotFound(TitanError, LookupError):
    """No such thing in this namespace."""


class TitanConflict(TitanError):
    """The thing changed, or was decided, before this call."""


class TitanInvalid(TitanError, ValueError):
    """The server refused the content."""
