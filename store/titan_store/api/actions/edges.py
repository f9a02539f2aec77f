"""How actions reach the cluster, and how they end: with the changed object, or with one sentence.

An action writes with the store's own right, after the API server was asked whether its caller has it too; so every one
leaves a line in the log that names the person.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from titan_api.json_types import Json
from titan_store.api.http.operations import Call
from titan_store.api.objects import WORDS, read_object, require_cluster
from titan_store.cluster.edges import Actor
from titan_store.errors import Conflict
from titan_store.names import one_line

Query = TypeVar("Query")

Change = Callable[[Json], Json | None]
"""Decides what to write: the patch for an object as it is, None if it is so already. Raises Conflict with a sentence."""

RACES = 10
"""How often a change is tried while others write the same object."""
ENDED, RACE = (409, "AlreadyEnded"), (409, "Conflict")

MOST_WHOLE_DAGS = 4
WHOLE_DAGS: web.AppKey[asyncio.Semaphore] = web.AppKey("whole DAGs", asyncio.Semaphore)
"""Held while all jobs of a DAG are in memory: impatient clicks must neither fill it nor keep others waiting."""

log = logging.getLogger(__name__)


async def change_object(call: Call[Any], kind: str, change: Change, what: str) -> Json:
    """Write a change, reading again whenever somebody else was faster; returns the object as written.

    Raises NotFound, Conflict, Forbidden, Unavailable.
    """
    actor, namespace, name = acting_as(call, None), call.caller.namespace, call.name
    for _ in range(RACES):
        raw = await read_object(call, actor, kind)
        patch = change(raw)
        if patch is None:
            return raw
        version = {"resourceVersion": raw["metadata"]["resourceVersion"]}
        written = await actor.change(
            kind, namespace, name, patch | {"metadata": {**patch.get("metadata", {}), **version}}
        )
        if written is not None:
            note(call, f"{what} the {WORDS[kind]} {namespace}/{name}")
            return written
    raise Conflict("Conflict", f"The {WORDS[kind]} {name} is being changed by too many callers at once; try again.")


def acting_as(call: Call[Any], token: str | None) -> Actor:
    """See ``Cluster.acting_as``. Raises Unavailable."""
    return require_cluster(call, "there is nothing to change").acting_as(token)


def note(call: Call[Any], what: str) -> None:
    """Log who did it, because the API server's own log names the store."""
    log.info("%s: %s", one_line(call.caller.identity.username), what)
