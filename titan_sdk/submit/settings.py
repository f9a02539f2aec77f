"""What may be said of a DAG as a whole, checked before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from titan_api import defaults
from titan_sdk import checks

Json = dict[str, Any]
CLAIM = "claim:"
_CLAIM_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class DagSettings:
    """The part of a TitanDAG's spec that its submitter chooses; ``make_settings`` checks it."""

    agent_run_id: str | None = None
    max_parallel: int | None = None
    workspace: str | None = None
    ttl: int | None = None

    def spec(self) -> Json:
        """The fields that differ from their defaults."""
        fields = {
            "agentRunID": self.agent_run_id,
            "maxParallel": self.max_parallel,
            "ttlSecondsAfterFinished": self.ttl,
            "workspace": parse_workspace(self.workspace) if self.workspace is not None else None,
        }
        return {name: value for name, value in fields.items() if value is not None}


def make_settings(
    agent_run_id: str | None = None,
    *,
    max_parallel: int | None = None,
    workspace: str | None = None,
    ttl: int | None = None,
) -> DagSettings:
    """The settings, if they can be. Raises ValueError."""
    if agent_run_id is not None:
        checks.check_name("agent_run_id", agent_run_id)
    if max_parallel is not None:
        checks.check_number("max_parallel", max_parallel, 1, defaults.MOST_JOBS)
    if ttl is not None:
        checks.check_number("ttl", ttl, 0, defaults.YEAR_SECONDS)
    if workspace is not None:
        parse_workspace(workspace)
    return DagSettings(agent_run_id, max_parallel, workspace, ttl)


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
