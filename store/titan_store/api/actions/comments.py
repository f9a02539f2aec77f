"""Comments on a DAG, kept in an annotation of it: they go where the DAG goes, and vanish with it."""

import json
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import StringConstraints

from titan_api import names
from titan_api.defaults import LONGEST_REMARK
from titan_api.json_types import Json
from titan_api.times import format_time
from titan_store.api import keys
from titan_store.api.actions.edges import RACE, change_object
from titan_store.api.http.bodies import read_json
from titan_store.api.http.models import Model
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG
from titan_store.api.views.documents import DagDetail, to_detail
from titan_store.auth.gate import need_of_kind
from titan_store.errors import Conflict
from titan_store.views.cached.readings import read_dag
from titan_store.views.comments import parse_comments

MOST_COMMENTS = 50
"""An object holds 256 KiB of annotations."""


class CommentRequest(Model):
    """A note."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REMARK, strip_whitespace=True)]


@Declaration(
    f"POST {BASE}/dags/{{name}}/comments",
    "Write a comment on a DAG, for everybody who may see it.",
    {200: Answer("The DAG with the comment.", Content(JSON, DagDetail))},
    need=need_of_kind(names.PLURAL_DAGS, "patch"),
    body=Content(JSON, CommentRequest),
    refusals=(NO_DAG, (409, "TooManyComments"), RACE, (413, "TooLarge")),
)
async def add_comment(call: Call[NoQuery]) -> web.Response:
    """Append the comment under the person's name."""
    wanted = await read_json(call.request, CommentRequest, call.app[keys.SETTINGS].max_json_bytes)
    user, now = call.caller.identity.username, call.now

    def change(raw: Json) -> Json:
        return append(raw, user, now, wanted.text)

    raw = await change_object(call, names.KIND_DAG, change, "commented on")
    return as_json(to_detail(read_dag(raw)))


def append(raw: Json, user: str, now: datetime, text: str) -> Json:
    """The patch. Raises Conflict for a DAG that has no room for another comment."""
    annotations = raw["metadata"].get("annotations") or {}
    said = parse_comments(annotations.get(names.ANNOTATION_COMMENTS) or "")
    if len(said) >= MOST_COMMENTS:
        name = raw["metadata"]["name"]
        raise Conflict("TooManyComments", f"The DAG {name} has {MOST_COMMENTS} comments already, the most it can hold.")
    entries = [*(comment._asdict() for comment in said), {"user": user, "time": format_time(now), "text": text}]
    return {"metadata": {"annotations": {names.ANNOTATION_COMMENTS: json.dumps(entries, ensure_ascii=False)}}}


OPERATIONS = (add_comment,)
