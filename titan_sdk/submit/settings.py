"""What may be said of a DAG as a whole, checked before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from titan_api import defaults
from titan_api.json_types import Json
from titan_sdk import checks

CLAIM = "claim:"
_CLAIM_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class DagSettings:
    """The part of a TitanDAG's spec that its submitter chooses. Raises ValueError for what cannot be."""

    agent_run_id: str | None = None
    max_parallel: int | None = None
    workspace: str | None = None
    """"Sync" (the default), "None", or "Claim:NAME"."""
    ttl: int | None = None
    """Seconds after its end."""

    def __post_init__(self) -> None:
        if self.agent_run_id is not None:
            checks.check_name("agent_run_id", self.agent_run_id)
        if self.max_parallel is not None:
            checks.check_number("max_parallel", self.max_parallel, 1, defaults.MOST_JOBS)
        if self.ttl is not None:
            checks.check_number("ttl", self.ttl, 0, defaults.YEAR_SECONDS)
        if self.workspace is not None:
            parse_workspace(self.workspace)

    def spec(self) -> Json:
        """The fields that differ from their defaults."""
        fields = {
            "agentRunID": self.agent_run_id,
            "maxParallel": self.max_parallel,
            "ttlSecondsAfterFinished": self.ttl,
            "workspace": parse_workspace(self.workspace) if self.workspace is not None else None,
        }
        return {name: value for name, value in fields.items() if value is not None}


def parse_workspace(workspace: object) -> Json:
    """spec.workspace from "Sync", "None" or "Claim:NAME", in any case. Raises ValueError."""
    text = str(workspace)
    folded = text.lower()
    if folded in ("sync", "none"):
        return {"mode": text.capitalize()}
    name = text[len(CLAIM) :]
    if folded.startswith(CLAIM) and _CLAIM_NAME.fullmatch(name):
        return {"mode": "Claim", "claimName": name}
    raise ValueError(f"workspace must be 'Sync', 'None' or 'Claim:NAME of a PersistentVolumeClaim', not {workspace!r}")
