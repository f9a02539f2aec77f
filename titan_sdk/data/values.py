"""Values and sets: the small shared state of jobs (``client.store``)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from titan_api.defaults import LONGEST_KEY
from titan_sdk.checks import check_key, check_value
from titan_sdk.data.store import Call, Store
from titan_sdk.errors import TitanConflict, TitanNotFound, TitanUnavailable

TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@dataclass(frozen=True)
class Value:
    """A value with the version that ``compare_and_set`` compares."""

    text: str
    version: str


class Values:
    """Strings by key, and sets of strings. What a call acknowledges is durable. All calls raise TitanError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> str:
        """The value. Raises TitanNotFound for a missing key."""
        found = self.find(key)
        if found is None:
            raise TitanNotFound(f"there is no key {key!r}")
        return found.text

    def find(self, key: str) -> Value | None:
        """The value with its version; None for a missing key."""
        reply = self._store.call(Call("GET", "/value", {"key": check_key(key)}), allow=("KeyNotFound",))
        if reply.status == 404:
            return None
        return Value(reply.body.decode(), reply.headers.get("etag", ""))

    def put(self, key: str, value: str, *, ttl_seconds: int | None = None) -> None:
        """Store a value, replacing any other; it vanishes after ``ttl_seconds`` if given."""
        text = check_value(value)
        query: dict[str, str | int] = {"key": check_key(key)}
        if ttl_seconds is not None:
            query["ttlSeconds"] = ttl_seconds
        self._store.call(Call("PUT", "/value", query, text.encode(), TEXT))

    def delete(self, key: str) -> bool:
        """Remove a key; whether it was there."""
        reply = self._store.call(Call("DELETE", "/value", {"key": check_key(key)}), allow=("KeyNotFound",))
        return reply.status < 300

    def increment(self, key: str, by: int = 1) -> int:
        """Add to a number and return it; a missing key counts as 0. Raises TitanConflict if it is no integer.

        If the connection breaks before the answer, TitanUnavailable is raised rather than counting twice.
        """
        call = _post("/value/increment", key, f'{{"by": {int(by)}}}')
        return int(self._store.call(call, idempotent=False).json()["value"])

    def compare_and_set(self, key: str, expected: str | None, value: str) -> bool:
        """Store the value only if the key still holds ``expected`` (None: only if it is missing).

        Returns whether it was stored. If the connection breaks so that nobody knows, TitanUnavailable is raised.
        """
        text = check_value(value)
        found = self.find(key)
        if (found.text if found is not None else None) != expected:
            return False
        condition = {"If-None-Match": "*"} if found is None else {"If-Match": found.version}
        call = Call("PUT", "/value", {"key": key}, text.encode(), TEXT | condition)
        try:
            self._store.call(call, idempotent=False)
        except TitanConflict:
            return False
        return True

    def sadd(self, key: str, member: str) -> int:
        """Add a member to a set: 1 if it is new, 0 if it was there already.

        A repetition after a broken connection that finds the member there cannot know who added it; then
        TitanUnavailable is raised rather than an invented answer.
        """
        call = _post("/set/add", key, _member(member))
        try:
            return self._added(call)
        except TitanUnavailable as error:
            if not error.maybe_done:
                raise
            if self._added(call):
                return 1
            raise TitanUnavailable(
                f"the connection broke: {member[:80]!r} is in the set {key!r}, but whether it was new is unknown"
            ) from error

    def smembers(self, key: str) -> list[str]:
        """The members of a set, in the order in which they were added; empty if there is no such set."""
        reply = self._store.call(Call("GET", "/set", {"key": check_key(key)}))
        return [str(member) for member in reply.json()["members"]]

    def srem(self, key: str, member: str) -> int:
        """Remove a member from a set: 1 if it was there."""
        return int(self._store.call(_post("/set/remove", key, _member(member))).json()["removed"])

    def delete_set(self, key: str) -> None:
        """Remove a set with all its members."""
        self._store.call(Call("DELETE", "/set", {"key": check_key(key)}))

    def list(self, prefix: str = "") -> list[str]:
        """The keys that begin so, sorted."""
        return [str(item["key"]) for item in self._store.items("/values", prefix[:LONGEST_KEY])]

    def _added(self, call: Call) -> int:
        return int(self._store.call(call, idempotent=False).json()["added"])


def _post(path: str, key: str, body: str) -> Call:
    return Call("POST", path, {"key": check_key(key)}, body.encode(), {"Content-Type": "application/json"})


def _member(member: str) -> str:
    return json.dumps({"member": check_value(member, "a member of a set")})
