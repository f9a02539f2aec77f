"""Write the shapes of the built-in kinds, as a real API server's OpenAPI documents tell them.

``PYTHONPATH=tests python tools/generate_shapes.py`` starts a kube-apiserver, asks it and writes
``local-cluster/titan_local/apiserver/rules/builtin/shapes.json``: for each structure its fields and their types in Go's
spelling, from which the embedded server tells unknown fields and wrong types in the real server's words.
"""

import json
import tempfile
from pathlib import Path

from builders.kubernetes.real_api_server import RealApiServer
from conformance.api import Api, open_api

from titan_api.json_types import Json

TARGET = Path(__file__).parents[1] / "local-cluster" / "titan_local" / "apiserver" / "rules" / "builtin" / "shapes.json"
KINDS = {
    "api/v1": (
        "Pod", "ConfigMap", "Secret", "Service", "Endpoints", "ServiceAccount", "Namespace", "Node", "Event",
        "PersistentVolumeClaim",
    ),
    "apis/coordination.k8s.io/v1": ("Lease",),
    "apis/scheduling.k8s.io/v1": ("PriorityClass",),
    "apis/apps/v1": ("Deployment",),
    "apis/rbac.authorization.k8s.io/v1": ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
}  # fmt: skip
SPECIAL = {
    "Quantity": "quantity", "IntOrString": "intOrString", "Time": "time", "MicroTime": "microtime",
    "FieldsV1": "any", "RawExtension": "any",
}  # fmt: skip
"""Types that are read in a way of their own."""
NAMED = {
    "PodSpec.restartPolicy": "v1.RestartPolicy", "PodSpec.dnsPolicy": "v1.DNSPolicy",
    "PodSpec.preemptionPolicy": "v1.PreemptionPolicy", "PriorityClass.preemptionPolicy": "v1.PreemptionPolicy",
    "Container.imagePullPolicy": "v1.PullPolicy", "PodStatus.phase": "v1.PodPhase",
    "ContainerPort.protocol": "v1.Protocol", "ServicePort.protocol": "v1.Protocol", "ServiceSpec.type": "v1.ServiceType",
    "Secret.type": "v1.SecretType",
}  # fmt: skip
"""Texts that Go knows by a name of their own, which OpenAPI does not tell."""


def main() -> None:
    """Ask and write."""
    with tempfile.TemporaryDirectory() as directory, RealApiServer(Path(directory), controllers=()) as server:
        api = open_api(server.kubeconfig)
        structures: dict[str, Json] = {}
        for path, kinds in KINDS.items():
            _collect(api, path, kinds, structures)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(structures[name])}" for name in sorted(structures))
    TARGET.write_text("{\n" + lines + "\n}\n")


def _collect(api: Api, path: str, kinds: tuple[str, ...], structures: dict[str, Json]) -> None:
    schemas = api.get(f"/openapi/v3/{path}").body["components"]["schemas"]
    waiting = [name for name in schemas if name.rpartition(".")[2] in kinds]
    while waiting:
        name = waiting.pop()
        short = name.rpartition(".")[2]
        fields = {}
        for field, schema in schemas[name].get("properties", {}).items():
            fields[field] = NAMED.get(f"{short}.{field}", _type_of(schema))
            waiting += [used for used in _references(schema) if used.rpartition(".")[2] not in {*SPECIAL, *structures}]
        structures[short] = fields


def _type_of(schema: Json) -> str:
    if "allOf" in schema:
        return _type_of(schema["allOf"][0])
    if "$ref" in schema:
        name = schema["$ref"].rpartition(".")[2]
        return SPECIAL.get(name, f"v1.{name}")
    match schema.get("type"):
        case "array":
            return f"[]{_type_of(schema['items'])}"
        case "object":
            return (
                f"map[string]{_type_of(schema['additionalProperties'])}" if "additionalProperties" in schema else "any"
            )
        case "integer":
            return str(schema.get("format", "int64"))
        case "boolean":
            return "bool"
        case "string":
            return "bytes" if schema.get("format") == "byte" else "string"
    return "any"


def _references(schema: Json) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    parts = [*schema.get("allOf", []), schema.get("items"), schema.get("additionalProperties")]
    return [name for part in parts if isinstance(part, dict) for name in _references(part)]


if __name__ == "__main__":
    main()
