"""What a gate tells of the admission policies that prove who decides, and which decisions count without them.

Where the policies are required, an entry that appears while they are not in force may carry anybody's name: it never
counts, not even when they are back. Everything that was seen before they were gone was proven, and stays.
"""

from dataclasses import replace

from titan_api import names
from titan_operator.plan.conditions import find_condition, with_condition, without_condition
from titan_operator.plan.observed import ObservedApproval
from titan_operator.records import ApprovalRecord, ApprovalStatus, Decision


def settle_protection(seen: ObservedApproval) -> ApprovalStatus:
    """The status with what is known of the policies, and without the decisions that they did not prove."""
    status, protection = seen.approval.status, seen.protection
    if not protection.missing:
        return _protected(seen)
    unproven = status.unproven
    if protection.is_required:
        counted = {decision.user for decision in status.decisions}
        unproven = tuple(given.user for given in seen.approval.decisions if given.user not in counted)
    consequence = (
        "no decision counts until it is in force" if protection.is_required else "decisions count all the same"
    )
    message = f"{protection.missing}; {consequence}{_excluded(unproven)}"
    conditions = with_condition(
        status.conditions, names.CONDITION_UNPROTECTED, True, names.REASON_POLICIES_MISSING, message, seen.now
    )
    return replace(status, unproven=unproven, conditions=conditions)


def is_unprotected(approval: ApprovalRecord) -> bool:
    """Whether the policies were missing when the gate was last looked at."""
    condition = find_condition(approval.status.conditions, names.CONDITION_UNPROTECTED)
    return condition is not None and condition.status == "True"


def proven(approval: ApprovalRecord) -> tuple[Decision, ...]:
    """The decisions that count, in their order."""
    return tuple(decision for decision in approval.decisions if decision.user not in approval.status.unproven)


def _protected(seen: ObservedApproval) -> ApprovalStatus:
    status = seen.approval.status
    if not is_unprotected(seen.approval):
        return status
    if not status.unproven:
        return replace(status, conditions=without_condition(status.conditions, names.CONDITION_UNPROTECTED))
    message = f"the admission policies are in force{_excluded(status.unproven)}"
    conditions = with_condition(
        status.conditions, names.CONDITION_UNPROTECTED, False, names.REASON_POLICIES_IN_FORCE, message, seen.now
    )
    return replace(status, conditions=conditions)


def _excluded(users: tuple[str, ...]) -> str:
    if not users:
        return ""
    return f"; what {', '.join(users)} said meanwhile does not count: run the job again to ask again"
