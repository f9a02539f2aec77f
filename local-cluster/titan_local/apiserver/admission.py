"""The part of a new pod that depends on other objects: its ServiceAccount and priority class must exist."""

from titan_api.json_types import Json
from titan_local.apiserver.persistence.storage import Storage
from titan_local.apiserver.rules.builtin.placements import default_tolerations
from titan_local.apiserver.rules.errors import ApiError, forbidden

DEFAULT_ACCOUNT = "default"
_SYSTEM_PRIORITIES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


def admit_pod(storage: Storage, pod: Json) -> Json:
    """The pod as it is stored. Raises ApiError 403."""
    namespace, name, spec = pod["metadata"].get("namespace", ""), pod["metadata"].get("name", ""), pod["spec"]
    account = spec["serviceAccountName"]
    # Every namespace has its default account, if not yet then in a moment.
    if account != DEFAULT_ACCOUNT and storage.get("serviceaccounts", namespace, account) is None:
        why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
        raise _refused(name, why)
    if spec.get("runtimeClassName"):
        raise _refused(name, f'pod rejected: RuntimeClass "{spec["runtimeClassName"]}" not found')
    priority = _priority_of(storage, spec, name)
    if spec.get("priority", priority["priority"]) != priority["priority"]:
        why = (
            f"the integer value of priority ({spec['priority']}) must not be provided in pod spec; priority admission "
            f"controller computed {priority['priority']} from the given PriorityClass name"
        )
        raise _refused(name, why)
    tolerations = default_tolerations(spec.get("tolerations") or [])
    return pod | {"spec": spec | priority | {"tolerations": tolerations}}


def _priority_of(storage: Storage, spec: Json, name: str) -> Json:
    wanted = spec.get("priorityClassName")
    if wanted in _SYSTEM_PRIORITIES:
        return {"priority": _SYSTEM_PRIORITIES[wanted]}
    if wanted:
        found = storage.get("priorityclasses.scheduling.k8s.io", "", wanted)
        if found is None:
            raise _refused(name, f"no PriorityClass with name {wanted} was found")
        return {"priority": found.get("value", 0), "preemptionPolicy": found["preemptionPolicy"]}
    classes = storage.select("priorityclasses.scheduling.k8s.io")
    default = next((found for found in classes if found.get("globalDefault")), None)
    if default is None:
        return {"priority": 0}
    chosen = {"priorityClassName": default["metadata"]["name"], "preemptionPolicy": default["preemptionPolicy"]}
    return {"priority": default.get("value", 0), **chosen}


def _refused(name: str, why: str) -> ApiError:
    return forbidden(f'pods "{name}" is forbidden: {why}', {"name": name, "kind": "pods"})
