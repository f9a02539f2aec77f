"""``python -m titan_local.apiserver``: serve the local API subset on 127.0.0.1."""

import argparse
import asyncio
import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path

# aiohttp reads the system's certificate authorities twice while it is imported (0.1 s); this process trusts none of them.
os.environ["SSL_CERT_FILE"] = os.environ["SSL_CERT_DIR"] = os.devnull

from aiohttp import web

from titan_local.apiserver.app import Server, build_app
from titan_local.apiserver.identity.certificates import server_context
from titan_local.apiserver.persistence.databases import StorageError
from titan_local.apiserver.persistence.storage import Storage
from titan_local.files import write_atomically

log = logging.getLogger("titan_local.apiserver")

ADDRESS_FILE = "apiserver.json"
USAGE_ERROR = 2


def main() -> int:
    """Serve until SIGTERM; 2 for a port or directory that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m titan_local.apiserver", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True, help="where objects, keys and tokens are kept")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; it is written to apiserver.json")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        arguments.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        storage = Storage(arguments.state_dir / "apiserver.db")
        listener = socket.create_server(("127.0.0.1", arguments.port))
    except (OSError, StorageError) as error:
        log.error("cannot serve from %s on port %d: %s", arguments.state_dir, arguments.port, error)
        return USAGE_ERROR
    asyncio.run(_serve(storage, arguments.state_dir, listener))
    return 0


async def _serve(storage: Storage, state_dir: Path, listener: socket.socket) -> None:
    app = build_app(Server(storage, state_dir))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listener, ssl_context=server_context(state_dir)).start()
    address = {"url": f"https://127.0.0.1:{listener.getsockname()[1]}", "pid": os.getpid()}
    write_atomically(state_dir / ADDRESS_FILE, json.dumps(address))
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
