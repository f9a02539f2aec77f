"""The three kinds, from the schemas of their CustomResourceDefinitions."""

from collections.abc import Iterator
from typing import Any

from reference_pages.tables import code, prose, render_table
from titan_api.kinds.crds import custom_resource_definitions

Schema = dict[str, Any]
INTRODUCTION = """# The three kinds

`titan.io/v1alpha1`, category `titan`. The definitions in `crds/` come from the same models (`titan_api`). Specs are
written by whoever asks for something, `spec.decisions` of a TitanApproval by people, statuses by the operator alone.
"""


def render_page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *map(_describe, custom_resource_definitions())])


def _describe(definition: Schema) -> str:
    naming, version = definition["spec"]["names"], definition["spec"]["versions"][0]
    schema = version["schema"]["openAPIV3Schema"]["properties"]
    spec, status = schema["spec"], schema["status"]
    rules = [(code(rule["rule"]), rule["message"]) for rule in spec.get("x-kubernetes-validations", ())]
    columns = ", ".join(column["name"].upper() for column in version.get("additionalPrinterColumns", ()))
    headers = ["field", "type", "", "default"]
    return "\n".join(
        [
            f"## {naming['kind']}\n",
            f"`kubectl get {naming['plural']}`, short `{naming['shortNames'][0]}`. Columns: {columns}.\n",
            f"### {naming['kind']} spec\n\n{prose(spec.get('description', ''))}\n",
            render_table(headers, _rows(spec)),
            f"Rules that the API server checks:\n\n{render_table(['rule', 'message'], rules)}" if rules else "",
            f"### {naming['kind']} status\n\n{prose(status.get('description', ''))}\n",
            render_table(headers, _rows(status)),
        ]
    )


def _rows(schema: Schema, prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """A row for each field; those of objects within follow their object."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        note = " Required." if name in required else ""
        default = field.get("default")
        shown = "" if default in (None, "", [], {}) or isinstance(default, dict) else code(default)
        yield code(prefix + name), _type(field), prose(field.get("description", "")) + note, shown
        inner, ending = (field.get("items", {}), "[].") if field["type"] == "array" else (field, ".")
        if "properties" in inner and not prefix.startswith("conditions"):
            yield from _rows(inner, prefix + name + ending)


def _type(field: Schema) -> str:
    if "enum" in field:
        return ", ".join(code(value) for value in field["enum"])
    kind = str(field["type"])
    if kind == "array":
        return f"list of {field.get('items', {}).get('type', 'anything')}{_bound(field, 'maxItems')}"
    if kind == "object" and "additionalProperties" in field:
        return f"map{_bound(field, 'maxProperties')}"
    low, high = field.get("minimum"), field.get("maximum")
    if kind == "integer" and (low is not None or high is not None):
        return f"integer, {'…' if low is None else low} to {'…' if high is None else high}"
    return kind + _bound(field, "maxLength")


def _bound(field: Schema, keyword: str) -> str:
    return f", at most {field[keyword]}" if keyword in field else ""
