"""What the HTTP side asks of storage: small Protocols, so that PostgreSQL or S3 can take a part later.

``namespace`` is everywhere the namespace's *uid*: a namespace that is deleted and made again inherits nothing.
A method that changes something returns when the change would survive a power failure, not before.
All may raise ``Unavailable``, and those that grow ``InsufficientStorage``. They are in one file, although a long one,
because whoever writes another backend needs all of it and nothing else.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from titan_store.keeping.contents import Content
from titan_store.keeping.folds import Contribution, FileVersion


@dataclass(frozen=True)
class Precondition:
    """If-Match and If-None-Match; the default holds always."""

    versions: frozenset[str] | None = None
    """One of them must be the current version. None: any will do."""
    must_exist: bool = False
    must_be_absent: bool = False


@dataclass(frozen=True)
class Value:
    """A value with its version, which no other value of the key ever has."""

    content: bytes
    version: str


@dataclass(frozen=True)
class ValueEntry:
    """A line of a listing."""

    key: str
    size: int
    version: str
    updated: datetime
    expires: datetime | None


class Values(Protocol):
    """Texts by key."""

    async def get(self, namespace: str, key: str, now: datetime) -> Value | None:
        """None: there is none, or it has expired."""

    async def put(
        self, namespace: str, key: str, content: bytes, now: datetime, expires: datetime | None, condition: Precondition
    ) -> str:
        """The new version. Raises PreconditionFailed."""

    async def delete(self, namespace: str, key: str, now: datetime, condition: Precondition) -> None:
        """Raises NotFound, PreconditionFailed."""

    async def increment(self, namespace: str, key: str, by: int, now: datetime) -> int:
        """The sum; a missing value counts as 0. Raises Conflict NotAnInteger."""

    async def page(self, namespace: str, prefix: str, after: str, limit: int, now: datetime) -> list[ValueEntry]:
        """At most ``limit`` entries behind the key ``after``, by key."""

    async def remove_expired(self, now: datetime) -> int:
        """How many were removed; called until it is 0."""


@dataclass(frozen=True)
class SetEntry:
    """A line of a listing."""

    key: str
    members: int


class Sets(Protocol):
    """Sets of texts by key, apart from the values."""

    async def add(self, namespace: str, key: str, member: str) -> bool:
        """Whether it was new."""

    async def remove(self, namespace: str, key: str, member: str) -> bool:
        """Whether it was there."""

    async def members(self, namespace: str, key: str) -> list[str]:
        """In order of addition; empty for a missing set."""

    async def delete(self, namespace: str, key: str) -> None:
        """A missing set is no error."""

    async def page(self, namespace: str, prefix: str, after: str, limit: int) -> list[SetEntry]:
        """At most ``limit`` entries behind the key ``after``, by key."""

    async def count(self, namespace: str, prefix: str) -> int:
        """How many sets there are."""


@dataclass(frozen=True)
class FileEntry:
    """A file by name; its bytes are the object."""

    name: str
    object_key: str
    size: int
    digest: str
    """Lower-case hexadecimal SHA-256."""
    updated: datetime


class Files(Protocol):
    """Which object holds the file of a name."""

    async def get(self, namespace: str, name: str) -> FileEntry | None:
        """None: there is no such file."""

    async def put(self, namespace: str, entry: FileEntry) -> str | None:
        """Point the name to the object; returns the object that it replaces, for the caller to delete."""

    async def check_room(self, namespace: str, name: str, size: int) -> None:
        """Raises InsufficientStorage if a file of that size and name would break the namespace's quota."""

    async def delete(self, namespace: str, name: str) -> str | None:
        """The object that is free now; None: there was no such file."""

    async def page(self, namespace: str, prefix: str, after: str, limit: int) -> list[FileEntry]:
        """At most ``limit`` entries behind the name ``after``, by name."""

    async def keep_used(self, object_keys: list[str]) -> set[str]:
        """Those of the objects that a file needs."""


class Blobs(Protocol):
    """Which blobs there are. Digests are lower-case hexadecimal here."""

    async def size(self, namespace: str, digest: str) -> int | None:
        """In bytes; None if it is not there."""

    async def touch(self, namespace: str, digest: str, now: datetime) -> int | None:
        """As ``size``; if it is there, it counts as used now."""

    async def put(self, namespace: str, digest: str, size: int, now: datetime) -> None:
        """It is there now. Raises InsufficientStorage for the namespace's quota."""

    async def unused(self, namespace: str, before: datetime, after: str, limit: int) -> list[str]:
        """At most ``limit`` digests behind ``after`` of blobs that nobody used since then."""

    async def forget(self, namespace: str, digest: str, before: datetime) -> bool:
        """Forget the blob unless it was used since then; whether it is forgotten."""


class AttemptKey(NamedTuple):
    """One attempt at one TitanJob."""

    namespace: str
    job: str
    """uid of the TitanJob."""
    attempt: int


@dataclass(frozen=True)
class OutcomeRecord:
    """An outcome in the order of recording."""

    sequence: int
    key: AttemptKey
    namespace_name: str
    content: str
    """JSON."""


class Outcomes(Protocol):
    """How attempts ended: the first record of an attempt is the truth."""

    async def record(self, key: AttemptKey, namespace_name: str, content: str, now: datetime) -> bool:
        """True: recorded; False: the very same was there already. Raises OutcomeRecorded."""

    async def get(self, key: AttemptKey) -> str | None:
        """The JSON."""

    async def of_jobs(self, namespace: str, jobs: list[str]) -> list[str]:
        """The JSON of all outcomes of some jobs."""

    async def after(self, sequence: int, limit: int) -> list[OutcomeRecord]:
        """At most ``limit`` records behind a sequence number. Raises SequenceExpired."""

    async def newest(self) -> int:
        """The last sequence number that was given; 0 at the very beginning."""

    async def store_id(self) -> str:
        """Made with the database: a sequence number means something only together with it."""

    async def forget(self, before: datetime) -> int:
        """Remove old records; returns how many; called until it is 0."""


@dataclass(frozen=True)
class LeftFile:
    """A file that a job left in its workspace."""

    path: str
    version: FileVersion
    job: str
    attempt: int


class Workspaces(Protocol):
    """The manifests in outcomes."""

    async def lineage(self, namespace: str, parents: list[tuple[str, int]]) -> list[Contribution]:
        """What some attempts and all their ancestors left, in the order of recording. Raises NotFound."""

    async def changes(self, namespace: str, attempts: list[tuple[str, int]]) -> list[Contribution]:
        """What each of some attempts changed itself, in the order of recording; unknown ones are left out."""

    async def newest(self, namespace: str, name: str) -> LeftFile | None:
        """The file of that path that was left last, else the last one of that name in any folder."""


@dataclass(frozen=True)
class LogState:
    """How far a log is."""

    attempt: int
    size: int
    """Bytes that are durable."""
    is_complete: bool
    """The attempt's outcome is recorded: nothing will be added."""


class LogIndex(Protocol):
    """Durable sizes of logs. An attempt with an outcome has a log, be it an empty one."""

    async def state(self, key: AttemptKey) -> LogState | None:
        """None: nothing is known of that attempt."""

    async def attempts(self, namespace: str, job: str) -> list[LogState]:
        """By attempt."""

    async def grow(self, key: AttemptKey, size: int, now: datetime) -> None:
        """The log has that many durable bytes now. Raises OutcomeRecorded if the attempt has ended."""

    async def old(self, before: datetime, limit: int) -> list[AttemptKey]:
        """Logs without an append since then."""

    async def remove(self, key: AttemptKey, before: datetime) -> bool:
        """Forget the log unless it grew since then."""

    async def of_namespace(self, namespace: str, before: datetime, limit: int) -> list[AttemptKey]:
        """Logs of a namespace without an append since then."""

    async def ended(self, limit: int) -> list[AttemptKey]:
        """Logs with bytes whose attempts have ended and that are not marked as archived."""

    async def mark_archived(self, key: AttemptKey) -> None:
        """The log's bytes are durable in the archive."""


@dataclass(frozen=True)
class Staged:
    """Bytes that are durable, and invisible yet."""

    token: str
    size: int
    digest: str
    """Lower-case hexadecimal SHA-256."""


class Logs(Protocol):
    """Logs of attempts: appended, read while they grow, kept after their end."""

    @property
    def index(self) -> LogIndex:
        """What is durable, and therefore all that anybody may see."""

    async def append(self, key: AttemptKey, offset: int, data: bytes, now: datetime) -> int:
        """Append what is new in the data, which begins at ``offset``; the durable size. Raises LogGap, OutcomeRecorded."""

    def open(self, key: AttemptKey) -> AbstractAsyncContextManager[Content | None]:
        """Of the content only the durable size may be read; None if nothing was ever appended."""

    async def remove(self, key: AttemptKey, before: datetime) -> None:
        """Remove a log that nobody appended to since then."""

    async def remove_orphans(self, before: datetime) -> None:
        """Remove bytes of which nothing is acknowledged."""


class Bytes(Protocol):
    """Objects by key (``files/...``, ``blobs/...``): whole or not there."""

    async def require(self) -> None:
        """Raises Unavailable, naming the settings, until the place was reached once."""

    def stage(self, chunks: AsyncIterator[bytes]) -> AbstractAsyncContextManager[Staged]:
        """Take bytes in; they are dropped at the end of the block unless published."""

    async def publish(self, staged: Staged, key: str) -> None:
        """Make them visible, in place of whatever had the key."""

    def open(self, key: str) -> AbstractAsyncContextManager[Content | None]:
        """None: there is no such object."""

    async def delete(self, key: str) -> None:
        """A missing object is no error."""

    async def leftovers(self, prefix: str, before: datetime) -> list[str]:
        """Keys of objects that are older than a moment, for a check against an index."""
