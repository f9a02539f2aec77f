"""kopf as one task beside ours, until SIGTERM.

When kopf ends, it cancels every task that did not exist when it began. So all tasks are created before any of them
runs: kopf finds ours when it looks, and leaves them alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import kopf

from titan_operator.watching.kopf_settings import build_settings

log = logging.getLogger(__name__)

Part = Callable[[], Coroutine[Any, Any, None]]
"""Something that runs beside kopf, for ever or to its end."""


async def run_with_kopf(
    registry: kopf.OperatorRegistry,
    namespaces: Sequence[str],
    parts: Sequence[Part],
    stop_passes: Callable[[], Awaitable[None]],
) -> bool:
    """Watch some namespaces, or all if none is named, until SIGTERM; returns whether nothing failed.

    Once kopf has ended, ``stop_passes`` is awaited before the parts are cancelled.
    """
    watching = asyncio.create_task(_watch(registry, namespaces), name="watches")
    tasks = [asyncio.create_task(part(), name=part.__name__) for part in parts]
    for task in tasks:
        task.add_done_callback(partial(_stop_after_failure, watching))
    await asyncio.wait([watching])
    await stop_passes()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    failure = None if watching.cancelled() else watching.exception()
    if failure is not None:
        log.error("kopf has failed", exc_info=failure)
    return not watching.cancelled() and failure is None


async def _watch(registry: kopf.OperatorRegistry, namespaces: Sequence[str]) -> None:
    settings = build_settings()
    settings.scanning.disabled = bool(namespaces)
    await kopf.operator(
        registry=registry,
        settings=settings,
        standalone=True,
        clusterwide=not namespaces,
        namespaces=namespaces,
    )


def _stop_after_failure(watching: "asyncio.Task[None]", task: "asyncio.Task[None]") -> None:
    """A part that has failed ends the process: a restart converges, half an operator does not."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)
        watching.cancel()
