"""The kubelet's HTTP server: containers' logs, for the API server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from aiohttp import web

FindLog = Callable[[str, str, str, bool], Path | None]
IsRunning = Callable[[str, str], bool]

POLL_SECONDS = 0.1
_CHUNK = 256 * 1024


def build_app(find_log: FindLog, is_running: IsRunning, token: str) -> web.Application:
    """``/containerLogs/NAMESPACE/POD/CONTAINER``, as a real kubelet serves it."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.Response(status=401, text="Unauthorized")
        namespace, pod, container = (request.match_info[part] for part in ("namespace", "pod", "container"))
        previous = request.query.get("previous") == "true"
        path = find_log(namespace, pod, container, previous)
        if path is None:
            what = "previous terminated container" if previous else "container"
            return web.Response(status=400, text=f'{what} "{container}" in pod "{pod}" is waiting to start')
        response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
        await response.prepare(request)
        start = _start(path, request.query.get("tailLines", ""))
        left = int(request.query["limitBytes"]) if request.query.get("limitBytes", "").isdigit() else None
        follow = request.query.get("follow") == "true"
        async for chunk in _chunks(path, start, lambda: follow and is_running(namespace, pod)):
            await response.write(chunk if left is None else chunk[:left])
            if left is not None:
                left -= len(chunk)
                if left <= 0:
                    break
        await response.write_eof()
        return response

    app = web.Application()
    app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", serve)
    return app


async def _chunks(path: Path, start: int, goes_on: Callable[[], bool]) -> AsyncIterator[bytes]:
    while not path.exists() and goes_on():
        await asyncio.sleep(POLL_SECONDS)
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        while True:
            last_round = not goes_on()
            chunk = file.read(_CHUNK)
            if chunk:
                yield chunk
            elif last_round:
                return
            else:
                await asyncio.sleep(POLL_SECONDS)


def _start(path: Path, tail_lines: str) -> int:
    """Where the last lines begin."""
    if not tail_lines.isdigit() or not path.exists():
        return 0
    wanted, size = int(tail_lines), path.stat().st_size
    if wanted == 0:
        return size
    with path.open("rb") as file:
        position, found = size, 0
        while position > 0:
            step = min(_CHUNK, position)
            file.seek(position - step)
            block = file.read(step)
            for offset in range(len(block) - 1, -1, -1):
                if block[offset] == 10 and position - step + offset != size - 1:
                    found += 1
                    if found == wanted:
                        return position - step + offset + 1
            position -= step
    return 0
