"""Runs file operations in threads of their own, so that a slow disk never stops the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from titan_store.errors import from_os_error

Result = TypeVar("Result")


class DiskThreads:
    """A pool that translates the operating system's errors into the store's."""

    def __init__(self, count: int = 16) -> None:
        self._pool = ThreadPoolExecutor(count, "disk")

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of the work. Raises InsufficientStorage, Unavailable instead of OSError.

        A cancelled caller waits for its thread all the same: it is about to close the descriptor that the thread uses.
        """
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        try:
            return await asyncio.shield(future)
        except OSError as error:
            raise from_os_error(error) from error
        except asyncio.CancelledError:
            await asyncio.wait({future})
            raise

    def close(self) -> None:
        """Wait for what is running."""
        self._pool.shutdown()
