"""Objects that many tests need: a kind of their own, pods, config maps."""

from typing import Any

from conformance.api import Api, until

from titan_api.json_types import Json

GROUP, VERSION, KIND, PLURAL = "conformance.titan.io", "v1", "Gadget", "gadgets"
API_VERSION = f"{GROUP}/{VERSION}"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

APPEND_ONLY = "!has(oldSelf.log) || (has(self.log) && oldSelf.log.all(old, old in self.log))"
SCHEMA: Json = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "default": {},
            "properties": {
                "mode": {"type": "string", "enum": ["slow", "fast"], "default": "slow"},
                "size": {"type": "integer", "minimum": 1, "maximum": 1000000},
                "min": {"type": "integer"},
                "max": {"type": "integer"},
                "code": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 5},
                "count": {"x-kubernetes-int-or-string": True},
                "note": {"type": "string", "nullable": True},
                "fixed": {
                    "type": "string",
                    "maxLength": 50,
                    "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "fixed is immutable"}],
                },
                "retry": {
                    "type": "object",
                    "default": {},
                    "properties": {"limit": {"type": "integer", "default": 3}},
                },
                "ports": {
                    "type": "array",
                    "maxItems": 3,
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "port": {"type": "integer"}},
                    },
                },
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "log": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 50}},
            },
            "x-kubernetes-validations": [
                {"rule": "!has(self.min) || !has(self.max) || self.min <= self.max", "message": "min exceeds max"},
                {"rule": APPEND_ONLY, "message": "log is append-only"},
                {
                    "rule": "!has(self.size) || self.size != 13",
                    "messageExpression": "self.size > 12 ? 'size is unlucky' : 'size is odd'",
                    "reason": "FieldValueForbidden",
                    "fieldPath": ".size",
                },
            ],
        },
        "status": {
            "type": "object",
            "properties": {
                "phase": {"type": "string"},
                "conditions": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["type"],
                    "items": {
                        "type": "object",
                        "required": ["type", "status"],
                        "properties": {"type": {"type": "string"}, "status": {"type": "string"}},
                    },
                },
            },
        },
    },
}
COLUMNS = [
    {"name": "Mode", "type": "string", "jsonPath": ".spec.mode"},
    {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    {"name": "Limit", "type": "integer", "jsonPath": ".spec.retry.limit", "priority": 1},
    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
]


def definition(
    plural: str = PLURAL, kind: str = KIND, schema: Json | None = None, group: str = GROUP, **version: Any
) -> Json:
    """A CustomResourceDefinition."""
    served = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema or {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        **version,
    }
    names = {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"}
    if kind == KIND:
        names |= {"shortNames": ["gad"], "categories": ["conformance"]}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [served]},
    }


def gadget_definition() -> Json:
    """The kind that most tests use: defaults, rules, columns, a status, a field that selectors may name."""
    selectable = [{"jsonPath": ".spec.mode"}]
    return definition(
        schema=SCHEMA, subresources={"status": {}}, additionalPrinterColumns=COLUMNS, selectableFields=selectable
    )


def gadget(name: str = "", spec: Json | None = None, **metadata: Any) -> Json:
    named = {"name": name} if name else {}
    head = {"apiVersion": API_VERSION, "kind": KIND, "metadata": named | metadata}
    return head | ({"spec": spec} if spec is not None else {})


def config_map(name: str, data: dict[str, str] | None = None, **metadata: Any) -> Json:
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}
    return head | ({"data": data} if data is not None else {})


def pod(name: str, *containers: Json, spec: Json | None = None, **metadata: Any) -> Json:
    """A pod that no scheduler takes, so that it stays as the server made it."""
    default = {"name": "main", "image": "x"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, **metadata},
        "spec": {
            "schedulerName": "nobody",
            "restartPolicy": "Never",
            "containers": list(containers) or [default],
            **(spec or {}),
        },
    }


def owned_by(owner: Json, *, blocks: bool = False, controller: bool = True) -> Json:
    """An ownerReference."""
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": controller,
    }
    return reference | ({"blockOwnerDeletion": True} if blocks else {})


def serves(api: Api, group: str, version: str, plural: str) -> None:
    """Wait until a kind is served."""

    def is_served() -> bool:
        answer = api.get(f"/apis/{group}/{version}")
        listed = answer.status == 200 and plural in [resource["name"] for resource in answer.body["resources"]]
        return listed and api.get(f"/apis/{group}/{version}/{plural}").status == 200

    until(is_served, what=f"{plural}.{group}")
