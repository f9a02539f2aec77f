"""Gates over HTTP, for browsers and chat bots: what waits, and what a person decides.

SDK, CLI and kubectl patch the TitanApproval with the person's own credentials and do not come here.
"""

import logging

from aiohttp import web

from titan_api import names
from titan_api.verdicts import verdict_of
from titan_store.api import keys
from titan_store.api.gates.documents import DecisionRequest, GateItem, GateList
from titan_store.api.gates.items import show_gate, show_gates
from titan_store.api.http.bodies import read_json
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_GATE, read_object, require_cluster
from titan_store.api.queries import GatesQuery
from titan_store.auth.gate import need_of_kind
from titan_store.errors import Conflict
from titan_store.gates.rules import PENDING, Wish, add_decision, require_person
from titan_store.names import one_line

WITHOUT_CLUSTER = "it knows no gates"
RACES = 10
"""How often a decision is tried while others write the same gate."""

log = logging.getLogger(__name__)

_GATE = Content(JSON, GateItem)


@Declaration(
    f"GET {BASE}/approvals",
    "List the gates that wait for somebody.",
    {200: Answer("A page.", Content(JSON, GateList))},
    need=need_of_kind(names.PLURAL_APPROVALS, "list"),
)
async def list_approvals(call: Call[GatesQuery]) -> web.Response:
    """Send a page of the API server's gates, without those that wait for nobody."""
    page = await require_cluster(call, WITHOUT_CLUSTER).approvals(
        call.caller.namespace, call.query.page_size, call.query.after
    )
    waiting = [approval for approval in page.items if verdict_of(approval) == PENDING]
    items = await show_gates(call.app, call.caller.identity, waiting)
    return as_json(GateList(items=items, following=page.following or None))


@Declaration(
    f"GET {BASE}/approvals/{{name}}",
    "Read a gate.",
    {200: Answer("The gate.", _GATE)},
    need=need_of_kind(names.PLURAL_APPROVALS, "get"),
    refusals=(NO_GATE,),
)
async def get_approval(call: Call[NoQuery]) -> web.Response:
    """One gate, whatever its phase."""
    approval = await read_object(call, require_cluster(call, WITHOUT_CLUSTER), names.KIND_APPROVAL)
    return as_json(await show_gate(call.app, call.caller.identity, approval))


@Declaration(
    f"POST {BASE}/approvals/{{name}}/decision",
    "Approve or reject, which is final; repeating a decision is not an error. Shared identities cannot decide.",
    {200: Answer("The gate with the decision.", _GATE)},
    need=need_of_kind(names.PLURAL_APPROVALS, names.APPROVE_VERB),
    body=Content(JSON, DecisionRequest),
    refusals=(NO_GATE, (409, "AlreadyDecided"), (413, "TooLarge")),
)
async def decide(call: Call[NoQuery]) -> web.Response:
    """Append the decision in the person's name, with the store's rights; reads again if somebody was faster."""
    person = call.caller.identity
    require_person(person)
    wanted = await read_json(call.request, DecisionRequest, call.app[keys.SETTINGS].max_json_bytes)
    wish = Wish(wanted.verdict, wanted.comment)
    cluster, namespace, name = require_cluster(call, WITHOUT_CLUSTER), call.caller.namespace, call.name
    for _ in range(RACES):
        approval = await read_object(call, cluster, names.KIND_APPROVAL)
        decisions = add_decision(approval, person, wish)
        if decisions is None:
            return as_json(await show_gate(call.app, call.caller.identity, approval))
        version = str(approval["metadata"]["resourceVersion"])
        written = await cluster.decide(namespace, name, decisions, version)
        if written is not None:
            log.info("%s said %s about the gate %s/%s", one_line(person.username), wish.verdict, namespace, name)
            return as_json(await show_gate(call.app, person, written))
    raise Conflict("Conflict", f"Too many callers are deciding about the gate {name} at once; try again.")


OPERATIONS = (list_approvals, get_approval, decide)
