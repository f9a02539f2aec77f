"""The keys by which programs of the earlier Titan saw and decided gates, mapped onto TitanApprovals.

``titan:hitl:status:<gate>`` and ``titan:hitl:message:<gate>`` were values and ``titan:hitl:queue`` a set of the store.
Here nothing of that is stored: reading asks the cluster, and writing decides with the caller's identity and rights.
"""

from __future__ import annotations

from collections.abc import Callable

from titan_api.verdicts import APPROVE, REJECT, verdict_of
from titan_sdk.cluster.kube import Identity, Kube
from titan_sdk.runs.gates import decide, list_pending, locate

PREFIX = "titan:hitl:"
STATUS = PREFIX + "status:"
MESSAGE = PREFIX + "message:"
QUEUE = PREFIX + "queue"
MISSING = "NULL"
OF_VERDICT = {"Pending": "WAITING", "Approved": "APPROVED", "Rejected": "REJECTED", "TimedOut": "TIMEOUT"}
CLEARED = "CLEARED"
"""The gate will not open any more, because its job did not succeed."""
VERDICTS = {"APPROVED": APPROVE, "REJECTED": REJECT}


def is_gate_key(key: object) -> bool:
    """Whether a key means a gate and not something in the store."""
    return isinstance(key, str) and (key.startswith((STATUS, MESSAGE)) or key == QUEUE)


def read(kube: Kube, key: str) -> str:
    """What ``store_get`` answers."""
    if key == QUEUE:
        return MISSING
    located = locate(kube, key.removeprefix(STATUS).removeprefix(MESSAGE))
    if located is None:
        return MISSING
    if key.startswith(MESSAGE):
        return MISSING if located.approval is None else str(located.approval["spec"].get("message") or "")
    if located.job is not None and located.job.is_final and not located.job.succeeded:
        return CLEARED
    return MISSING if located.approval is None else OF_VERDICT.get(verdict_of(located.approval), MISSING)


def read_set(kube: Kube) -> list[str]:
    """What ``store_smembers`` answers for the queue: the ids of the open gates."""
    return [gate.gate_id for gate in list_pending(kube)]


def write(kube: Kube, identify: Callable[[], Identity], key: str, value: str) -> None:
    """What ``store_put`` does: APPROVED and REJECTED decide. Raises as ``decide``, and ValueError for other values."""
    if not key.startswith(STATUS):
        raise ValueError(f"the key {key!r} shows a gate of the cluster and cannot be written")
    if value not in VERDICTS:
        raise ValueError(f"the key {key!r} takes APPROVED or REJECTED, not {value[:40]!r}")
    decide(kube, identify(), key.removeprefix(STATUS), VERDICTS[value], "")
