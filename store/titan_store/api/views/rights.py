"""What the viewer may do in a namespace: so that a button which would be refused is disabled, and says why.

The answers are those that the routes themselves would get; nothing is granted here.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from aiohttp import web
from pydantic import ConfigDict

from titan_api import names
from titan_store.api import keys
from titan_store.api.http.credentials import NO_TOKEN, find_own_token
from titan_store.api.http.models import Model
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.views.queries import NamespaceName
from titan_store.auth.gate import describe_refusal
from titan_store.auth.identities import Attributes
from titan_store.gates.rules import is_shared

SHARED = "is an identity that many people share, so it cannot decide about a gate; decide with your own token."


class RightsQuery(NoQuery):
    """Where."""

    namespace: NamespaceName
    """The namespace that is asked about."""


class Right(Model):
    """Whether an action is allowed."""

    allowed: bool
    reason: str | None = None
    """Why not, in one sentence."""
    command: str | None = None
    """What to type in a terminal instead, with NAME in place of the object's name."""


@dataclass(frozen=True)
class _Asked:
    """What an action needs: all of these verbs on resources."""

    needs: tuple[tuple[str, str], ...]
    group: str = names.GROUP
    command: str | None = None
    """The same in a terminal."""


def _name_action(field: str) -> str:
    return field.replace("_", ".")


_PATCH_DAGS = ((names.PLURAL_DAGS, "patch"),)


class Rights(Model):
    """By action."""

    model_config = ConfigDict(alias_generator=_name_action)

    dags_cancel: Annotated[Right, _Asked(_PATCH_DAGS, command="titan cancel NAME")]
    dags_retry: Annotated[Right, _Asked(_PATCH_DAGS, command="titan retry NAME")]
    dags_resubmit: Annotated[
        Right, _Asked(((names.PLURAL_DAGS, "create"), (names.PLURAL_JOBS, "create")), command="titan resubmit NAME")
    ]
    dags_comment: Annotated[Right, _Asked(_PATCH_DAGS)]
    dags_suspend: Annotated[Right, _Asked(_PATCH_DAGS, command="titan suspend NAME")]
    jobs_cancel: Annotated[Right, _Asked(((names.PLURAL_JOBS, "patch"),), command="titan cancel NAME")]
    approvals_decide: Annotated[
        Right, _Asked(((names.PLURAL_APPROVALS, names.APPROVE_VERB),), command="titan approve NAME")
    ]
    values_write: Annotated[Right, _Asked((("values", "update"),), names.STORE_GROUP)]
    values_delete: Annotated[Right, _Asked((("values", "delete"),), names.STORE_GROUP)]
    files_write: Annotated[Right, _Asked((("files", "update"),), names.STORE_GROUP)]
    files_delete: Annotated[Right, _Asked((("files", "delete"),), names.STORE_GROUP)]
    logs_read: Annotated[Right, _Asked((("logs", "get"), ("logs", "list")), names.STORE_GROUP)]
    files_read: Annotated[Right, _Asked((("files", "get"), ("files", "list")), names.STORE_GROUP)]
    values_read: Annotated[Right, _Asked((("values", "get"), ("values", "list")), names.STORE_GROUP)]
    events_read: Annotated[Right, _Asked((("events", "list"),), "")]


ASKED: Mapping[str, _Asked] = {_name_action(name): field.metadata[0] for name, field in Rights.model_fields.items()}


@Declaration(
    "GET /v1/views/rights",
    "What the viewer may do in a namespace.",
    {200: Answer("By action.", Content(JSON, Rights))},
    signed_in=True,
)
async def get_rights(call: Call[RightsQuery]) -> web.Response:
    """All at once: they are asked for with each page."""
    found = await asyncio.gather(*(_find_right(call, action, asked) for action, asked in ASKED.items()))
    rights = dict(zip(ASKED, found, strict=True))
    return as_json(Rights.model_validate(rights))


async def _find_right(call: Call[RightsQuery], action: str, asked: _Asked) -> Right:
    identity, namespace = call.caller.identity, call.query.namespace
    reason = await _find_refusal(call, asked)
    command = f"{asked.command} -n {namespace}" if asked.command else None
    # Whoever looks on as somebody shared may have more rights in a terminal.
    instead = command if is_shared(identity) else None
    if action == "approvals.decide" and is_shared(identity):
        reason = f"{identity.username} {SHARED}"
    if action == "dags.resubmit" and reason is None and await find_own_token(call.request) is None:
        reason, instead = NO_TOKEN, command
    return Right(allowed=True) if reason is None else Right(allowed=False, reason=reason, command=instead)


async def _find_refusal(call: Call[RightsQuery], asked: _Asked) -> str | None:
    identity, gate = call.caller.identity, call.app[keys.GATE]
    wanted = [Attributes(resource, verb, call.query.namespace, asked.group) for resource, verb in asked.needs]
    answers: Iterable[bool] = await asyncio.gather(*(gate.may(identity, attributes) for attributes in wanted))
    refused = (attributes for attributes, may in zip(wanted, answers, strict=True) if not may)
    return next((describe_refusal(identity, attributes) for attributes in refused), None)


OPERATIONS = (get_rights,)
