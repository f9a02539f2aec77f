"""Signing in and out with a browser.

A session is begun with a token that was reviewed, or with a code that stands for one. It changes nothing about what its
user may do: every request reviews the token and asks for the right, as for everybody else.
"""

import logging
from contextlib import nullcontext
from datetime import datetime

from aiohttp import hdrs, web

from titan_api.times import format_time
from titan_store.api import keys
from titan_store.api.http.bodies import read_json
from titan_store.api.http.credentials import SignedIn, Vouched, read_credentials
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.signing_in.documents import Session, SessionCode, SessionRequest, Way
from titan_store.auth.identities import Identity
from titan_store.errors import BadRequest, ForgeryRefused, Unauthenticated
from titan_store.gates.rules import is_shared
from titan_store.names import one_line
from titan_store.sessions.forgeries import FETCH_SITE
from titan_store.sessions.sessions import LIFETIME

LARGEST_REQUEST = 2**16
FORWARDED_PROTOCOL = "X-Forwarded-Proto"
"""Set by a proxy that terminates TLS. A false value only makes the sender's own cookie useless."""
_FRESH: dict[str, str] = {hdrs.CACHE_CONTROL: "no-store"}

log = logging.getLogger(__name__)


PATH = "/v1/session"
_SESSION = Content(JSON, Session)


@Declaration(
    f"GET {PATH}",
    "Read who is signed in, and the token that changes must carry.",
    {200: Answer("The session.", _SESSION)},
    signed_in=True,
)
async def get_session(call: Call[NoQuery]) -> web.Response:
    """Who is signed in."""
    call.app[keys.VIEWS].expect_viewer()
    found = await read_credentials(call.request)
    expires = found.session.expires if isinstance(found, SignedIn) else call.now + LIFETIME
    token = found.csrf_token if isinstance(found, SignedIn | Vouched) else ""
    way: Way = "proxy" if isinstance(found, Vouched) else "token"
    return as_json(_describe(call.caller.identity, token, expires, way), headers=_FRESH)


@Declaration(
    f"POST {PATH}",
    "Begin a session with a token or a code; its cookie is HttpOnly, and lasts 12 hours or as long as the token.",
    {200: Answer("The session.", _SESSION)},
    body=Content(JSON, SessionRequest),
    refusals=(
        (400, "BadRequest"),
        (401, "Unauthenticated"),
        (403, "CrossSite"),
        (413, "TooLarge"),
        (429, "TooManyAttempts"),
    ),
)
async def sign_in(call: Call[NoQuery]) -> web.Response:
    """Begin a session."""
    request, now = call.request, call.now
    _refuse_forms(request)
    wanted = await read_json(request, SessionRequest, LARGEST_REQUEST)
    # Nobody guesses a code, and trying one costs nothing: so whoever guesses tokens keeps no code out that comes from
    # the same proxy.
    guarded = nullcontext() if wanted.token is None else call.app[keys.ATTEMPTS].counted(request.remote or "", now)
    with guarded:
        token = _find_token(call, wanted)
        identity = await call.app[keys.GATE].identify(token)
    cookie, session = await call.app[keys.SESSIONS].start(token, identity.username, now)
    call.app[keys.VIEWS].expect_viewer()
    log.info("%s has signed in", one_line(identity.username))
    response = as_json(_describe(identity, cookie.csrf_token, session.expires, "token"), headers=_FRESH)
    response.set_cookie(
        call.app[keys.COOKIE_NAME],
        cookie.value,
        max_age=max(int((session.expires - now).total_seconds()), 0),
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="Strict",
    )
    return response


@Declaration(f"DELETE {PATH}", "End the session.", {204: Answer("It has ended.")}, signed_in=True)
async def sign_out(call: Call[NoQuery]) -> web.Response:
    """End the session. Somebody whom a proxy signs in is signed in again with the next request."""
    found = await read_credentials(call.request)
    response = web.Response(status=204)
    if isinstance(found, SignedIn):
        await call.app[keys.SESSIONS].end(found.cookie)
        log.info("%s has signed out", one_line(call.caller.identity.username))
        name, secure = call.app[keys.COOKIE_NAME], _is_secure(call.request)
        response.del_cookie(name, path="/", secure=secure, httponly=True, samesite="Strict")
    return response


@Declaration(
    f"POST {PATH}/codes",
    "Draw a code that signs a browser in as the caller, once and within a minute.",
    {201: Answer("The code.", Content(JSON, SessionCode))},
    signed_in=True,
)
async def make_session_code(call: Call[NoQuery]) -> web.Response:
    """Draw a code for the token that the request carries. A session cannot draw one: it would outlive itself."""
    token = await read_credentials(call.request)
    if not isinstance(token, str):
        raise BadRequest(
            "A code stands for a token, and this request carries none: it came with a session or through a proxy."
        )
    code, expires = call.app[keys.CODES].draw(token, call.caller.identity.username, call.now)
    return as_json(SessionCode(code=code, expire_time=format_time(expires)), 201, _FRESH)


def _find_token(call: Call[NoQuery], wanted: SessionRequest) -> str:
    if wanted.token is not None:
        if not wanted.token.isascii() or not wanted.token.isprintable():
            raise Unauthenticated("The token contains characters that no token contains; copy it again.")
        return wanted.token
    token = call.app[keys.CODES].redeem(wanted.code or "", call.now)
    if token is None:
        raise Unauthenticated("The code has been used, or is older than a minute; titan dashboard draws a new one.")
    return token


def _refuse_forms(request: web.Request) -> None:
    """Another site must not sign a browser in under an identity of its choice: forms cannot send JSON, scripts may not."""
    if request.headers.get(FETCH_SITE, "same-origin").lower() not in ("same-origin", "none"):
        raise ForgeryRefused("CrossSite", "Only this store's own page can sign in.")
    if request.content_type != JSON:
        raise BadRequest(f"The body must be JSON and say so with Content-Type: {JSON}.")


def _is_secure(request: web.Request) -> bool:
    return request.secure or request.headers.get(FORWARDED_PROTOCOL, "").split(",")[0].strip().lower() == "https"


def _describe(identity: Identity, csrf_token: str, expires: datetime, way: Way) -> Session:
    return Session(
        user=identity.username,
        groups=list(identity.groups),
        csrf_token=csrf_token,
        sign_in=way,
        is_shared=is_shared(identity),
        expire_time=format_time(expires),
    )


OPERATIONS = (get_session, sign_in, sign_out, make_session_code)
