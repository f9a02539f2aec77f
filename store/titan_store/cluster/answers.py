"""What the API server's answers mean for whoever asked the store."""

import logging
from collections.abc import Awaitable, Callable

from titan_api.json_types import Json
from titan_kube.errors import APIError
from titan_store.errors import StoreError, Unavailable

Translate = Callable[[APIError], StoreError]

log = logging.getLogger(__name__)


def refused(error: APIError) -> Unavailable:
    """The API server is away, or is there and does not let the store ask: somebody must mend the store's own rights.

    Its own words are for the log, because whoever calls may be nobody yet.
    """
    if not error.code:
        log.warning("the API server does not answer %s: %s", error.request, error.words)
        return Unavailable("The API server does not answer.")
    log.error("the API server answered %s to %s: %s", error.code, error.request, error.words)
    return Unavailable(f"The API server answered {error.code} to the store's {error.request}.")


async def answered(request: Awaitable[Json], *missing: type[APIError], translate: Translate = refused) -> Json | None:
    """The answer; None for the errors of ``missing``. Raises what ``translate`` makes of all others."""
    try:
        return await request
    except missing:
        return None
    except APIError as error:
        raise translate(error) from error
