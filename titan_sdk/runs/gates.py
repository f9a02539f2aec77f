"""Gates: seeing what waits for a person, and saying yes or no with that person's own credentials.

A decision is an entry that the caller appends to the TitanApproval; the operator folds the entries into a verdict,
and in a real cluster an admission policy proves that each carries its author's name. What is checked here beforehand
is checked again there: it only makes the refusal a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from titan_api import names
from titan_api.defaults import LONGEST_REMARK
from titan_api.json_types import Json
from titan_api.verdicts import FINAL_VERDICTS, verdict_of
from titan_api.views import GateView, JobView, view_gate, view_job
from titan_sdk.cluster.kube import Identity, Kube
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanNotFound
from titan_sdk.runs.lookups import find_job

RACES = 10
"""How often an entry is tried when others write the same gate at the same time."""
CREATION_WAIT_SECONDS = 10.0
"""The operator creates a gate soon after its job; a decision may come even sooner."""
CREATION_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Located:
    """A gate with the job that it stands behind; ``approval`` is None until the operator has created it."""

    job: JobView | None
    approval: Json | None


def locate(kube: Kube, gate: str) -> Located | None:
    """The gate of a gate id, job id, TitanJob or TitanApproval; of the newest submission. None if there is none."""
    job_id = names.plain_job_id(gate).removeprefix(names.GATE_ID_PREFIX)
    job = find_job(kube, job_id)
    if job is not None:
        if not job["spec"].get("approval"):
            return None
        return Located(view_job(job), _find_approval(kube, job))
    try:
        return Located(None, kube.get(names.PLURAL_APPROVALS, gate))
    except TitanNotFound:
        return None


def list_pending(kube: Kube) -> list[GateView]:
    """The open gates of the namespace, the one that opened first at the front."""
    approvals = kube.list(names.PLURAL_APPROVALS).items
    pending = [raw for raw in approvals if (raw.get("status") or {}).get("phase") == "Pending"]
    return [view_gate(raw) for raw in sorted(pending, key=lambda raw: str(raw["status"].get("openTime")))]


def get(kube: Kube, gate: str) -> GateView:
    """The gate, once the operator has created it. Raises TitanNotFound, and TitanConflict if it never will."""
    return view_gate(_await_approval(kube, gate))


def decide(kube: Kube, identity: Identity, gate: str, verdict: str, comment: str) -> GateView:
    """Record a decision; returns the gate with it once it is durable.

    Saying the same again is no error. Raises TitanNotFound, TitanForbidden, TitanConflict for a gate that is already
    decided otherwise, ValueError for a comment that is too long.
    """
    if len(comment) > LONGEST_REMARK:
        raise ValueError(f"a comment may have {LONGEST_REMARK} characters, but this has {len(comment)}")
    name = _await_approval(kube, gate)["metadata"]["name"]
    entry = {"user": identity.name, "verdict": verdict, "comment": comment}
    for _ in range(RACES):
        approval = kube.get(names.PLURAL_APPROVALS, name)
        if _is_recorded(approval, entry):
            return view_gate(approval)
        _check_open(approval, identity)
        body = {
            "metadata": {"resourceVersion": approval["metadata"]["resourceVersion"]},
            "spec": {"decisions": [*_decisions(approval), entry]},
        }
        try:
            return view_gate(kube.patch(names.PLURAL_APPROVALS, name, body))
        except TitanConflict:
            # Somebody else wrote first, perhaps the verdict: look again.
            continue
    raise TitanConflict(f"the gate {gate!r} is being written by so many that this decision found no place; try again")


def _await_approval(kube: Kube, gate: str) -> Json:
    give_up = kube.clock.now() + CREATION_WAIT_SECONDS
    while True:
        located = locate(kube, gate)
        if located is None:
            raise TitanNotFound(f"there is no gate {gate!r} in namespace {kube.namespace!r}")
        if located.approval is not None:
            return located.approval
        if located.job is not None and located.job.is_final and not located.job.succeeded:
            raise TitanConflict(f"the gate {gate!r} will not open: its job is {located.job.phase}")
        if kube.clock.now() >= give_up:
            raise TitanNotFound(f"the gate {gate!r} was not created yet: is Titan's operator running?")
        kube.clock.sleep(CREATION_PAUSE_SECONDS)


def _find_approval(kube: Kube, job: Json) -> Json | None:
    labels = f"{names.LABEL_JOB}={names.label_value(job['metadata']['name'])}"
    approvals = kube.list(names.PLURAL_APPROVALS, labels=labels).items
    rounds = [raw for raw in approvals if raw["spec"]["subject"]["uid"] == job["metadata"]["uid"]]
    return max(rounds, key=lambda raw: raw["spec"]["subject"].get("round") or 1, default=None)


def _is_recorded(approval: Json, entry: Mapping[str, str]) -> bool:
    """Whether the person already said so, perhaps by a try of this very call whose answer got lost."""
    verdict = verdict_of(approval)
    if entry["user"] in ((approval.get("status") or {}).get("unproven") or ()):
        raise TitanConflict(
            f"what {entry['user']} said at this gate does not count, because the cluster's admission policies "
            "were missing then: run the job again to ask anew"
        )
    for decision in _decisions(approval):
        if decision["user"] == entry["user"]:
            if decision["verdict"] == entry["verdict"]:
                return True
            if verdict not in FINAL_VERDICTS:
                raise TitanConflict(f"{entry['user']} already said {decision['verdict']} at this gate, for good")
    return False


def _check_open(approval: Json, identity: Identity) -> None:
    spec, verdict = approval["spec"], verdict_of(approval)
    gate = names.gate_id(spec["subject"]["jobID"])
    if verdict in FINAL_VERDICTS:
        people = ", ".join(decision["user"] for decision in _decisions(approval))
        raise TitanConflict(f"the gate {gate!r} is already {verdict}{f' by {people}' if people else ''}")
    approvers = spec.get("approvers") or {}
    users, groups = approvers.get("users") or [], approvers.get("groups") or []
    if (users or groups) and identity.name not in users and not identity.groups.intersection(groups):
        raise TitanForbidden(f"{identity.name} is not among the approvers of the gate {gate!r}")
    if not spec.get("allowSelfApproval") and spec.get("requestedBy") == identity.name:
        raise TitanForbidden(f"{identity.name} submitted the job and may not decide at the gate {gate!r}")


def _decisions(approval: Json) -> list[Json]:
    return approval["spec"].get("decisions") or []
