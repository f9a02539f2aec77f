"""Gates as one viewer sees them: each says whether that person may decide now and, if not, why."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from titan_api import names
from titan_api.json_types import Json
from titan_store.api import keys
from titan_store.api.gates.documents import GateItem, to_item
from titan_store.auth.gate import Gate, describe_refusal
from titan_store.auth.identities import Attributes, Identity
from titan_store.gates.rules import find_obstacle


async def show_gates(app: web.Application, viewer: Identity, approvals: Sequence[Json]) -> list[GateItem]:
    """The items of some TitanApprovals. Raises Unavailable."""
    reasons = await asyncio.gather(*(_find_reason(app[keys.GATE], viewer, approval) for approval in approvals))
    return [to_item(approval, reason) for approval, reason in zip(approvals, reasons, strict=True)]


async def show_gate(app: web.Application, viewer: Identity, approval: Json) -> GateItem:
    """The item of one. Raises Unavailable."""
    (item,) = await show_gates(app, viewer, [approval])
    return item


async def _find_reason(gate: Gate, viewer: Identity, approval: Json) -> str | None:
    """Look for an obstacle in the gate first, which costs no request; then ask for the right to all gates or to it."""
    obstacle = find_obstacle(approval, viewer)
    if obstacle is not None:
        return obstacle.message
    metadata = approval["metadata"]
    anywhere = Attributes(names.PLURAL_APPROVALS, names.APPROVE_VERB, metadata["namespace"], names.GROUP)
    here = Attributes(names.PLURAL_APPROVALS, names.APPROVE_VERB, metadata["namespace"], names.GROUP, metadata["name"])
    if await gate.may(viewer, anywhere) or await gate.may(viewer, here):
        return None
    return describe_refusal(viewer, here)
