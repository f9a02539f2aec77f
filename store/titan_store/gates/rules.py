"""Whether somebody may decide about a gate: pure functions of the TitanApproval and the person.

The store patches the gate as itself, so the cluster's admission policy cannot check the person behind it; everything
that policy would refuse is refused here. The verb ``approve`` is asked of the API server before (``auth.gate``).
"""

from dataclasses import dataclass

from titan_api import names
from titan_api.json_types import Json
from titan_api.verdicts import FINAL_VERDICTS, verdict_of
from titan_store.auth.identities import SERVICE_ACCOUNT_PREFIX, Identity
from titan_store.errors import AlreadyDecided, Conflict, Forbidden, StoreError

PENDING = "Pending"
MOST_DECISIONS = 64
"""The bound of spec.decisions in the CRD."""
SHARED_ACCOUNTS = frozenset({names.SERVICE_ACCOUNT_JOB, names.SERVICE_ACCOUNT_CLIENT})


@dataclass(frozen=True)
class Wish:
    """What somebody wants to say."""

    verdict: str
    comment: str


def require_person(identity: Identity) -> None:
    """Raises Forbidden for an identity that many people share, because it would not say who decided."""
    if is_shared(identity):
        raise _refuse_shared(identity)


def is_shared(identity: Identity) -> bool:
    """Whether many people use this identity, so that it stands for nobody in particular."""
    account = identity.username.rpartition(":")[2]
    return identity.username.startswith(SERVICE_ACCOUNT_PREFIX) and account in SHARED_ACCOUNTS


def add_decision(approval: Json, person: Identity, wish: Wish) -> list[Json] | None:
    """The decisions with the wish among them; None if the person has said exactly that before.

    Raises Forbidden, Conflict AlreadyDecided, each with a sentence.
    """
    own = _own_decision(approval, person)
    if own is not None and own["verdict"] == wish.verdict and not _is_unproven(approval, person):
        return None
    obstacle = find_obstacle(approval, person)
    if obstacle is not None:
        raise obstacle
    return [*approval["spec"].get("decisions", []), {"user": person.username, **vars(wish)}]


def find_obstacle(approval: Json, person: Identity) -> StoreError | None:
    """Why the person may say nothing (more) about the gate, as the refusal would say it; None: nothing is in the way."""
    name, decisions = approval["metadata"]["name"], list_decisions(approval)
    own = _own_decision(approval, person)
    if is_shared(person):
        return _refuse_shared(person)
    if _is_unproven(approval, person):
        return AlreadyDecided(
            f"What {person.username} said about the gate {name} does not count, because the cluster's admission "
            "policies were missing at that time; run the job again to open a new gate."
        )
    if verdict_of(approval) in FINAL_VERDICTS:
        return AlreadyDecided(f"The gate {name} is {_describe_end(approval)}.")
    if own is not None:
        return AlreadyDecided(
            f"{person.username} has already said {own['verdict']} about the gate {name}{_when(own)}, which is final."
        )
    refusal = _refuse_stranger(approval, person)
    if refusal is None and len(decisions) >= MOST_DECISIONS:
        return Conflict(
            "TooManyDecisions", f"The gate {name} has {MOST_DECISIONS} decisions already, the most it can hold."
        )
    return refusal


def find_warning(approval: Json) -> str | None:
    """Why the cluster does not prove who decides, in the operator's words; None: it does."""
    for condition in (approval.get("status") or {}).get("conditions") or ():
        if condition["type"] == names.CONDITION_UNPROTECTED and condition["status"] == "True":
            return str(condition.get("message") or condition.get("reason") or names.CONDITION_UNPROTECTED)
    return None


def list_decisions(approval: Json) -> list[Json]:
    """The decisions, with the times that the operator has stamped so far."""
    stamped = {given["user"]: given.get("time") for given in (approval.get("status") or {}).get("decisions") or []}
    return [
        given | ({"time": stamped[given["user"]]} if stamped.get(given["user"]) else {})
        for given in approval["spec"].get("decisions") or []
    ]


def _own_decision(approval: Json, person: Identity) -> Json | None:
    return next((given for given in list_decisions(approval) if given["user"] == person.username), None)


def _is_unproven(approval: Json, person: Identity) -> bool:
    return person.username in ((approval.get("status") or {}).get("unproven") or ())


def _refuse_shared(identity: Identity) -> Forbidden:
    return Forbidden(
        f"{identity.username} is an identity that many people share, so it cannot decide about a gate; "
        "decide with your own token for the API server."
    )


def _refuse_stranger(approval: Json, person: Identity) -> Forbidden | None:
    spec, name = approval["spec"], approval["metadata"]["name"]
    approvers = spec.get("approvers") or {}
    users, groups = approvers.get("users") or [], approvers.get("groups") or []
    if (users or groups) and person.username not in users and not set(person.groups) & set(groups):
        return Forbidden(f"{person.username} is not among the approvers of the gate {name}.")
    if spec.get("requestedBy") == person.username and not spec.get("allowSelfApproval"):
        return Forbidden(f"{person.username} has submitted the job and may not decide about its gate {name}.")
    return None


def _describe_end(approval: Json) -> str:
    decisions, status = list_decisions(approval), approval.get("status") or {}
    verdict = verdict_of(approval)
    people = ", ".join(f"{given['user']}{_when(given)}" for given in decisions)
    when = f" at {status['decidedTime']}" if status.get("decidedTime") and not people else ""
    return f"{verdict} already{f', by {people}' if people else when}"


def _when(decision: Json) -> str:
    return f" at {decision['time']}" if decision.get("time") else ""
