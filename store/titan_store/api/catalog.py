"""All operations, and the document that describes them."""

import functools
import json

from aiohttp import web

from titan_store.api import blobs, files, logs, outcomes, sets, system, values, workspaces
from titan_store.api.actions.catalog import OPERATIONS as ACTIONS
from titan_store.api.gates import approvals
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, Operation
from titan_store.api.http.parameters import NoQuery
from titan_store.api.signing_in import sessions
from titan_store.api.views.catalog import OPERATIONS as VIEW_OPERATIONS


@Declaration("GET /openapi.json", "This document.", {200: Answer("OpenAPI 3.1.", Content(JSON))})
async def get_document(_: Call[NoQuery]) -> web.Response:
    """OpenAPI 3.1."""
    return web.Response(body=_render(), content_type=JSON)


OPERATIONS: tuple[Operation, ...] = (
    *values.OPERATIONS,
    *sets.OPERATIONS,
    *files.OPERATIONS,
    *blobs.OPERATIONS,
    *logs.OPERATIONS,
    *outcomes.OPERATIONS,
    *workspaces.OPERATIONS,
    *approvals.OPERATIONS,
    *sessions.OPERATIONS,
    *VIEW_OPERATIONS,
    *ACTIONS,
    *system.OPERATIONS,
    get_document,
)


@functools.cache
def _render() -> bytes:
    """Made at the first request, because it would make every store's start a tenth slower."""
    from titan_store.api.http import openapi

    return json.dumps(openapi.build(OPERATIONS), indent=1).encode()
