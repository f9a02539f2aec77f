"""Query parameters: each route's are a model, which checks them and describes them in the OpenAPI document.

Keys and names travel here and never in the path, because proxies rewrite paths (``%2F``, ``..``, ``//``) and leave
queries alone.
"""

import re
from typing import Annotated, TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError

from titan_api.defaults import LONGEST_KEY, LONGEST_PATH
from titan_store.api.http.models import Digest, Model
from titan_store.errors import BadRequest

DEFAULT_LIMIT = 500
LARGEST_LIMIT = 1000
LARGEST_INTEGER = 2**63 - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _check_file_name(name: str) -> str:
    """Names become paths on the machines of those who download; so none may lead out of a directory."""
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


class NoQuery(Model):
    """No parameters. Unknown ones are ignored everywhere, as the API server does it."""

    model_config = ConfigDict(extra="ignore")


class KeyQuery(NoQuery):
    """A value or a set."""

    key: Key
    """Any Unicode text of 1 to 1024 characters."""


class PutValueQuery(KeyQuery):
    """A value to write."""

    ttl_seconds: Annotated[int, Field(ge=1, le=315_360_000)] | None = None
    """The value vanishes after so long; without it, it stays, also if the one before was to vanish."""


class ListQuery(NoQuery):
    """A page of a listing."""

    prefix: Annotated[str, StringConstraints(max_length=LONGEST_KEY)] = ""
    """Only what begins with it."""
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    """Length of the page, 1000 at most."""
    after: Annotated[str, Field(alias="continue")] = ""
    """``continue`` of the page before."""

    @property
    def page_size(self) -> int:
        """The limit, within the store's own."""
        return min(self.limit, LARGEST_LIMIT)


class GatesQuery(NoQuery):
    """A page of gates."""

    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    """How many gates to look at, 1000 at most."""
    after: Annotated[str, Field(alias="continue")] = ""
    """``continue`` of the page before."""

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
    """Go on until the attempt's outcome is recorded, or the timeout has passed."""
    timeout_seconds: Timeout = 60.0
    """With ``follow``: end the answer after so long; the client goes on from where it is."""


class LeftFileQuery(NoQuery):
    """A file that some job left."""

    name: WorkspacePath
    """Its path, or its name in whatever folder."""


class OutcomesQuery(NoQuery):
    """Where to begin in the sequence of outcomes."""

    after: Sequence | None = None
    """The last sequence number that the client has seen. Absent: from now on."""
    watch: bool = False
    """Go on with outcomes as they are recorded."""
    timeout_seconds: Timeout = 60.0
    """With ``watch``: end the answer after so long."""


Query = TypeVar("Query", bound=NoQuery)


def parse_query(raw_path: str, model: type[Query]) -> Query:
    """The parameters of a request line. Raises BadRequest naming the parameter.

    Invalid UTF-8 is refused: replacing it would make two keys one.
    """
    parameters: dict[str, str] = {}
    for part in raw_path.partition("?")[2].split("&"):
        name, _, value = part.partition("=")
        try:
            if "%" in part or "+" in part or not part.isascii():
                name, value = (unquote_to_bytes(text.replace("+", " ")).decode() for text in (name, value))
        except UnicodeError as error:
            raise BadRequest("The query is not percent-encoded UTF-8.") from error
        if name in parameters:
            raise BadRequest(f"The parameter {name} is given twice.")
        if name:
            parameters[name] = value
    try:
        return model.model_validate(parameters)
    except ValidationError as error:
        raise BadRequest(describe(error, "parameter")) from error


def describe(error: ValidationError, what: str) -> str:
    """The first mistake as a sentence."""
    mistake = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(step) for step in mistake["loc"])
    message = mistake["msg"].removeprefix("Value error, ").rstrip(".")
    return f"The {what} {where}: {message}." if where else f"The {what} is wrong: {message}."
