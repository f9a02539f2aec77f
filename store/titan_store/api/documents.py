"""JSON bodies of requests and answers: the models that check them and describe them in the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from titan_store.api.http.models import Digest, MicroTime, Model, Size
from titan_store.api.queries import LARGEST_INTEGER, AttemptNumber, JobUID, WorkspacePath

ShortText = Annotated[str, StringConstraints(max_length=1024)]
Time = Annotated[MicroTime, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$")]


class IncrementRequest(Model):
    """A number to add."""

    by: Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)] = 1


class IncrementAnswer(Model):
    """The sum."""

    value: int


class MemberRequest(Model):
    """A member of a set."""

    member: str
    """Any Unicode text of at most 1 MiB in UTF-8."""


class AddedAnswer(Model):
    """Whether the member was new."""

    added: Literal[0, 1]


class RemovedAnswer(Model):
    """Whether the member was there."""

    removed: Literal[0, 1]


class MembersAnswer(Model):
    """The members in order of addition."""

    members: list[str]


class SetItem(Model):
    """A line of a listing of sets."""

    key: str
    members: int
    """How many."""


class SetList(Model):
    """A page of sets, by key."""

    items: list[SetItem]
    total: int
    """Sets on all pages."""
    following: Annotated[str | None, Field(alias="continue")] = None
    """There is more: ask with this."""


class ValueItem(Model):
    """A line of a listing of values."""

    key: str
    size: Size
    etag: str
    """As in the ETag header, quotes included."""
    update_time: MicroTime
    expire_time: MicroTime | None = None


class ValueList(Model):
    """A page of values, by key."""

    items: list[ValueItem]
    following: Annotated[str | None, Field(alias="continue")] = None
    """There is more: ask with this."""


class FileItem(Model):
    """A file."""

    name: str
    size: Size
    digest: str
    """``sha256:`` and 64 hexadecimal digits."""
    update_time: MicroTime


class FileList(Model):
    """A page of files, by name."""

    items: list[FileItem]
    following: Annotated[str | None, Field(alias="continue")] = None
    """There is more: ask with this."""


class BlobAnswer(Model):
    """A blob that is there now."""

    digest: str
    size: Size | None = None


class AppendAnswer(Model):
    """Where the log ends now."""

    size: Size


class LogItem(Model):
    """The log of one attempt."""

    attempt: int
    size: Size
    complete: bool
    """The attempt's outcome is recorded: nothing will be added."""


class LogList(Model):
    """The logs of a job, by attempt."""

    items: list[LogItem]


class WorkspaceInput(Model):
    """An attempt that succeeded, and what it left."""

    job: JobUID
    attempt: AttemptNumber


class ManifestEntry(Model):
    """A file that a job left; its content is a blob."""

    digest: Digest
    mode: Annotated[int, Field(ge=0, le=0o777)]
    """Permissions: 0o644, or 0o755 for what can be executed."""
    size: Size


class Manifest(Model):
    """What a job made of the workspace that it found."""

    changed: Annotated[dict[WorkspacePath, ManifestEntry], Field(max_length=10_000)] = {}
    """Files that are new or different."""
    deleted: Annotated[list[WorkspacePath], Field(max_length=100_000)] = []
    """Files that it found and that are gone."""


class OutcomeDocument(Model):
    """How an attempt ended, as its runner saw it. Success is the phase publish with exit code 0."""

    pod: ShortText
    pod_uid: Annotated[ShortText, Field(alias="podUID")]
    node: ShortText | None = None
    phase: Literal["fetch", "run", "publish"]
    """How far the runner came."""
    exit_code: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] | None
    """Exit code of the program; null if it never ran or never ended."""
    reason: ShortText
    message: Annotated[str, StringConstraints(max_length=32_768)]
    start_time: Time | None
    end_time: Time | None
    log_size: Size
    """Bytes of the log."""
    inputs: Annotated[list[WorkspaceInput], Field(max_length=10_000)] | None = None
    """The parents whose files it found, directly or from their ancestors."""
    manifest: Manifest | None = None
    """Its own changes. Only those of a success are ever looked at; the stream of outcomes does not repeat them."""
    conflicts: Annotated[list[WorkspacePath], Field(max_length=1_000)] | None = None
    """Paths of which its parents left different versions; it found the later one."""


class WorkspaceRequest(Model):
    """The attempts whose files to lay on one another."""

    parents: Annotated[list[WorkspaceInput], Field(max_length=10_000)]


class FoldedFile(ManifestEntry):
    """A file of a workspace."""

    job: str
    """uid of the TitanJob that left it."""


class WorkspaceAnswer(Model):
    """A workspace."""

    files: dict[str, FoldedFile]
    """By path."""
    conflicts: list[str]
    """Paths of which unrelated jobs left different versions; the later one counts."""


class LeftFileAnswer(ManifestEntry):
    """The newest file of a name."""

    path: str
    job: str
    attempt: int


class Bookmark(Model):
    """A line of the stream of outcomes: up to here the reader has missed nothing."""

    type: Literal["BOOKMARK"] = "BOOKMARK"
    sequence: int
    store_id: str
    """A different id means a different sequence: look everything up again."""


class OutcomeLine(Model):
    """A line of the stream of outcomes."""

    type: Literal["OUTCOME"] = "OUTCOME"
    sequence: int
    namespace: str
    """Its name."""
    job: str
    attempt: int
    outcome: OutcomeDocument
