"""What the operator remembers of each object: slim, frozen, and free of the framework.

The cache holds these instead of raw JSON (a thousand jobs fit in a few megabytes), the planner reads them, and
nothing else of an object is ever looked at.
"""

from titan_operator.records.approvals import ApprovalRecord, ApprovalStatus, Decision
from titan_operator.records.dags import DAGRecord, DAGStatus
from titan_operator.records.jobs import (
    Attempt,
    JobRecord,
    JobStatus,
    ParentOutcome,
    ParentRef,
    WorkspaceInput,
)
from titan_operator.records.objects import Condition, Key, Meta
from titan_operator.records.pods import KIND_POD, Outcome, PodRecord, Termination
from titan_operator.records.services import KIND_DEPLOYMENT, KIND_SERVICE, DeploymentRecord

Record = DAGRecord | JobRecord | ApprovalRecord | PodRecord | DeploymentRecord
"""Anything that the cache holds."""

__all__ = [
    "KIND_DEPLOYMENT",
    "KIND_POD",
    "KIND_SERVICE",
    "ApprovalRecord",
    "ApprovalStatus",
    "Attempt",
    "Condition",
    "DAGRecord",
    "DAGStatus",
    "Decision",
    "DeploymentRecord",
    "JobRecord",
    "JobStatus",
    "Key",
    "Meta",
    "Outcome",
    "ParentOutcome",
    "ParentRef",
    "PodRecord",
    "Record",
    "Termination",
    "WorkspaceInput",
]
