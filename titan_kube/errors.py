"""What can go wrong between a service and the API server, in one tree.

KubeError
├── ConfigurationError     no credentials, or some that cannot be used; one sentence says why
└── APIError               the API server's answer, with its HTTP code, reason and words
    ├── Unavailable        429, 5xx, time-outs, broken connections: whether a write was done is not known
    │   └── Unauthenticated    401: the credentials are not accepted, not even after they were read again
    ├── NotFound           404
    ├── Conflict           409: the object has moved on since it was looked at
    ├── AlreadyExists      409: something of that name is there
    ├── Rejected           400 and 422: the same request will never be accepted
    ├── Forbidden          403: quota, Pod Security, or missing rights; may pass
    └── Expired            410: the continuation of a list, or the beginning of a watch, is too old
"""


class KubeError(Exception):
    """Base of all of them."""


class ConfigurationError(KubeError):
    """Credentials that are missing or cannot be used."""


class APIError(KubeError):
    """The API server's answer."""

    def __init__(
        self, words: str, *, request: str = "", code: int = 0, reason: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{words} ({request}, {code})" if request else words)
        self.words = words
        """The server's own, for a status that a person reads."""
        self.request = request
        """Method and path."""
        self.code = code
        """0: there was no answer."""
        self.reason = reason
        self.retry_after = retry_after
        """Seconds for which the server asked to be left alone."""


class Unavailable(APIError):
    """The server did not answer, or could not; a write may have been done all the same."""


class Unauthenticated(Unavailable):
    """The credentials are not accepted."""


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
    """The continuation of a list, or the version from which to watch, is too old."""


_KINDS: dict[int, type[APIError]] = {
    400: Rejected,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    410: Expired,
    422: Rejected,
}


def from_answer(request: str, code: int, reason: str, words: str, retry_after: float | None = None) -> APIError:
    """The error that stands for an answer of the API server."""
    kind = _KINDS.get(code, Unavailable)
    if code == 409:
        kind = AlreadyExists if reason == "AlreadyExists" else Conflict
    return kind(words, request=request, code=code, reason=reason, retry_after=retry_after)
