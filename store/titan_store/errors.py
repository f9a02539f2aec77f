"""Every refusal of the store: one tree, and each leaf knows its HTTP status and its code.

::

    StoreError
    ├── BadRequest             400  the request cannot be understood
    │   └── DigestMismatch     400  the body is not what its digest says
    ├── Unauthenticated        401  no token, or one that the API server does not know
    ├── Forbidden              403  known, but not allowed
    │   └── ForgeryRefused     403  CSRFTokenMissing, CrossSite: a page of somebody else may have sent it
    ├── NotFound               404  KeyNotFound, FileNotFound, BlobNotFound, LogNotFound, OutcomeNotFound, ...
    ├── Stalled                408  the body does not arrive
    ├── Conflict               409  NotAnInteger, TooManyDecisions
    │   ├── AlreadyDecided     409  the gate is closed, or the person has said otherwise
    │   ├── OutcomeRecorded    409  the attempt has ended, and otherwise
    │   └── LogGap             409  the append begins behind the end; carries the end
    ├── SequenceExpired        410  the stream cannot go on from there
    ├── PreconditionFailed     412  If-Match or If-None-Match does not hold
    ├── TooLarge               413
    ├── RangeNotSatisfiable    416
    ├── TooManyAttempts        429  to sign in
    ├── TooManyStreams         429  of one person
    ├── Unavailable            503  try again: the API server or the disk cannot be asked now
    └── InsufficientStorage    507  the disk is full, or a quota of the namespace is used up

ForgeryRefused, NotFound and Conflict are a ``CodedError``: their code is that of each case.
Backends raise them, ``api.failures`` turns them into answers; nothing else does either.
"""

import errno
from typing import ClassVar

FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StoreError(Exception):
    """Base of all; ``message`` is one sentence that names the culprit."""

    status: ClassVar[int]
    code: str
    retry_seconds: ClassVar[int | None] = None
    """When to try again; None: not by itself."""
    log_size: int | None = None
    """``size`` of ``error`` in the body: the end of a log, so that the client can go on from there."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def headers(self) -> dict[str, str]:
        """What the answer carries beside the body."""
        return {"Retry-After": str(self.retry_seconds)} if self.retry_seconds is not None else {}


class CodedError(StoreError):
    """A refusal of which there are several kinds: the code says which."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BadRequest(StoreError):
    """The request cannot be understood."""

    status = 400
    code = "BadRequest"


class DigestMismatch(BadRequest):
    """The body is not what its digest says."""

    code = "DigestMismatch"


class Unauthenticated(StoreError):
    """No token, or one that the API server does not know."""

    status = 401
    code = "Unauthenticated"

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110 requires a challenge."""
        return {"WWW-Authenticate": 'Bearer realm="titan-store"'}


class Forbidden(StoreError):
    """The caller is known and not allowed."""

    status = 403
    code = "Forbidden"


class ForgeryRefused(CodedError, Forbidden):
    """A browser sent the request, perhaps without its user's intent; the code says what is missing."""


class NotFound(CodedError):
    """There is nothing of that name; the code says of which kind."""

    status = 404


class Stalled(StoreError):
    """The client stopped in the middle of its body."""

    status = 408
    code = "RequestTimeout"


class Conflict(CodedError):
    """What is stored does not allow the change."""

    status = 409


class AlreadyDecided(Conflict):
    """The gate is closed, or the person has said otherwise; the message says who and when."""

    def __init__(self, message: str) -> None:
        super().__init__("AlreadyDecided", message)


class OutcomeRecorded(Conflict):
    """The attempt has ended already, with another outcome; the first one stays."""

    def __init__(self, message: str) -> None:
        super().__init__("OutcomeRecorded", message)


class LogGap(Conflict):
    """An append that begins behind the end of the log; ``size`` is where it must begin."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__("LogGap", message)
        self.log_size = size


class SequenceExpired(StoreError):
    """The stream of outcomes cannot go on from that sequence number: look everything up, then begin anew."""

    status = 410
    code = "SequenceExpired"


class PreconditionFailed(StoreError):
    """If-Match or If-None-Match does not hold."""

    status = 412
    code = "PreconditionFailed"


class TooLarge(StoreError):
    """The body exceeds a limit that the message names."""

    status = 413
    code = "TooLarge"


class RangeNotSatisfiable(StoreError):
    """The range begins behind the end of the content."""

    status = 416
    code = "RangeNotSatisfiable"

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size

    @property
    def headers(self) -> dict[str, str]:
        """The size that there is, as RFC 9110 wants it."""
        return {"Content-Range": f"bytes */{self.size}"}


class TooManyAttempts(StoreError):
    """Signing in has failed too often from that address."""

    status = 429
    code = "TooManyAttempts"
    retry_seconds = 60


class TooManyStreams(StoreError):
    """One person has more streams open than all pages together would need."""

    status = 429
    code = "TooManyStreams"


class Unavailable(StoreError):
    """Something that the store needs does not answer; the same request may succeed later."""

    status = 503
    code = "Unavailable"
    retry_seconds = 1


class InsufficientStorage(StoreError):
    """The disk is full, or a quota of the namespace is used up; nothing of the request was stored."""

    status = 507
    code = "InsufficientStorage"
    retry_seconds = 10
    """Somebody has to delete something first."""


def from_os_error(error: OSError) -> StoreError:
    """What a failed file operation means to the client."""
    if error.errno in FULL_ERRNOS:
        return InsufficientStorage("The store's disk is full.")
    return Unavailable(f"The store's disk does not work: {error.strerror}.")
