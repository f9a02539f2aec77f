"""Gates for people: what waits for somebody, and who has decided what."""

from typing import Literal

from aiohttp import web

from titan_api import names
from titan_api.verdicts import FINAL_VERDICTS
from titan_store.api import keys
from titan_store.api.gates.documents import GateItem
from titan_store.api.gates.items import show_gates
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.views.documents import Page
from titan_store.api.views.queries import NamespaceQuery, PageQuery
from titan_store.views.cached.records import GateRecord
from titan_store.views.listings import longest_waiting, opening_key
from titan_store.views.pages import cut

JUST_NOW = "~"
"""Sorts after every time: decided, but not yet seen by the operator."""


class ApprovalsQuery(PageQuery, NamespaceQuery):
    """Which gates."""

    phase: Literal["Pending", "Decided"] = "Pending"
    """Pending: those that wait, the oldest first. Decided: the history, the newest first."""


class GatePage(Page):
    """A page of gates."""

    items: list[GateItem]


@Declaration(
    "GET /v1/views/approvals",
    "List gates of one namespace or of all that the viewer may see.",
    {200: Answer("A page.", Content(JSON, GatePage))},
    signed_in=True,
)
async def list_gates(call: Call[ApprovalsQuery]) -> web.Response:
    """A page; each gate says whether the viewer may decide."""
    query = call.query
    namespaces = await call.app[keys.VISIBILITY].of(call.caller.identity, query.namespace, names.KIND_APPROVAL)
    gates = (await call.app[keys.VIEWS].ready()).gates(namespaces)
    if query.phase == "Pending":
        page = cut(longest_waiting(gates), opening_key, query.after, query.page_size)
    else:
        decided = sorted((gate for gate in gates if gate.phase in FINAL_VERDICTS), key=_decision, reverse=True)
        page = cut(decided, _decision, query.after, query.page_size, descending=True)
    items = await show_gates(call.app, call.caller.identity, [gate.raw for gate in page.items])
    return as_json(GatePage(items=items, total=page.total, following=page.following))


def _decision(gate: GateRecord) -> tuple[str, ...]:
    return gate.decided or JUST_NOW, gate.namespace, gate.name


OPERATIONS = (list_gates,)
