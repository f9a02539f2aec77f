"""The query parameters that operations share, and the types that they and the bodies are made of."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from titan_api.defaults import LONGEST_KEY, LONGEST_PATH
from titan_store.api.http.models import Digest
from titan_store.api.http.parameters import NoQuery

DEFAULT_LIMIT = 500
LARGEST_LIMIT = 1000
LARGEST_INTEGER = 2**63 - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _check_file_name(name: str) -> str:
    """Names become paths on the machines that download them, so none may lead out of a directory."""
    if _CONTROL.search(name):
        raise ValueError("the name of a file holds no control characters")
    if any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError("the name of a file is a relative path without empty parts, '.' and '..'")
    return name


def _check_path(path: str) -> str:
    """As file names, but programs may put control characters into the names of their files."""
    if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError("the path of a file is relative and without empty parts, '.' and '..'")
    return path


Key = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PATH), AfterValidator(_check_file_name)]
WorkspacePath = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_check_path)]
JobUID = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
AttemptNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Sequence = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Timeout = Annotated[float, Field(ge=0, le=3600)]


class KeyQuery(NoQuery):
    """A value or a set."""

    key: Key
    """Any Unicode text of 1 to 1024 characters."""


class PutValueQuery(KeyQuery):
    """A value to write."""

    ttl_seconds: Annotated[int, Field(ge=1, le=315_360_000)] | None = None
    """The value expires after this many seconds; without it the value stays, even if the previous one was to expire."""


class ListQuery(NoQuery):
    """A page of a listing."""

    prefix: Annotated[str, StringConstraints(max_length=LONGEST_KEY)] = ""
    """Only what begins with it."""
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    """Length of the page, 1000 at most."""
    after: Annotated[str, Field(alias="continue")] = ""
    """``continue`` of the previous page."""

    @property
    def page_size(self) -> int:
        """The limit, within the store's own."""
        return min(self.limit, LARGEST_LIMIT)


class GatesQuery(NoQuery):
    """A page of gates."""

    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    """How many gates to look at, 1000 at most."""
    after: Annotated[str, Field(alias="continue")] = ""
    """``continue`` of the previous page."""

    @property
    def page_size(self) -> int:
        """The limit, within the store's own."""
        return min(self.limit, LARGEST_LIMIT)


class FileQuery(NoQuery):
    """A file."""

    name: FileName
    """A relative path of 1 to 1024 characters."""


class BlobQuery(NoQuery):
    """A blob."""

    digest: Digest
    """``sha256:`` and 64 lower-case hexadecimal digits."""


class JobQuery(NoQuery):
    """A TitanJob."""

    job: JobUID
    """uid of the TitanJob."""


class AttemptQuery(JobQuery):
    """One attempt at a TitanJob."""

    attempt: AttemptNumber
    """From 1."""


class AppendQuery(AttemptQuery):
    """Where an append begins."""

    offset: Sequence
    """Bytes of the log before the first byte of the body."""


class LogQuery(JobQuery):
    """What to read of a log."""

    attempt: AttemptNumber | None = None
    """Absent: the newest."""
    offset: Sequence = 0
    """Bytes to skip."""
    follow: bool = False
    """Keep sending until the attempt's outcome is recorded or the timeout has passed."""
    timeout_seconds: Timeout = 60.0
    """With ``follow``: end the answer after this time; the client continues from where it is."""


class LeftFileQuery(NoQuery):
    """A file that some job left."""

    name: WorkspacePath
    """Its path, or its name in any folder."""


class OutcomesQuery(NoQuery):
    """Where to begin in the sequence of outcomes."""

    after: Sequence | None = None
    """The last sequence number that the client has seen. Absent: from now on."""
    watch: bool = False
    """Keep sending outcomes as they are recorded."""
    timeout_seconds: Timeout = 60.0
    """With ``watch``: end the answer after this time."""
