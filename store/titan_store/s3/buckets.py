"""One bucket through the ``minio`` client: blocking calls for threads, with every failure translated at this edge.

The client retries what a retry may mend (refused connections, 500, 502, 503, 504) a few times within seconds. After
that the caller gets ``Unavailable``; the next request tries anew, so a store recovers without a restart.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from titan_store.errors import InsufficientStorage, StoreError, Unavailable
from titan_store.settings import MIB, S3Settings

CONNECTIONS = 32
CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0
RETRIES = 3
RETRY_STATUS = (500, 502, 503, 504)
PART_BYTES = 8 * MIB
"""Bigger objects go in parts of this size, of which one at a time is in memory; S3 takes 5 MiB at least."""
MOST_PARTS = 10_000
MISSING = frozenset({"NoSuchKey", "NoSuchObject", "NotFound"})
FULL = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"})

log = logging.getLogger(__name__)


class Bucket:
    """Objects below the settings' prefix; keys here are without it."""

    def __init__(self, settings: S3Settings) -> None:
        parts = urlsplit(settings.endpoint)
        self._endpoint = settings.endpoint
        self._name = settings.bucket
        self._said = ""
        self._prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        self._client = Minio(
            parts.netloc,
            secure=parts.scheme == "https",
            region=settings.region,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                maxsize=CONNECTIONS,
                retries=urllib3.Retry(total=RETRIES, backoff_factor=0.2, status_forcelist=RETRY_STATUS),
            ),
        )

    def require(self) -> None:
        """Raises Unavailable if the bucket cannot be used with these settings; a new reason is logged as an error."""
        try:
            flaw = "" if self._client.bucket_exists(self._name) else "there is no such bucket"
        except (MinioException, HTTPError, ValueError) as error:
            flaw = str(error.code) if isinstance(error, S3Error) else _first_line(error)
        if not flaw:
            return
        sentence = f"--s3-endpoint {self._endpoint}, --s3-bucket {self._name}: {flaw}"
        if sentence != self._said:
            log.error("%s; the store is not ready until this is fixed", sentence)
            self._said = sentence
        raise Unavailable(f"{sentence}.")

    def put(self, key: str, path: Path, size: int) -> None:
        """Upload a file. Each part carries its checksum, and the object appears whole or not at all."""
        part_bytes = max(PART_BYTES, -(-size // MOST_PARTS))
        with _translated(), path.open("rb") as content:
            self._client.put_object(
                self._name, self._prefix + key, content, size, part_size=part_bytes, num_parallel_uploads=1
            )

    def open(self, key: str, offset: int = 0) -> BaseHTTPResponse | None:
        """A stream of the object from the offset on, to be closed by the caller; None if there is no such object."""
        with _translated():
            try:
                return self._client.get_object(self._name, self._prefix + key, offset=offset)
            except S3Error as error:
                if error.code in MISSING:
                    return None
                raise

    def delete(self, key: str) -> None:
        """A missing object is no error, as S3 has it."""
        with _translated():
            self._client.remove_object(self._name, self._prefix + key)

    def list_older(self, directory: str, before: datetime) -> list[str]:
        """Keys below a directory of objects that were written before a moment."""
        with _translated():
            found = self._client.list_objects(self._name, f"{self._prefix}{directory}/", recursive=True)
            return [
                str(item.object_name).removeprefix(self._prefix)
                for item in found
                if item.last_modified is not None and item.last_modified < before
            ]


def _first_line(error: Exception) -> str:
    """urllib3 tells of each of its tries; the reason of the last is what a person wants to know."""
    reason = getattr(error, "reason", None) or error
    return str(reason).splitlines()[0][:200] if str(reason) else type(reason).__name__


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (MinioException, HTTPError, ValueError) as error:
        raise translate(error) from error


def translate(error: Exception) -> StoreError:
    """What a failure of the bucket means to a client; the details are for the log only."""
    log.warning("S3: %s", error)
    if not isinstance(error, S3Error):
        return Unavailable("The store's S3 bucket does not answer.")
    if error.code in FULL:
        return InsufficientStorage("The store's S3 bucket is full.")
    return Unavailable(f"The store's S3 bucket refuses the request: {error.code}.")
