"""How callers show who they are: by a token in a header, the cookie of a session, or a trusted proxy's header.

A token that was made for this request comes first, then the proxy, then what the browser sends by itself.
"""

from dataclasses import dataclass, field

from aiohttp import hdrs, web

from titan_store.api import keys
from titan_store.auth.gate import SIGN_IN, Caller, Need
from titan_store.auth.identities import Attributes, Identity
from titan_store.errors import Unauthenticated
from titan_store.names import quote
from titan_store.sessions.cookies import SessionCookie, make_csrf_token, parse_cookie
from titan_store.sessions.forgeries import refuse_foreign, refuse_guests, require_csrf_token
from titan_store.sessions.proxies import find_person
from titan_store.sessions.sessions import Session

NO_TOKEN = "The store has no token of yours that the API server accepts, so it cannot submit in your name."
TOKEN_HEADER = "X-Titan-Token"
"""Takes precedence over Authorization, which the API server's service proxy strips."""


@dataclass(frozen=True)
class SignedIn:
    """A caller who came with a session."""

    cookie: SessionCookie
    session: Session = field(repr=False)

    @property
    def csrf_token(self) -> str:
        """What their changes must carry."""
        return self.cookie.csrf_token


@dataclass(frozen=True)
class Vouched:
    """A caller whom a trusted proxy has signed in."""

    identity: Identity
    csrf_token: str = field(repr=False)


Credentials = str | SignedIn | Vouched | None
"""A token, a session or a proxy's word; None: the request shows nothing."""


async def read_credentials(request: web.Request) -> Credentials:
    """What the request shows. Raises Unauthenticated, ForgeryRefused, Unavailable.

    The token is not reviewed yet, but the session is there, and the request is what its user wanted.
    """
    found = await _read(request)
    if not isinstance(found, str):
        refuse_foreign(request.headers)  # Also what is open to everybody on this machine is not open to every web page.
    settings = request.app[keys.SETTINGS]
    if found is None and settings.anonymous_namespace is not None:
        refuse_guests(request.method, request.headers, settings.public_url)
    if isinstance(found, (SignedIn, Vouched)):
        require_csrf_token(request.method, request.headers, found.csrf_token)
    return found


async def _read(request: web.Request) -> Credentials:
    return _find_token(request) or await _read_proxy(request) or _find_bearer(request) or await _read_session(request)


def _find_token(request: web.Request) -> str | None:
    """The header that was made for this purpose; nothing overrules it."""
    token = request.headers.get(TOKEN_HEADER)
    return None if token is None else _check_token(token)


def _find_bearer(request: web.Request) -> str | None:
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated(f"The authorization scheme {quote(scheme)} is not supported; use Bearer.")
    return _check_token(token)


async def _read_proxy(request: web.Request) -> Vouched | None:
    proxy = request.app[keys.SETTINGS].trusted_proxy
    if proxy is None:
        return None
    users = request.headers.getall(proxy.user_header, [])
    groups = request.headers.getall(proxy.groups_header, []) if proxy.groups_header else []
    identity = find_person(proxy, request.remote, users, groups)
    if identity is None:
        return None
    key = await request.app[keys.SESSIONS].forgery_key()
    return Vouched(identity, make_csrf_token(key, identity.username))


async def _read_session(request: web.Request) -> SignedIn | None:
    if hdrs.COOKIE not in request.headers:
        return None
    value = request.cookies.get(request.app[keys.COOKIE_NAME])
    if value is None:
        return None
    cookie = parse_cookie(value)
    session = await request.app[keys.SESSIONS].find(cookie, request.app[keys.CLOCK]()) if cookie else None
    if cookie is None or session is None:
        raise Unauthenticated(f"Your session has ended. {SIGN_IN}")
    return SignedIn(cookie, session)


def _check_token(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise Unauthenticated("The token is empty or contains characters that no token contains.")
    return token


async def identify(request: web.Request) -> Identity:
    """Who calls, whatever they may do. Raises Unauthenticated, ForgeryRefused, Unavailable."""
    found = await read_credentials(request)
    if isinstance(found, Vouched):
        return found.identity
    return await request.app[keys.GATE].identify(found.session.token if isinstance(found, SignedIn) else found)


async def admit(request: web.Request, namespace: str, need: Need, name: str) -> Caller:
    """Let the caller into a namespace. Raises what ``Gate.admit`` raises, and ForgeryRefused."""
    app = request.app
    gate = app[keys.GATE]
    # Nearly all requests are those of programs, and must not pay for what browsers need.
    token = _find_token(request)
    if token is None and app[keys.SETTINGS].trusted_proxy is None:
        token = _find_bearer(request)
    if token is not None:
        return await gate.admit(token, namespace, need, name)
    found = await read_credentials(request)
    if isinstance(found, SignedIn):
        return await gate.admit(found.session.token, namespace, need.of_person, name)
    if isinstance(found, Vouched):
        return await gate.admit_known(found.identity, namespace, need, name)
    return await gate.admit(found, namespace, need, name)


async def admit_everywhere(request: web.Request, need: Need) -> Identity:
    """Let the caller see all namespaces. Raises what ``Gate.admit_everywhere`` raises, and ForgeryRefused."""
    gate, found = request.app[keys.GATE], await read_credentials(request)
    if isinstance(found, Vouched):
        await gate.require(found.identity, Attributes(need.resource, need.verb, ""))
        return found.identity
    return await gate.admit_everywhere(token_of(found), need)


async def find_own_token(request: web.Request) -> str | None:
    """The caller's token, if the API server itself takes it, so that the store can act in their name.

    Raises Unauthenticated, ForgeryRefused, Unavailable.
    """
    token = token_of(await read_credentials(request))
    return token if token is not None and await request.app[keys.GATE].is_for_api_server(token) else None


def token_of(found: Credentials) -> str | None:
    """The token, if there is one."""
    return found.session.token if isinstance(found, SignedIn) else found if isinstance(found, str) else None
