"""``python -m titan_store``: one store process on a data directory."""

import argparse
import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from titan_store.app import build_app
from titan_store.auth.kubeconfigs import Access, KubeconfigError, find_access
from titan_store.auth.kubernetes import open_reviewer
from titan_store.errors import StoreError
from titan_store.server import serve
from titan_store.settings import MIB, Settings

START_ERROR = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when the store cannot start, with one sentence on stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # A line per request would drown the rest.
    settings = parse_settings(arguments)
    _allow_many_connections()
    try:
        asyncio.run(_run(settings, find_access(os.environ)))
    except KubeconfigError as error:
        return _refuse(str(error))
    except StoreError as error:
        return _refuse(error.message)
    except OSError as error:
        return _refuse(f"Cannot serve {settings.data_directory} on {settings.host}:{settings.port}: {error}.")
    return 0


def parse_settings(arguments: Sequence[str] | None) -> Settings:
    """The settings that the command line gives; the others keep their defaults."""
    parser = argparse.ArgumentParser(prog="python -m titan_store", description="Serve a Titan store.")
    parser.add_argument("--data-dir", type=Path, required=True, help="directory that holds everything")
    parser.add_argument("--host", default=Settings.host, help="address to listen on")
    parser.add_argument("--port", type=int, default=Settings.port, help="0 picks a free one")
    parser.add_argument("--anonymous-namespace", help="namespace whose values and files need no token")
    parser.add_argument(
        "--reserve-mib",
        type=int,
        default=Settings.reserve_bytes // MIB,
        help="free space below which writes are refused",
    )
    parser.add_argument(
        "--retention-days", type=int, default=Settings.retention.days, help="how long logs and outcomes are kept"
    )
    given = parser.parse_args(arguments)
    return Settings(
        data_directory=given.data_dir,
        host=given.host,
        port=given.port,
        anonymous_namespace=given.anonymous_namespace,
        reserve_bytes=given.reserve_mib * MIB,
        retention=timedelta(days=given.retention_days),
    )


def _allow_many_connections() -> None:
    """Each follower of a log holds a connection; the usual soft limit of 1024 is from the days of select()."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _run(settings: Settings, access: Access) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(build_app(settings, lambda: open_reviewer(access))) as port:
        sys.stdout.write(f"titan-store listens on http://{settings.host}:{port}\n")
        sys.stdout.flush()
        await stop.wait()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"titan-store: {sentence}\n")
    return START_ERROR


if __name__ == "__main__":
    sys.exit(main())
