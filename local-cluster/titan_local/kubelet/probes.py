"""Readiness probes of containers: whether a port answers, or a page is served.

Everybody shares one address here, so an open port alone proves nothing: before a container is first called ready, the
listener must be one of its own processes. Probes that run a command are not supported and count as passed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from titan_api.json_types import Json

ADDRESS = "127.0.0.1"
EAGER_SECONDS = 0.1
"""Between two probes of a container that has not answered yet: nobody should wait for the probe."""


async def follow_probe(container: Json, owns: Callable[[int], bool]) -> AsyncIterator[bool]:
    """Every change of the probe's verdict, for ever; the first is a success. ``owns`` tells whose a port is."""
    probe: Json = container["readinessProbe"]
    period = float(probe.get("periodSeconds") or 10)
    threshold = int(probe.get("failureThreshold") or 3)
    await asyncio.sleep(float(probe.get("initialDelaySeconds") or 0))
    answers, is_proven, failures = False, False, 0
    while True:
        if await _passes(container, probe) and (is_proven or _is_proven(container, probe, owns)):
            is_proven, failures = True, 0
        else:
            failures += 1
        verdict = failures == 0 or (answers and failures < threshold)
        if verdict != answers:
            answers = verdict
            yield answers
        await asyncio.sleep(period if answers else min(period, EAGER_SECONDS))


async def _passes(container: Json, probe: Json) -> bool:
    seconds = float(probe.get("timeoutSeconds") or 1)
    try:
        async with asyncio.timeout(seconds):
            if "tcpSocket" in probe:
                return await _accepts(_port(container, probe["tcpSocket"]))
            if "httpGet" in probe:
                return await _serves(_port(container, probe["httpGet"]), probe["httpGet"].get("path") or "/")
    except (OSError, ValueError, EOFError):
        return False
    return True


def _is_proven(container: Json, probe: Json, owns: Callable[[int], bool]) -> bool:
    action = probe.get("tcpSocket") or probe.get("httpGet")
    return action is None or owns(_port(container, action))


async def _accepts(port: int) -> bool:
    _, writer = await asyncio.open_connection(ADDRESS, port)
    await _close(writer)
    return True


async def _serves(port: int, path: str) -> bool:
    reader, writer = await asyncio.open_connection(ADDRESS, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n".encode())
        status = (await reader.readline()).split()
        return len(status) > 1 and 200 <= int(status[1]) < 400
    finally:
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


def _port(container: Json, action: Json) -> int:
    """A number, or the name of one of the container's ports. Raises ValueError for a name that there is not."""
    wanted = action["port"]
    for offered in container.get("ports") or ():
        if offered.get("name") == wanted:
            return int(offered["containerPort"])
    return int(wanted)
