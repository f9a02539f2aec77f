"""Requests that a browser sends although its user did not mean to: none of them is served.

A browser adds its cookies by itself, and a signing proxy its header; so whoever is known by one of these must also show
something that a page of another site cannot have.
"""

import hmac
from collections.abc import Mapping

from titan_store.errors import ForgeryRefused

CSRF_HEADER = "X-Titan-CSRF"
FETCH_SITE = "Sec-Fetch-Site"
"""A page cannot set it, and every current browser does."""
_SAFE = frozenset({"GET", "HEAD"})


def refuse_foreign(headers: Mapping[str, str]) -> None:
    """Raises ForgeryRefused for what a page of another site has sent."""
    if headers.get(FETCH_SITE, "").strip().lower() == "cross-site":
        raise ForgeryRefused("CrossSite", "This request was sent by a page of another site, and is not served.")


def require_csrf_token(method: str, headers: Mapping[str, str], wanted: str) -> None:
    """Raises ForgeryRefused for a change without the token of the session."""
    given = headers.get(CSRF_HEADER, "").encode("utf-8", "replace")
    if method not in _SAFE and not hmac.compare_digest(given, wanted.encode()):
        raise ForgeryRefused(
            "CSRFTokenMissing",
            f"A change that a browser asks for needs the header {CSRF_HEADER} with the csrfToken of /v1/session; "
            "load the page again.",
        )
