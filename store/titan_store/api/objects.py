"""The cluster's object that a path names, or the refusal for one that is gone or was never there."""

from typing import Any

from titan_api import names
from titan_api.json_types import Json
from titan_store.api import keys
from titan_store.api.http.operations import Call
from titan_store.cluster.edges import Cluster, Reader
from titan_store.errors import NotFound, Unavailable

WORDS = {names.KIND_DAG: "DAG", names.KIND_JOB: "job", names.KIND_APPROVAL: "gate"}
"""What sentences call the kinds."""
NO_DAG, NO_JOB, NO_GATE = (404, "DAGNotFound"), (404, "JobNotFound"), (404, "ApprovalNotFound")
CODES = {names.KIND_DAG: NO_DAG[1], names.KIND_JOB: NO_JOB[1], names.KIND_APPROVAL: NO_GATE[1]}


async def read_object(call: Call[Any], reader: Reader, kind: str) -> Json:
    """The object of the path. Raises NotFound, and what the reader raises."""
    namespace, name = call.caller.namespace, call.name
    raw = await reader.read(kind, namespace, name)
    if raw is None:
        raise NotFound(CODES[kind], f"There is no {WORDS[kind]} {name} in namespace {namespace}.")
    return raw


def require_cluster(call: Call[Any], consequence: str = "it has nothing to show") -> Cluster:
    """Raises Unavailable if the store runs without."""
    cluster = call.app[keys.CLUSTER]
    if cluster is None:
        raise Unavailable(f"This store runs without a cluster, so {consequence}.")
    return cluster
