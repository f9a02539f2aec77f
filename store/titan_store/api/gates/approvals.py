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
from titan_store.api.http.parameters import NoQuery, Query
from titan_store.api.queries import GatesQuery
from titan_store.auth.gate import need_of_kind
from titan_store.cluster.edges import Cluster
from titan_store.errors import Conflict, NotFound, Unavailable
from titan_store.gates.rules import PENDING, Wish, add_decision, require_person
from titan_store.names import one_line

RACES = 10
"""How often a decision is tried while others write the same gate."""

log = logging.getLogger(__name__)

_GATE = Content(JSON, GateItem)
_MISSING = (404, "ApprovalNotFound")


@Declaration(
    f"GET {BASE}/approvals",
    "List the gates that wait for somebody.",
    {200: Answer("A page.", Content(JSON, GateList))},
    need=need_of_kind(names.PLURAL_APPROVALS, "list"),
)
async def list_approvals(call: Call[GatesQuery]) -> web.Response:
    """Send a page of the API server's gates, without those that wait for nobody."""
    page = await _cluster(call).approvals(call.caller.namespace, call.query.page_size, call.query.after)
    waiting = [approval for approval in page.items if verdict_of(approval) == PENDING]
    items = await show_gates(call.app, call.caller.identity, waiting)
    return as_json(GateList(items=items, following=page.following or None))


@Declaration(
    f"GET {BASE}/approvals/{{name}}",
    "Read a gate.",
    {200: Answer("The gate.", _GATE)},
    need=need_of_kind(names.PLURAL_APPROVALS, "get"),
    refusals=(_MISSING,),
)
async def get_approval(call: Call[NoQuery]) -> web.Response:
    """One gate, whatever its phase."""
    namespace, name = call.caller.namespace, _name(call)
    approval = await _cluster(call).read(names.KIND_APPROVAL, namespace, name)
    if approval is None:
        raise _missing(namespace, name)
    return as_json(await show_gate(call.app, call.caller.identity, approval))


@Declaration(
    f"POST {BASE}/approvals/{{name}}/decision",
    "Approve or reject, which is final; repeating a decision is not an error. Shared identities cannot decide.",
    {200: Answer("The gate with the decision.", _GATE)},
    need=need_of_kind(names.PLURAL_APPROVALS, names.APPROVE_VERB),
    body=Content(JSON, DecisionRequest),
    refusals=(_MISSING, (409, "AlreadyDecided"), (413, "TooLarge")),
)
async def decide(call: Call[NoQuery]) -> web.Response:
    """Append the decision in the person's name, with the store's rights; reads again if somebody was faster."""
    person = call.caller.identity
    require_person(person)
    wanted = await read_json(call.request, DecisionRequest, call.app[keys.SETTINGS].max_json_bytes)
    wish = Wish(wanted.verdict, wanted.comment)
    cluster, namespace, name = _cluster(call), call.caller.namespace, _name(call)
    for _ in range(RACES):
        approval = await cluster.read(names.KIND_APPROVAL, namespace, name)
        if approval is None:
            raise _missing(namespace, name)
        decisions = add_decision(approval, person, wish)
        if decisions is None:
            return as_json(await show_gate(call.app, call.caller.identity, approval))
        version = str(approval["metadata"]["resourceVersion"])
        written = await cluster.decide(namespace, name, decisions, version)
        if written is not None:
            log.info("%s said %s about the gate %s/%s", one_line(person.username), wish.verdict, namespace, name)
            return as_json(await show_gate(call.app, person, written))
    raise Conflict("Conflict", f"Too many callers are deciding about the gate {name} at once; try again.")


def _cluster(call: Call[Query]) -> Cluster:
    cluster = call.app[keys.CLUSTER]
    if cluster is None:
        raise Unavailable("This store runs without a cluster, so it knows no gates.")
    return cluster


def _name(call: Call[Query]) -> str:
    return call.request.match_info["name"]


def _missing(namespace: str, name: str) -> NotFound:
    return NotFound("ApprovalNotFound", f"There is no gate {name} in namespace {namespace}.")


OPERATIONS = (list_approvals, get_approval, decide)
