"""What can go wrong at the operator's edges, in one tree.

OperatorError
├── ConfigurationError    settings or credentials that cannot be used; the process ends with a sentence
├── StoreAway             the store cannot be asked now
└── APIError              the API server's answer, with its HTTP code, reason and words
    ├── Unavailable       429, 5xx, time-outs, broken connections: whether a write was done is not known
    ├── NotLeading        another operator holds the Lease: nothing was sent
    ├── NotFound          404
    ├── Conflict          409: the object has moved on since it was looked at
    ├── AlreadyExists     409: something of that name is there
    ├── Rejected          400 and 422: the same request will never be accepted
    ├── Forbidden         403: quota, Pod Security, or missing rights; may pass
    └── Expired           410: the continuation of a list is too old
"""


class OperatorError(Exception):
    """Base of all of them."""


class ConfigurationError(OperatorError):
    """Settings or credentials that cannot be used."""


class StoreAway(OperatorError):
    """The store cannot be asked now."""


class APIError(OperatorError):
    """The API server's answer."""

    def __init__(self, words: str, *, request: str = "", code: int = 0, retry_after: float | None = None) -> None:
        super().__init__(f"{words} ({request}, {code})" if request else words)
        self.words = words
        """The server's own, for a status that a person reads."""
        self.code = code
        self.retry_after = retry_after
        """Seconds for which the server asked to be left alone."""


class Unavailable(APIError):
    """The server did not answer, or could not; a write may have been done all the same."""


class NotLeading(APIError):
    """Another operator holds the Lease, or ours could not be renewed in time: nothing was sent."""


class NotFound(APIError):
    """The object, or its namespace, is not there."""


class Conflict(APIError):
    """The object has moved on since it was looked at."""


class AlreadyExists(APIError):
    """Something of that name is there."""


class Rejected(APIError):
    """The same request will never be accepted."""


class Forbidden(APIError):
    """Quota, Pod Security or missing rights."""


class Expired(APIError):
    """The continuation of a list is too old."""


def from_answer(request: str, code: int, reason: str, words: str, retry_after: float | None) -> APIError:
    """The error that stands for an answer of the API server."""
    kind: type[APIError] = Unavailable
    if code == 409:
        kind = AlreadyExists if reason == "AlreadyExists" else Conflict
    elif code in _KINDS:
        kind = _KINDS[code]
    return kind(words, request=request, code=code, retry_after=retry_after)


_KINDS: dict[int, type[APIError]] = {
    400: Rejected,
    403: Forbidden,
    404: NotFound,
    410: Expired,
    422: Rejected,
}
