"""Encryption of what a session keeps in the database, with the key that only the browser has.

``cryptography`` is loaded at the first sign-in, in a thread: a store that serves jobs alone never needs it.
"""

import asyncio
import base64


async def seal(content: str, key: bytes) -> bytes:
    """The content, unreadable without the key."""
    return await asyncio.to_thread(_seal, content, key)


async def unseal(sealed: bytes, key: bytes) -> str | None:
    """The content; None: it was not sealed with this key."""
    return await asyncio.to_thread(_unseal, sealed, key)


def _seal(content: str, key: bytes) -> bytes:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(key)).encrypt(content.encode())


def _unseal(sealed: bytes, key: bytes) -> str | None:
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed).decode()
    except InvalidToken:
        return None
