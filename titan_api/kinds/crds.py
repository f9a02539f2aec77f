"""CustomResourceDefinitions, derived from the models: the single source for ``crds/``, the chart and the
embedded cluster.

pydantic's JSON schema is turned into a structural schema of apiextensions.k8s.io/v1: references inlined,
``anyOf`` with null dropped (an absent field is how Kubernetes spells null), models' ``rules`` and
``mutable_fields`` turned into CEL validations.
"""

from typing import Any

from pydantic import BaseModel

from titan_api import names
from titan_api.kinds.approvals import TitanApproval, TitanApprovalSpec
from titan_api.kinds.dags import TitanDAG, TitanDAGSpec, WorkspaceSpec
from titan_api.kinds.fields import Model
from titan_api.kinds.jobs import Source, TitanJob, TitanJobSpec, VolumeOverride

Schema = dict[str, Any]

_MODELS_WITH_RULES: tuple[type[Model], ...] = (
    TitanDAGSpec, TitanJobSpec, TitanApprovalSpec, WorkspaceSpec, Source, VolumeOverride,
)  # fmt: skip
_KEPT_KEYWORDS = frozenset({
    "type", "properties", "required", "items", "additionalProperties", "enum", "default", "pattern", "format",
    "description", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
    "maxProperties",
})  # fmt: skip
_AGE = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}


def custom_resource_definitions() -> list[Schema]:
    """The three CRDs as JSON objects."""
    return [
        _definition(
            TitanDAG,
            kind=names.KIND_DAG,
            plural=names.PLURAL_DAGS,
            short_name="tdag",
            selectable=[],
            columns=[
                _column("Phase", "string", ".status.phase"),
                _column("Done", "string", ".status.progress"),
                _column("Running", "integer", ".status.counts.running"),
                _column("Failed", "integer", ".status.counts.failed"),
                _column("Approval", "integer", ".status.waitingApprovals"),
                _AGE,
            ],
        ),
        _definition(
            TitanJob,
            kind=names.KIND_JOB,
            plural=names.PLURAL_JOBS,
            short_name="tjob",
            selectable=[".spec.dag"],
            columns=[
                _column("DAG", "string", ".spec.dag"),
                _column("Phase", "string", ".status.phase"),
                _column("Attempt", "integer", ".status.attempt"),
                _column("Node", "string", ".status.nodeName"),
                _AGE,
            ],
        ),
        _definition(
            TitanApproval,
            kind=names.KIND_APPROVAL,
            plural=names.PLURAL_APPROVALS,
            short_name="tapp",
            selectable=[".status.phase"],
            columns=[
                _column("Job", "string", ".spec.subject.jobID"),
                _column("Phase", "string", ".status.phase"),
                _column("Message", "string", ".spec.message"),
                _column("Deadline", "string", ".status.deadline"),
                _AGE,
            ],
        ),
    ]


def _definition(
    model: type[Model],
    *,
    kind: str,
    plural: str,
    short_name: str,
    selectable: list[str],
    columns: list[Schema],
) -> Schema:
    singular = kind.lower()
    schema = _structural(model)
    schema["required"] = ["spec"]
    schema["properties"]["status"].pop("default", None)
    version: Schema = {
        "name": names.VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": columns,
        "schema": {"openAPIV3Schema": schema},
    }
    if selectable:
        version["selectableFields"] = [{"jsonPath": path} for path in selectable]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{names.GROUP}",
            "annotations": {names.ANNOTATION_SCHEMA: names.SCHEMA},
        },
        "spec": {
            "group": names.GROUP,
            "scope": "Namespaced",
            "names": {
                "plural": plural,
                "singular": singular,
                "kind": kind,
                "listKind": f"{kind}List",
                "shortNames": [short_name],
                "categories": ["titan"],
            },
            "versions": [version],
        },
    }


def _column(name: str, kind: str, path: str) -> Schema:
    return {"name": name, "type": kind, "jsonPath": path}


def _structural(model: type[BaseModel]) -> Schema:
    """The model's structural schema; in status, absent and default mean the same, so it carries no defaults."""
    raw = model.model_json_schema(by_alias=True, mode="validation")
    rules = {item.__name__: _validations(item) for item in _MODELS_WITH_RULES}
    schema = _convert(raw, raw.get("$defs", {}), rules)
    _drop_defaults(schema["properties"]["status"])
    return schema


def _convert(node: Schema, definitions: dict[str, Schema], rules: dict[str, list[Schema]]) -> Schema:
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        converted = _convert(definitions[name], definitions, rules)
        if name in rules:
            converted["x-kubernetes-validations"] = rules[name]
        return converted | {key: _without_nulls(node[key]) for key in ("description", "default") if key in node}
    if "anyOf" in node:
        (kept,) = [option for option in node["anyOf"] if option.get("type") != "null"]
        merged = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
        return _convert(kept | merged, definitions, rules)
    if "const" in node:
        node = node | {"enum": [node["const"]]}
    result: Schema = {}
    for key, value in node.items():
        if key == "properties":
            result[key] = {name: _convert(child, definitions, rules) for name, child in value.items()}
        elif key == "items" or (key == "additionalProperties" and isinstance(value, dict)):
            result[key] = _convert(value, definitions, rules)
        elif key == "propertyNames" or (key == "additionalProperties" and value is False):
            continue  # a structural schema prunes unknown fields instead of refusing them
        elif key in _KEPT_KEYWORDS or key.startswith("x-kubernetes-"):
            result[key] = value
    if result.get("type") == "integer":
        result["format"] = "int64"
    return result


def _without_nulls(default: Any) -> Any:
    """A default without the fields that are absent: the API server refuses null where the type is another."""
    if isinstance(default, dict):
        return {key: _without_nulls(value) for key, value in default.items() if value is not None}
    return default


def _drop_defaults(node: Schema) -> None:
    node.pop("default", None)
    for child in node.get("properties", {}).values():
        _drop_defaults(child)
    if isinstance(node.get("items"), dict):
        _drop_defaults(node["items"])


def _validations(model: type[Model]) -> list[Schema]:
    """The model's own rules, and one that freezes every field outside ``mutable_fields``."""
    written: list[tuple[str, str]] = getattr(model, "rules", [])
    validations = [{"rule": rule, "message": message} for rule, message in written]
    mutable: frozenset[str] | None = getattr(model, "mutable_fields", None)
    if mutable is not None:
        frozen = [
            _unchanged(field.alias or name, always_present=field.default is not None)
            for name, field in model.model_fields.items()
            if name not in mutable
        ]
        free = ", ".join(f"spec.{model.model_fields[name].alias}" for name in sorted(mutable))
        validations.append({"rule": " && ".join(frozen), "message": f"only {free} may change"})
    return validations


def _unchanged(field: str, *, always_present: bool) -> str:
    if always_present:
        return f"self.{field} == oldSelf.{field}"
    same_presence = f"has(self.{field}) == has(oldSelf.{field})"
    return f"{same_presence} && (!has(self.{field}) || self.{field} == oldSelf.{field})"
