"""A real S3 server, versitygw on a directory; tests skip where nobody has built it."""

import asyncio
import os
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from titan_store.settings import S3Settings

BINARY = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "titan" / "bin" / "versitygw"
ACCESS, SECRET = "titan", "not-a-secret"
BUCKET = "titan"


class S3Server:
    """Can go away and come back with what it had."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory, self.port = directory, port
        self._process: Process | None = None

    @property
    def settings(self) -> S3Settings:
        return S3Settings(f"http://127.0.0.1:{self.port}", BUCKET, ACCESS, SECRET, prefix="stores/one")

    def objects(self) -> list[str]:
        """Keys in the bucket, below the prefix, and the parts of uploads that are not complete."""
        root = self.directory / BUCKET
        # The server removes directories meanwhile: os.walk passes over them, Path.rglob does not.
        files = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
        return sorted(str(path.relative_to(root)) for path in files)

    async def start(self) -> None:
        arguments = ("--port", f"127.0.0.1:{self.port}", "--quiet", "posix", str(self.directory))
        environment = {**os.environ, "ROOT_ACCESS_KEY": ACCESS, "ROOT_SECRET_KEY": SECRET}
        self._process = await asyncio.create_subprocess_exec(
            str(BINARY), *arguments, env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        async with asyncio.timeout(20):
            while not await self._answers():
                await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


@asynccontextmanager
async def running_s3(directory: Path) -> AsyncIterator[S3Server]:
    """The server with an empty bucket."""
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not there: `python3 -m tools.binaries versitygw` makes it")
    root = directory / "s3"
    (root / BUCKET).mkdir(parents=True)
    server = S3Server(root, free_port())
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
