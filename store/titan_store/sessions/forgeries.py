"""Refuses requests that a browser sends without its user's intent.

A browser adds its cookies by itself, and a signing proxy its header; so whoever is known by one of these must also show
something that a page of another site cannot have.
"""

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from titan_store.errors import ForgeryRefused

CSRF_HEADER = "X-Titan-CSRF"
FETCH_SITE = "Sec-Fetch-Site"
"""A page cannot set it, and every current browser does."""
_SAFE = frozenset({"GET", "HEAD"})
_OURS = (".localhost", ".local", ".svc", ".internal")
"""Ends of names that nobody can register."""


def refuse_foreign(headers: Mapping[str, str]) -> None:
    """Raises ForgeryRefused for what a page of another site has sent."""
    if headers.get(FETCH_SITE, "").strip().lower() == "cross-site":
        raise ForgeryRefused("CrossSite", "This request was sent by a page of another site and is refused.")


def refuse_guests(method: str, headers: Mapping[str, str], public_url: str | None) -> None:
    """Raises ForgeryRefused for a request without any proof that a page of somebody else may have sent.

    A cookie or a token would keep such a page out. Without them all that it cannot fake is where it came from: other
    programs of this host are the same site to a browser, and a name of somebody else's may have been made to lead here.
    """
    if method not in _SAFE and headers.get(FETCH_SITE, "").strip().lower() == "same-site":
        raise ForgeryRefused("CrossSite", "This change was sent by a page of another program and is refused.")
    if not _is_ours(headers.get("Host", ""), public_url):
        raise ForgeryRefused(
            "CrossSite",
            "This host name may belong to somebody else, so it needs a token; use the store's address, or set "
            "--public-url.",
        )


def _is_ours(host: str, public_url: str | None) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        if "." not in name or name.endswith(_OURS) or (public_url and name == urlsplit(public_url).hostname):
            return True
        ip_address(name)
    except ValueError:
        return False
    return True


def require_csrf_token(method: str, headers: Mapping[str, str], wanted: str) -> None:
    """Raises ForgeryRefused for a change without the token of the session."""
    given = headers.get(CSRF_HEADER, "").encode("utf-8", "replace")
    if method not in _SAFE and not hmac.compare_digest(given, wanted.encode()):
        raise ForgeryRefused(
            "CSRFTokenMissing",
            f"A change from a browser needs the header {CSRF_HEADER} with the csrfToken of /v1/session; "
            "load the page again.",
        )
