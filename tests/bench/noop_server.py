"""What aiohttp costs without a store: PUT reads and forgets, GET answers bytes that it has. Prints its port.

The store's speed is told as a share of this, so the numbers mean the same on every machine.
"""

import asyncio

from aiohttp import web

CONTENT = b"x" * 100
PIECE = b"x" * 2**18


async def put(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=204)


async def get(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT, content_type="text/plain")


async def swallow(request: web.Request) -> web.Response:
    """A sink for an upload of any size."""
    async for _ in request.content.iter_any():
        continue
    return web.Response(status=201)


async def pour(request: web.Request) -> web.StreamResponse:
    """A source of as many bytes as the path says."""
    rest = int(request.match_info["size"])
    response = web.StreamResponse()
    response.content_length = rest
    await response.prepare(request)
    while rest > 0:
        await response.write(PIECE[: min(rest, len(PIECE))])
        rest -= len(PIECE)
    return response


async def main() -> None:
    app = web.Application()
    app.add_routes([web.put("/value", put), web.get("/value", get), web.put("/file", swallow)])
    app.add_routes([web.get("/file/{size}", pour)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"listens on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
