"""Headers that every answer carries, so that a browser makes nothing of it that it is not.

What the store keeps was written by jobs and by people, and some of them may be hostile. Only the dashboard's own files
are a page; anything else opened in a browser is dead text or a download. Set in aiohttp's signal before an answer
begins, which no answer can evade, streams and refusals included.
"""

from collections.abc import Mapping

from aiohttp import hdrs, web
from multidict import istr

from titan_store.api.http.operations import BINARY

POLICY = istr("Content-Security-Policy")
"""``istr``: a third of the cost of a plain name, for what is on every answer."""
EVERYWHERE: Mapping[str, str] = {
    istr("X-Content-Type-Options"): "nosniff",
    istr("Referrer-Policy"): "no-referrer",
}
NO_PAGE: Mapping[str, str] = {POLICY: "sandbox; default-src 'none'", **EVERYWHERE}
PAGE: Mapping[str, str] = {
    POLICY: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    **EVERYWHERE,
}
"""Also of scripts: a worker obeys the policy that its own file came with."""


async def guard(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers; for ``on_response_prepare``."""
    if hdrs.COOKIE in request.headers:
        # Unlike those to a token, caches on the way may keep such answers, and give them to somebody else.
        response.headers.setdefault(hdrs.CACHE_CONTROL, "private, no-cache")
    add_headers(response)


def add_headers(response: web.StreamResponse) -> None:
    """Mark what is not a page as such."""
    headers = response.headers
    if POLICY in headers:
        return
    headers.extend(NO_PAGE)
    if headers.get(hdrs.CONTENT_TYPE) == BINARY and hdrs.CONTENT_DISPOSITION not in headers:
        headers[hdrs.CONTENT_DISPOSITION] = "attachment"
