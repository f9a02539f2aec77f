"""All operations for people."""

from titan_store.api.http.operations import Operation
from titan_store.api.views import (
    approvals,
    changes,
    dags,
    events,
    graph,
    job,
    left_files,
    manifests,
    overviews,
    rights,
    runs,
    services,
)

OPERATIONS: tuple[Operation, ...] = (
    *overviews.OPERATIONS,
    *dags.OPERATIONS,
    *graph.OPERATIONS,
    *job.OPERATIONS,
    *events.OPERATIONS,
    *manifests.OPERATIONS,
    *left_files.OPERATIONS,
    *runs.OPERATIONS,
    *approvals.OPERATIONS,
    *services.OPERATIONS,
    *changes.OPERATIONS,
    *rights.OPERATIONS,
)
