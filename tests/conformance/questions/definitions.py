"""CustomResourceDefinitions that are refused."""

from typing import Any

from conformance.objects import CRDS, definition
from conformance.questions.asking import Question

from titan_api.json_types import Json

GROUP = "{x}.titan.io"


def defines(title: str, schema: Json | None = None, change: Json | None = None, **version: Any) -> Question:
    """A dry run: no kind is ever made."""
    crd = definition("bads", "Bad", schema, group=GROUP, **version)
    crd["spec"] |= change or {}
    return Question(title, "POST", CRDS, crd, query={"dryRun": "All"}, shows=("spec.names", "spec.scope"))


def of_field(title: str, **field: Any) -> Question:
    """A kind with one field."""
    spec = {"type": "object", "properties": {"f": field}}
    return defines(title, {"type": "object", "properties": {"spec": spec}})


def rule(text: str, **more: Any) -> Json:
    return {"x-kubernetes-validations": [{"rule": text, "message": "m", **more}]}


NAMES = {"plural": "bads", "singular": "bad", "kind": "Bad", "listKind": "BadList"}

QUESTIONS = (
    defines("a good one"),
    defines("names that are filled in", change={"names": {"plural": "bads", "kind": "Bad"}}),
    defines("a plural of capitals", change={"names": NAMES | {"plural": "Bads"}}),
    defines("no kind", change={"names": {"plural": "bads"}}),
    defines("a kind with a space", change={"names": NAMES | {"kind": "B ad"}}),
    defines("a bad short name", change={"names": NAMES | {"shortNames": ["B_"]}}),
    defines("no scope", change={"scope": ""}),
    defines("an unknown scope", change={"scope": "Global"}),
    defines("no versions", change={"versions": []}),
    defines("no group", change={"group": ""}),
    defines("a version that is not stored", storage=False),
    defines("a version with a bad name", name="V_1"),
    defines("no schema", {}),
    defines("a schema that is no object", {"type": "string"}),
    defines("a column without a path", additionalPrinterColumns=[{"name": "A", "type": "string"}]),
    defines("a column of an unknown type", additionalPrinterColumns=[{"name": "A", "type": "text", "jsonPath": ".spec"}]),
    defines("a column of a bad path", additionalPrinterColumns=[{"name": "A", "type": "string", "jsonPath": "spec"}]),
    defines("a selectable field that is not there", selectableFields=[{"jsonPath": ".spec.no"}]),
    of_field("a field without a type"),
    of_field("a field of an unknown type", type="text"),
    of_field("a default of a wrong type", type="integer", default="text"),
    of_field("a default beyond a limit", type="integer", maximum=3, default=5),
    of_field("a list without items", type="array"),
    of_field("a list of unknown kind", type="array", items={"type": "string"}, **{"x-kubernetes-list-type": "bag"}),
    of_field("a map list without keys", type="array", items={"type": "object"}, **{"x-kubernetes-list-type": "map"}),
    of_field("a bad pattern", type="string", pattern="["),
    of_field("a rule that is no CEL", type="integer", **rule("self.x >")),
    of_field("a rule that is no truth", type="integer", **rule("self + 1")),
    of_field("a rule on a field that is not there", type="object", properties={"a": {"type": "integer"}}, **rule("self.b > 1")),
    of_field("a rule that compares apples and pears", type="integer", **rule("self == 'a'")),
    of_field("a rule with an unknown function", type="string", **rule("self.nonsense()")),
    of_field("an empty rule", type="string", **rule("")),
    of_field("a rule with an unknown reason", type="string", **rule("self == 'a'", reason="Because")),
    of_field("a rule on an unlimited list of unlimited texts", type="array", items={"type": "string"}, **rule("self.all(x, self.all(y, x == y))")),
    of_field("additional properties beside properties", type="object", properties={"a": {"type": "string"}}, additionalProperties={"type": "string"}),
    of_field("unique items", type="array", items={"type": "string"}, uniqueItems=True),
)  # fmt: skip
