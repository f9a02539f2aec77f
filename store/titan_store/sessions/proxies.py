"""Trusts a proxy's word only from its addresses, and never further than Kubernetes would."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address

from titan_store.auth.identities import Identity
from titan_store.errors import Unauthenticated
from titan_store.settings import TrustedProxy

AUTHENTICATED = "system:authenticated"
"""The group of everybody who has signed in, as the API server gives it."""
RESERVED = "system:"
"""Beginning of names that belong to Kubernetes itself; no person has one."""


def find_person(proxy: TrustedProxy, peer: str | None, users: Sequence[str], groups: Sequence[str]) -> Identity | None:
    """Whom the proxy has signed in, by all its headers; None: the request is not from it, or it says nothing.

    Raises Unauthenticated for a word that no proxy should give.
    """
    if not users or not is_trusted(proxy, peer):
        return None
    user = users[0].strip()
    if len(users) > 1:
        raise Unauthenticated(f"The proxy let the client's own header {proxy.user_header} through beside its own.")
    if not user.isprintable() or not user or user.startswith(RESERVED):
        raise Unauthenticated(f"The proxy's header {proxy.user_header} names no user who can sign in.")
    named = (group.strip() for line in groups for group in line.split(","))
    kept = dict.fromkeys(group for group in named if group and group.isprintable() and not group.startswith(RESERVED))
    return Identity(user, "", (*kept, AUTHENTICATED))


def is_trusted(proxy: TrustedProxy, peer: str | None) -> bool:
    """Whether the connection comes from the proxy."""
    try:
        address = ip_address((peer or "").partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in proxy.networks)
