"""A store process that serves: from its arguments to SIGTERM."""

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence

from titan_kube.credentials import Credentials
from titan_kube.errors import ConfigurationError
from titan_kube.load import load
from titan_store.auth.kubernetes import open_reviewer
from titan_store.cluster.kubernetes import open_cluster
from titan_store.errors import StoreError
from titan_store.serving.app import build_app
from titan_store.serving.arguments import parse_settings
from titan_store.serving.server import serve
from titan_store.settings import Settings

START_ERROR = 1


def run(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; 1, with one sentence on stderr, if that cannot begin."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # A line per request would drown the rest.
    settings = parse_settings(arguments, os.environ)
    _allow_many_connections()
    try:
        asyncio.run(_serve(settings, Credentials(load)))
    except ConfigurationError as error:
        return _refuse(str(error))
    except StoreError as error:
        return _refuse(error.message)
    except OSError as error:
        return _refuse(f"Cannot serve {settings.data_directory} on {settings.host}:{settings.port}: {error}.")
    return 0


def _allow_many_connections() -> None:
    """Each follower of a log holds a connection; the usual soft limit of 1024 is from the days of select()."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(settings: Settings, credentials: Credentials) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(
        build_app(settings, lambda: open_reviewer(credentials), lambda: open_cluster(credentials))
    ) as port:
        scheme = "https" if settings.certificate else "http"
        sys.stdout.write(f"titan-store listens on {scheme}://{settings.host}:{port}\n")
        sys.stdout.flush()
        await stop.wait()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"titan-store: {sentence}\n")
    return START_ERROR
