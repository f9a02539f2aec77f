"""Workspaces: what a job's ancestors left for it, computed from the manifests in their outcomes."""

import asyncio
from typing import Any

from aiohttp import web

from titan_store.api import keys
from titan_store.api.documents import FoldedFile, LeftFileAnswer, WorkspaceAnswer, WorkspaceRequest
from titan_store.api.http.bodies import read_json
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.queries import AttemptQuery, LeftFileQuery
from titan_store.auth.gate import Need
from titan_store.errors import NotFound
from titan_store.keeping.folds import Contribution, Fold, fold

RESOURCE = "files"
"""Whoever may read the blobs of a namespace may know their names."""

_WORKSPACE = Content(JSON, WorkspaceAnswer)


@Declaration(
    f"POST {BASE}/workspace",
    "Lay the files that some attempts and all their ancestors left on one another, as a child of theirs finds them.",
    {200: Answer("The files by path.", _WORKSPACE)},
    need=Need(RESOURCE, "get"),
    body=Content(JSON, WorkspaceRequest),
    refusals=((404, "OutcomeNotFound"), (413, "TooLarge")),
)
async def fold_workspace(call: Call[NoQuery]) -> web.Response:
    """The workspace of a job with these parents."""
    request = await read_json(call.request, WorkspaceRequest, call.app[keys.SETTINGS].max_json_bytes)
    return await _answer(call, [(parent.job, parent.attempt) for parent in request.parents])


@Declaration(
    f"GET {BASE}/workspace/files",
    "The workspace as one attempt left it.",
    {200: Answer("The files by path.", _WORKSPACE)},
    need=Need(RESOURCE, "list"),
    refusals=((404, "OutcomeNotFound"),),
)
async def list_workspace_files(call: Call[AttemptQuery]) -> web.Response:
    """The workspace as this attempt left it."""
    return await _answer(call, [(call.query.job, call.query.attempt)])


@Declaration(
    f"GET {BASE}/workspace/file",
    "The newest file that any job left under a path, or else under a name in any folder.",
    {200: Answer("Where its content is.", Content(JSON, LeftFileAnswer))},
    need=Need(RESOURCE, "get"),
    refusals=((404, "FileNotFound"),),
)
async def find_workspace_file(call: Call[LeftFileQuery]) -> web.Response:
    """The newest file of that name in any workspace."""
    found = await call.app[keys.WORKSPACES].newest(call.namespace, call.query.name)
    if found is None:
        raise NotFound("FileNotFound", f"No job has left a file {call.query.name}.")
    version = found.version
    return as_json(
        LeftFileAnswer(
            path=found.path, digest=version.digest, mode=version.mode, size=version.size, job=found.job,
            attempt=found.attempt,
        )
    )  # fmt: skip


async def _answer(call: Call[Any], parents: list[tuple[str, int]]) -> web.Response:
    lineage = await call.app[keys.WORKSPACES].lineage(call.namespace, parents)
    return web.Response(body=await asyncio.to_thread(_render, lineage, parents), content_type=JSON)


def _render(lineage: list[Contribution], parents: list[tuple[str, int]]) -> bytes:
    found: Fold = fold(lineage, parents)
    files = {
        path: FoldedFile(digest=version.digest, mode=version.mode, size=version.size, job=job)
        for path, (version, job) in found.files.items()
    }
    return WorkspaceAnswer(files=files, conflicts=found.conflicts).model_dump_json(by_alias=True).encode()


OPERATIONS = (fold_workspace, list_workspace_files, find_workspace_file)
