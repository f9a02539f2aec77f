"""The manifests of a service: a Deployment around the pod that any job would get, and a Service in front of it.

Both carry the name of the TitanJob and belong to it. Selectors name its uid, so two services never share a pod.
"""

from titan_api import names
from titan_api.json_types import Json
from titan_operator.plan.observed import PodSettings
from titan_operator.plan.pods import owner_reference
from titan_operator.records import KIND_DEPLOYMENT, KIND_SERVICE, JobRecord

SERVICE_ATTEMPT = 1
"""A service has one attempt, however often Kubernetes starts it again: so it has one log."""
PROBE_SECONDS = 1
PORT_NAME = "service"


def build_deployment(job: JobRecord, pod: Json) -> Json:
    """The Deployment that keeps the pod alive; ``pod`` is what ``build_pod`` makes of the job."""
    template = {
        "metadata": {field: pod["metadata"][field] for field in ("labels", "annotations")},
        "spec": _serving(pod["spec"], job.spec["port"]),
    }
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": {names.LABEL_JOB_UID: job.meta.uid}},
        # Two pods at once would write one log, and perhaps want one volume.
        "strategy": {"type": "Recreate"},
        "template": template,
    }
    return _object("apps/v1", KIND_DEPLOYMENT, job, pod["metadata"]["labels"], spec)


def build_service(job: JobRecord, pod: Json) -> Json:
    """The Service by whose name other pods reach the port."""
    port = job.spec["port"]
    spec = {
        "selector": {names.LABEL_JOB_UID: job.meta.uid},
        "ports": [{"name": PORT_NAME, "port": port, "targetPort": port, "protocol": "TCP"}],
    }
    return _object("v1", KIND_SERVICE, job, pod["metadata"]["labels"], spec)


def service_address(job: JobRecord, settings: PodSettings) -> str:
    """host:port for other pods."""
    host = settings.service_host or f"{names.service_name(job.meta.name)}.{job.meta.namespace}.svc"
    return f"{host}:{job.spec['port']}"


def _serving(spec: Json, port: int) -> Json:
    """A pod's spec as one that runs for ever: no deadline, and ready when the port answers."""
    kept = {field: value for field, value in spec.items() if field != "activeDeadlineSeconds"}
    return kept | {"restartPolicy": "Always", "containers": [_listening(c, port) for c in spec["containers"]]}


def _listening(container: Json, port: int) -> Json:
    others = [variable for variable in container["env"] if variable["name"] != names.ENV_PORT]
    return container | {
        "env": [*others, {"name": names.ENV_PORT, "value": str(port)}],
        "ports": [{"name": PORT_NAME, "containerPort": port, "protocol": "TCP"}],
        "readinessProbe": {"tcpSocket": {"port": port}, "periodSeconds": PROBE_SECONDS, "timeoutSeconds": 1},
    }


def _object(version: str, kind: str, job: JobRecord, labels: Json, spec: Json) -> Json:
    metadata = {
        "name": names.service_name(job.meta.name),
        "namespace": job.meta.namespace,
        "labels": {name: value for name, value in labels.items() if name != names.LABEL_ATTEMPT},
        "ownerReferences": [owner_reference(names.KIND_JOB, job.meta.name, job.meta.uid)],
    }
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
