"""Files and blobs in a bucket: received into the local directory, checked there, then uploaded in one step.

The local detour costs disk space for the time of an upload and buys much: a body that is not what its digest says
never touches S3, a slow client holds no upload open, and a retry has all the bytes at hand. S3 makes an object visible
when its upload is complete, and not before; so nothing half-written is ever seen, here neither.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from titan_store.directory.staging import Staging
from titan_store.directory.threads import DiskThreads
from titan_store.errors import Unavailable
from titan_store.keeping.backends import Staged
from titan_store.s3.buckets import Bucket, translate

RESUMPTIONS = 3
"""How often one read may reopen the object after a broken connection."""


class S3Bytes:
    """Implements ``backends.Bytes``."""

    def __init__(self, bucket: Bucket, threads: DiskThreads, staging: Staging) -> None:
        self._bucket = bucket
        self._threads = threads
        self._staging = staging
        self._was_reached = False

    async def require(self) -> None:
        """See ``backends.Bytes``. Later outages are no reason to take values and outcomes away from everybody, too."""
        if not self._was_reached:
            await self._threads.run(self._bucket.require)
            self._was_reached = True

    def stage(self, chunks: AsyncIterator[bytes]) -> AbstractAsyncContextManager[Staged]:
        """See ``backends.Bytes``. Not durable yet: nothing is acknowledged before ``publish``."""
        return self._staging.stage(chunks, is_final=False)

    async def publish(self, staged: Staged, key: str) -> None:
        await self._threads.run(lambda: self._bucket.put(key, self._staging.path(staged), staged.size))

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator["S3Content | None"]:
        response = await self._threads.run(lambda: self._bucket.open(key))
        if response is None:
            yield None
            return
        content = S3Content(self._bucket, self._threads, key, response)
        try:
            yield content
        finally:
            content.close()

    async def delete(self, key: str) -> None:
        await self._threads.run(lambda: self._bucket.delete(key))

    async def leftovers(self, prefix: str, before: datetime) -> list[str]:
        return await self._threads.run(lambda: self._bucket.list_older(prefix, before))


class S3Content:
    """See ``contents.Content``. Read forwards it is one stream; a jump opens another one."""

    def __init__(self, bucket: Bucket, threads: DiskThreads, key: str, response: BaseHTTPResponse) -> None:
        self._bucket = bucket
        self._threads = threads
        self._key = key
        self._response: BaseHTTPResponse | None = response
        self._position = 0
        self.size = int(response.headers["Content-Length"])

    @property
    def local_file(self) -> None:
        return None

    async def read(self, offset: int, length: int) -> bytes:
        wanted = min(length, self.size - offset)
        return await self._threads.run(lambda: self._read(offset, wanted)) if wanted > 0 else b""

    def close(self) -> None:
        """Drop the stream; its connection cannot be used again unless it was read to its end."""
        response, self._response = self._response, None
        if response is not None:
            if self._position < self.size:
                response.close()
            response.release_conn()

    def _read(self, offset: int, length: int) -> bytes:
        if offset != self._position:
            self._seek(offset)
        data = bytearray()
        for _ in range(RESUMPTIONS + 1):
            try:
                while len(data) < length and (piece := self._stream().read(length - len(data))):
                    data += piece
                    self._position += len(piece)
            except (HTTPError, OSError) as error:
                failure = translate(error)
            else:
                failure = Unavailable("The store's S3 bucket sent fewer bytes than the object has.")
            if len(data) == length:
                return bytes(data)
            self._seek(offset + len(data))
        raise failure

    def _seek(self, position: int) -> None:
        self.close()
        self._position = position

    def _stream(self) -> BaseHTTPResponse:
        if self._response is None:
            self._response = self._bucket.open(self._key, self._position)
            if self._response is None:
                raise Unavailable("The object was removed from the store's S3 bucket while it was read.")
        return self._response
