"""Whether somebody may decide about a gate: pure functions of the TitanApproval and the person.

The store patches the gate as itself, so the cluster's admission policy cannot check the person behind it; everything
that policy would refuse is refused here. The verb ``approve`` is asked of the API server before (``auth.gate``).
"""

from dataclasses import dataclass
from typing import Any

from titan_sdk.api import names
from titan_sdk.api.verdicts import FINAL_PHASES, verdict_of
from titan_store.auth.identities import SERVICE_ACCOUNT_PREFIX, Identity
from titan_store.errors import AlreadyDecided, Conflict, Forbidden

Json = dict[str, Any]

PENDING = "Pending"
MOST_DECISIONS = 64
"""Bound of spec.decisions."""
SHARED_ACCOUNTS = frozenset({names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT})


@dataclass(frozen=True)
class Wish:
    """What somebody wants to say."""

    verdict: str
    comment: str


def require_person(identity: Identity) -> None:
    """Raises Forbidden for an identity that many share: it would say nothing about who decided."""
    account = identity.username.rpartition(":")[2]
    if identity.username.startswith(SERVICE_ACCOUNT_PREFIX) and account in SHARED_ACCOUNTS:
        raise Forbidden(
            f"{identity.username} is an identity that many share, so it cannot decide about a gate; "
            "decide with your own token for the API server."
        )


def add_decision(approval: Json, person: Identity, wish: Wish) -> list[Json] | None:
    """The decisions with the wish among them; None if the person has said exactly that before.

    Raises Forbidden, Conflict AlreadyDecided, each with a sentence.
    """
    name, decisions = approval["metadata"]["name"], list_decisions(approval)
    own = next((given for given in decisions if given["user"] == person.username), None)
    if person.username in ((approval.get("status") or {}).get("unproven") or ()):
        raise AlreadyDecided(
            f"What {person.username} said about the gate {name} does not count, because the cluster's admission "
            "policies were missing then; run the job again to ask anew."
        )
    if own is not None and own["verdict"] == wish.verdict:
        return None
    if verdict_of(approval) in FINAL_PHASES:
        raise AlreadyDecided(f"The gate {name} is {_describe_end(approval)}.")
    if own is not None:
        raise AlreadyDecided(
            f"{person.username} has said {own['verdict']} about the gate {name}{_when(own)}, for good."
        )
    _require_approver(approval, person)
    if len(decisions) >= MOST_DECISIONS:
        raise Conflict("TooManyDecisions", f"The gate {name} has {MOST_DECISIONS} decisions, which is all it can hold.")
    return [*approval["spec"].get("decisions", []), {"user": person.username, **vars(wish)}]


def list_decisions(approval: Json) -> list[Json]:
    """The decisions, with the times that the operator has stamped so far."""
    stamped = {given["user"]: given.get("time") for given in (approval.get("status") or {}).get("decisions") or []}
    return [
        given | ({"time": stamped[given["user"]]} if stamped.get(given["user"]) else {})
        for given in approval["spec"].get("decisions") or []
    ]


def _require_approver(approval: Json, person: Identity) -> None:
    spec, name = approval["spec"], approval["metadata"]["name"]
    approvers = spec.get("approvers") or {}
    users, groups = approvers.get("users") or [], approvers.get("groups") or []
    if (users or groups) and person.username not in users and not set(person.groups) & set(groups):
        raise Forbidden(f"{person.username} is not among the approvers of the gate {name}.")
    if spec.get("requestedBy") == person.username and not spec.get("allowSelfApproval"):
        raise Forbidden(f"{person.username} has submitted the job and may not decide about its gate {name}.")


def _describe_end(approval: Json) -> str:
    decisions, status = list_decisions(approval), approval.get("status") or {}
    verdict = verdict_of(approval)
    people = ", ".join(f"{given['user']}{_when(given)}" for given in decisions)
    when = f" at {status['decidedTime']}" if status.get("decidedTime") and not people else ""
    return f"{verdict} already{f', by {people}' if people else when}"


def _when(decision: Json) -> str:
    return f" at {decision['time']}" if decision.get("time") else ""
