"""All actions."""

from titan_store.api.actions import comments, resubmissions, retries, steering
from titan_store.api.http.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *steering.OPERATIONS,
    *retries.OPERATIONS,
    *resubmissions.OPERATIONS,
    *comments.OPERATIONS,
)
