"""A gateway that fails at one chosen write, in one chosen way."""

from collections.abc import Awaitable, Callable
from enum import Enum

from builders.operators.fake_api import FakeAPI

from titan_api.json_types import Json
from titan_kube.client import Page
from titan_kube.errors import Conflict, Unavailable


class OperatorKilled(BaseException):
    """kill -9."""


class Fault(Enum):
    CRASH_BEFORE_SENDING = "crash before sending"
    CRASH_AFTER_COMMIT = "crash after commit"
    CONFLICT = "409"
    SERVER_ERROR = "500"
    TIMEOUT_LOST = "timeout, nothing was done"
    TIMEOUT_COMMITTED = "timeout, it was done"


class FaultyGateway:
    """Counts the writes to the objects behind it; write number ``at`` meets the fault."""

    def __init__(self, api: FakeAPI, at: int | None = None, fault: Fault | None = None) -> None:
        self._api = api
        self._at = at
        self._fault = fault
        self.count = 0
        self.is_away = False
        """Nothing answers while this is set."""

    async def get(self, kind: str, namespace: str, name: str) -> Json:
        self._reach()
        return await self._api.get(kind, namespace, name)

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        self._reach()
        return await self._api.list_page(kind, namespace, continuation)

    async def create(self, kind: str, namespace: str, body: Json) -> Json:
        return await self._write(lambda: self._api.create(kind, namespace, body))

    async def patch(self, kind: str, namespace: str, name: str, body: Json, *, subresource: str = "") -> Json:
        return await self._write(lambda: self._api.patch(kind, namespace, name, body, subresource=subresource))

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Json) -> Json:
        return await self._write(lambda: self._api.delete(kind, namespace, name, preconditions))

    def _reach(self) -> None:
        if self.is_away:
            raise Unavailable("no answer")

    async def _write(self, send: Callable[[], Awaitable[Json]]) -> Json:
        self._reach()
        self.count += 1
        if self.count - 1 != self._at:
            return await send()
        match self._fault:
            case Fault.CRASH_BEFORE_SENDING:
                raise OperatorKilled
            case Fault.CRASH_AFTER_COMMIT:
                await send()
                raise OperatorKilled
            case Fault.CONFLICT:
                raise Conflict("the object has been modified", code=409)
            case Fault.SERVER_ERROR:
                raise Unavailable("internal error", code=500)
            case Fault.TIMEOUT_LOST:
                raise Unavailable("no answer")
            case _:
                await send()
                raise Unavailable("no answer")
