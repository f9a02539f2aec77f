"""An HTTP status of the API server or the store as one of our own errors."""

from __future__ import annotations

from titan_sdk.errors import TitanConflict, TitanError, TitanForbidden, TitanInvalid, TitanNotFound, TitanUnavailable


class Gone(TitanConflict):
    """The version from which to watch or to page is no longer kept: list again."""


_KINDS: dict[int, type[TitanError]] = {
    401: TitanForbidden,
    403: TitanForbidden,
    404: TitanNotFound,
    409: TitanConflict,
    410: Gone,
    412: TitanConflict,
}


def refusal_of(status: int, message: str, retry_after: str | None = None) -> TitanError:
    """The error that an HTTP status of 300 or more stands for, with the server's words."""
    if status in (429, 503):
        seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
        return TitanUnavailable(message, retry_after=seconds)
    if status >= 500:
        return TitanUnavailable(message, maybe_done=True)
    return _KINDS.get(status, TitanInvalid)(message)
