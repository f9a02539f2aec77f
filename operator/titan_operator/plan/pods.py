"""The manifest of an attempt's pod, composed of small functions: one per container, volume or field."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from titan_api import names
from titan_api.json_types import Json
from titan_api.profiles import Profile, Toleration
from titan_operator.plan.observed import PodSettings
from titan_operator.plan.placement import near_parents
from titan_operator.plan.runners import RUN, carry, container_security
from titan_operator.plan.workspaces import workspace_terms, workspace_volume
from titan_operator.records import DAGRecord, JobRecord, WorkspaceInput

WORKSPACE_PATH = "/workspace"
TOKEN_FOLDER = "/var/run/secrets/titan.io"
NON_ROOT_USER = 65532
TOKEN_SECONDS = 3600


def build_pod(
    job: JobRecord,
    dag: DAGRecord | None,
    attempt: int,
    profile: Profile,
    parent_nodes: tuple[str, ...],
    settings: PodSettings,
    parent_services: tuple[str, ...] = (),
    inputs: tuple[WorkspaceInput, ...] = (),
) -> Json:
    """The Pod of one attempt: restricted Pod Security, no service links, the job's own identity."""
    overrides = job.spec.get("podOverrides", {})
    spec: Json = {
        "restartPolicy": "Never",
        # A Service named "titan" would otherwise inject TITAN_PORT=tcp://... into the program's environment.
        "enableServiceLinks": False,
        "serviceAccountName": names.SERVICE_ACCOUNT_JOB,
        "priorityClassName": names.priority_class_name(job.spec.get("priority", 1)),
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": NON_ROOT_USER,
            "runAsGroup": NON_ROOT_USER,
            "fsGroup": NON_ROOT_USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **_containers(job, _container(job, dag, attempt, profile, settings, inputs), settings),
    }
    spec["volumes"] = [*_volumes(dag), *spec["volumes"], *map(_override_volume, overrides.get("volumes", []))]
    optional: Json = {
        "nodeSelector": {**profile.node_selector, **overrides.get("nodeSelector", {})},
        "tolerations": [*map(_toleration, profile.tolerations), *overrides.get("tolerations", [])],
        "affinity": near_parents(parent_nodes, parent_services),
        "activeDeadlineSeconds": job.spec.get("activeDeadlineSeconds"),
        "schedulerName": overrides.get("schedulerName"),
        "runtimeClassName": overrides.get("runtimeClassName", profile.runtime_class),
    }
    spec.update({field: value for field, value in optional.items() if value})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": names.pod_name(job.meta.name, attempt),
            "namespace": job.meta.namespace,
            "labels": {**overrides.get("labels", {}), **_labels(job, attempt)},
            "annotations": overrides.get("annotations", {}),
            "ownerReferences": [owner_reference(names.KIND_JOB, job.meta.name, job.meta.uid)],
        },
        "spec": spec,
    }


def owner_reference(kind: str, name: str, uid: str) -> Json:
    """A controlling owner reference to one of Titan's own objects."""
    return {
        "apiVersion": names.API_VERSION,
        "kind": kind,
        "name": name,
        "uid": uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _labels(job: JobRecord, attempt: int) -> dict[str, str]:
    labels = {
        names.LABEL_MANAGED_BY: names.MANAGED_BY,
        names.LABEL_JOB: names.label_value(job.meta.name),
        names.LABEL_JOB_ID: names.label_value(job.job_id),
        names.LABEL_JOB_UID: job.meta.uid,
        names.LABEL_ATTEMPT: str(attempt),
    }
    if job.dag is not None:
        labels[names.LABEL_DAG] = names.label_value(job.dag)
    return labels


def _containers(job: JobRecord, container: Json, settings: PodSettings) -> Json:
    """The job's container, with the runner brought along if its image may lack it, and volumes for that."""
    if "container" in job.spec["source"]:
        return {"containers": [container], "volumes": []}
    if container["image"] == settings.image:
        return {"containers": [container | {"command": RUN}], "volumes": []}
    return carry(container, settings.image)


def _container(
    job: JobRecord,
    dag: DAGRecord | None,
    attempt: int,
    profile: Profile,
    settings: PodSettings,
    inputs: tuple[WorkspaceInput, ...],
) -> Json:
    overrides = job.spec.get("podOverrides", {})
    container: Json = {
        "name": "job",
        "image": job.spec.get("image") or profile.image or settings.image,
        "imagePullPolicy": "IfNotPresent",
        "workingDir": WORKSPACE_PATH,
        "env": [*_user_env(job), *_titan_env(job, dag, attempt, settings, inputs)],
        "envFrom": [{"secretRef": {"name": secret}} for secret in job.spec.get("secrets", [])],
        "resources": _resources(profile, job.spec.get("resources", {})),
        "securityContext": container_security(),
        "volumeMounts": [*_mounts(), *map(_override_mount, overrides.get("volumes", []))],
    }
    own = job.spec["source"].get("container")
    if own is None:
        return container
    container["image"] = own["image"]
    container["args"] = list(job.spec.get("args", []))
    if own.get("command"):
        container["command"] = list(own["command"])
    return container


def _user_env(job: JobRecord) -> list[Json]:
    """The user's variables, without those that only Titan may set."""
    return [dict(variable) for variable in job.spec.get("env", []) if variable["name"] not in _RESERVED]


def _titan_env(
    job: JobRecord, dag: DAGRecord | None, attempt: int, settings: PodSettings, inputs: tuple[WorkspaceInput, ...]
) -> list[Json]:
    address = urlsplit(settings.store_url)
    run: Json = {
        "source": job.spec["source"],
        "args": job.spec.get("args", []),
        "workspace": workspace_terms(dag, inputs),
    }
    if job.is_service:
        run["service"] = True
    values = {
        names.ENV_DAG: job.dag or "",
        names.ENV_JOB: job.meta.name,
        names.ENV_JOB_ID: job.job_id,
        names.ENV_JOB_UID: job.meta.uid,
        names.ENV_ATTEMPT: str(attempt),
        names.ENV_AGENT_RUN: (dag.agent_run_id if dag is not None else None) or "",
        names.ENV_NAMESPACE: job.meta.namespace,
        names.ENV_WORKSPACE: WORKSPACE_PATH,
        names.ENV_STORE_URL: settings.store_url,
        names.ENV_STORE_HOST: address.hostname or "",
        names.ENV_STORE_PORT: str(address.port or (443 if address.scheme == "https" else 80)),
        names.ENV_STORE_TOKEN_FILE: f"{TOKEN_FOLDER}/token",
    }
    if settings.store_ca:
        values[names.ENV_STORE_CA] = settings.store_ca
    if "container" not in job.spec["source"]:
        values[names.ENV_RUN] = json.dumps(run, separators=(",", ":"))
    # The kubelet expands $(NAME) in values; a script may hold such text and must reach the runner as it is.
    return [{"name": name, "value": value.replace("$(", "$$(")} for name, value in values.items()]


_RESERVED = frozenset(
    {
        names.ENV_DAG,
        names.ENV_JOB,
        names.ENV_JOB_ID,
        names.ENV_JOB_UID,
        names.ENV_ATTEMPT,
        names.ENV_AGENT_RUN,
        names.ENV_NAMESPACE,
        names.ENV_WORKSPACE,
        names.ENV_STORE_URL,
        names.ENV_STORE_HOST,
        names.ENV_STORE_PORT,
        names.ENV_STORE_TOKEN_FILE,
        names.ENV_STORE_CA,
        names.ENV_RUN,
    }
)


def _resources(profile: Profile, own: Mapping[str, Any]) -> Json:
    """The profile's resources under the job's own; an extended resource needs a limit equal to its request."""
    requests = {**profile.resources, **own.get("requests", {})}
    limits = {**profile.resources, **own.get("limits", {})}
    for name in set(requests) | set(limits):
        if "/" in name:
            limits[name] = requests[name] = own.get("limits", {}).get(name) or requests.get(name) or limits[name]
    return {field: values for field, values in (("requests", requests), ("limits", limits)) if values}


def _volumes(dag: DAGRecord | None) -> list[Json]:
    token = {"audience": names.AUDIENCE_STORE, "expirationSeconds": TOKEN_SECONDS, "path": "token"}
    return [
        {"name": "titan-token", "projected": {"sources": [{"serviceAccountToken": token}]}},
        workspace_volume(dag),
        {"name": "tmp", "emptyDir": {}},
    ]


def _mounts() -> list[Json]:
    return [
        {"name": "titan-token", "mountPath": TOKEN_FOLDER, "readOnly": True},
        {"name": "workspace", "mountPath": WORKSPACE_PATH},
        {"name": "tmp", "mountPath": "/tmp"},
    ]


def _override_volume(volume: Mapping[str, Any]) -> Json:
    name = f"user-{volume['name']}"[:63].rstrip("-")
    if "persistentVolumeClaim" in volume:
        return {"name": name, "persistentVolumeClaim": {"claimName": volume["persistentVolumeClaim"]}}
    if "configMap" in volume:
        return {"name": name, "configMap": {"name": volume["configMap"]}}
    return {"name": name, "emptyDir": {"sizeLimit": volume["emptyDirSizeLimit"]}}


def _override_mount(volume: Mapping[str, Any]) -> Json:
    name = f"user-{volume['name']}"[:63].rstrip("-")
    return {"name": name, "mountPath": volume["mountPath"], "readOnly": bool(volume.get("readOnly"))}


def _toleration(toleration: Toleration) -> Json:
    fields = {
        "key": toleration.key,
        "operator": toleration.operator,
        "value": toleration.value,
        "effect": toleration.effect,
    }
    return {field: value for field, value in fields.items() if value}
