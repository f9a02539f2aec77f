"""An HTTP status of the API server or the store as one of our own errors."""

from titan_sdk.errors import TitanConflict, TitanError, TitanForbidden, TitanInvalid, TitanNotFound, TitanUnavailable


class Gone(TitanConflict):
    """The version from which to watch or to page is no longer kept: list again."""


def refusal_of(status: int, message: str, retry_after: str | None = None) -> TitanError:
    """The error that an HTTP status of 300 or more stands for, with the server's words."""
    match status:
        case 401 | 403:
            return TitanForbidden(message)
        case 404:
            return TitanNotFound(message)
        case 409 | 412:
            return TitanConflict(message)
        case 410:
            return Gone(message)
        case 429 | 503:
            seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
            return TitanUnavailable(message, retry_after=seconds)
        case _ if status >= 500:
            return TitanUnavailable(message, maybe_done=True)
    return TitanInvalid(message)
