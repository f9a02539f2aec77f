"""Noticing each list that kopf makes, so that one of ours can follow it."""

from typing import Any

import aiohttp

from titan_operator.cluster.gateway import RESOURCES
from titan_operator.state.cache import WATCHED_KINDS
from titan_operator.watching.resync import Resync

KINDS_BY_PLURAL = {RESOURCES[kind][1]: kind for kind in WATCHED_KINDS}


def trace_lists(resync: Resync) -> aiohttp.TraceConfig:
    """Notice each list that kopf makes: before it there was a gap, and only a list of ours shows what vanished in it.

    Its events alone would not do: a list that has become empty has none.
    """

    async def request_ended(_: Any, __: Any, request: aiohttp.TraceRequestEndParams) -> None:
        kind = KINDS_BY_PLURAL.get(request.url.name)
        if kind is not None and request.method.upper() == "GET" and "watch" not in request.url.query:
            resync.request(kind)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(request_ended)
    return trace
