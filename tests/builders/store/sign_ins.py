"""A browser as far as the store notices: it keeps the cookie, sends it with everything, and knows its CSRF token."""

from collections.abc import Mapping
from typing import Any

from builders.store.stores import Reply, Store

SESSION = "/v1/session"


class Browser:
    """Signed out at first."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.cookie: str | None = None
        self.csrf_token: str | None = None

    async def sign_in(self, **proof: str) -> Reply:
        """With ``token=`` or ``code=``."""
        reply = await self.call("POST", SESSION, json=proof)
        if reply.status == 200:
            self.csrf_token = reply.json["csrfToken"]
            self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return reply

    async def sign_out(self) -> Reply:
        return await self.call("DELETE", SESSION)

    async def get(self, path: str, query: Mapping[str, str] | None = None, **more: Any) -> Reply:
        return await self.call("GET", path, query, **more)

    async def post(self, path: str, body: object = None, **more: Any) -> Reply:
        return await self.call("POST", path, **({} if body is None else {"json": body}), **more)

    async def call(self, method: str, path: str, query: Mapping[str, str] | None = None, **more: Any) -> Reply:
        """As the page does it; ``headers`` are laid over its own."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        headers |= {"X-Titan-CSRF": self.csrf_token} if self.csrf_token else {}
        wanted = {**headers, **more.pop("headers", {})}
        kept = {name: value for name, value in wanted.items() if value is not None}
        return await self.store.call(method, path, query, token=None, headers=kept, **more)
