"""Custom resources against their schema: types, limits, several mistakes at once, rules in CEL."""

from typing import Any

from conformance.api import JSON_PATCH, MERGE, STRATEGIC
from conformance.objects import gadget
from conformance.questions.asking import Question
from conformance.questions.metadata import GADGETS

from titan_api.json_types import Json

ONE = f"{GADGETS}/{{x}}"


def makes(title: str, spec: Any, shows: tuple[str, ...] = ("spec",), **query: Any) -> Question:
    return Question(title, "POST", GADGETS, gadget("{x}") | {"spec": spec}, query=query, shows=shows)


def changes(title: str, was: Json, body: Any, kind: str = MERGE, path: str = ONE, **query: Any) -> Question:
    made = Question("made", "POST", GADGETS, gadget("{x}", was))
    shows = ("spec", "status", "metadata.generation")
    return Question(title, "PATCH", path, body, kind=kind, query=query, before=(made,), shows=shows)


QUESTIONS = (
    makes("a spec that is a text", "text"),
    makes("a spec that is a list", []),
    makes("a text for a number", {"min": "1"}),
    makes("a fraction for a number", {"min": 1.5}),
    makes("a whole fraction for a number", {"min": 1.0}),
    makes("a truth for a number", {"min": True}),
    makes("a number for a text", {"code": 5}),
    makes("null for a text", {"code": None}),
    makes("an object for a list", {"ports": {}}),
    makes("a list for an object", {"retry": []}),
    makes("a text for an object", {"retry": "x"}),
    makes("a number in a map of texts", {"tags": {"a": 1}}),
    makes("null in a map of texts", {"tags": {"a": None}}),
    makes("null in a list", {"log": [None]}),
    makes("a truth for a number or a text", {"count": True}),
    makes("a fraction for a number or a text", {"count": 1.5}),
    makes("an object for a number or a text", {"count": {}}),
    makes("a number that is too small", {"size": 0}),
    makes("a number that is too big", {"size": 2000000}),
    makes("a number beyond 64 bits", {"size": 2**70}),
    makes("a text that does not match", {"code": "ABC"}),
    makes("a text that is too short", {"code": "a"}),
    makes("a text that is too long", {"code": "abcdef"}),
    makes("a text that is too long and does not match", {"code": "ABCDEFG"}),
    makes("a value that is none of the listed", {"mode": "x"}),
    makes("an empty value that is none of the listed", {"mode": ""}),
    makes("a number that is none of the listed", {"mode": 1}),
    makes("an item without what is required", {"ports": [{}]}),
    makes("an item with null for what is required", {"ports": [{"name": None}]}),
    makes("two items of one key", {"ports": [{"name": "a"}, {"name": "a"}]}),
    makes("too many items", {"ports": [{"name": c} for c in "abcd"]}),
    makes("too many items of a wrong kind", {"ports": [1, 2, 3, 4]}),
    makes("an item of a wrong type", {"ports": ["a"]}),
    makes("a mistake in an item", {"ports": [{"name": "a", "port": "80"}]}),
    makes("a mistake in a text that the list limits", {"log": ["x" * 51]}),
    makes("a rule that does not hold", {"min": 2, "max": 1}),
    makes("a rule with a reason and a place", {"size": 13}),
    makes("a rule and a wrong type", {"min": 2, "max": 1, "code": 5}),
    makes("a rule and a limit", {"min": 2, "max": 1, "size": 0}),
    makes("two wrong types", {"min": "1", "max": "2"}),
    makes("two limits", {"size": 0, "code": "a"}),
    makes("a wrong type and a limit", {"min": "1", "size": 0}),
    makes("a wrong type deep and one above", {"ports": [{"name": 1}], "min": "1"}),
    makes("unknown fields", {"nonsense": 1, "retry": {"nonsense": 2}}),
    makes("unknown fields, strictly", {"nonsense": 1, "retry": {"nonsense": 2}}, fieldValidation="Strict"),
    makes("unknown fields, ignored", {"nonsense": 1}, fieldValidation="Ignore"),
    makes("unknown fields and a mistake, strictly", {"nonsense": 1, "size": 0}, fieldValidation="Strict"),
    makes("a field twice", {}, fieldValidation="Strict"),
    Question("an unknown field beside the spec", "POST", GADGETS, gadget("{x}") | {"nonsense": 1}, shows=("nonsense",)),
    Question("an unknown field beside the spec, strictly", "POST", GADGETS, gadget("{x}") | {"nonsense": 1}, query={"fieldValidation": "Strict"}),
    Question("a key twice", "POST", GADGETS, b'{"apiVersion":"conformance.titan.io/v1","kind":"Gadget","metadata":{"name":"twice-1"},"spec":{"size":1,"size":2}}', query={"dryRun": "All"}, shows=("spec",)),
    Question("a key twice, strictly", "POST", GADGETS, b'{"apiVersion":"conformance.titan.io/v1","kind":"Gadget","metadata":{"name":"twice-2"},"spec":{"size":1,"size":2}}', query={"fieldValidation": "Strict"}),
    Question("a status at creation", "POST", GADGETS, gadget("{x}") | {"status": {"phase": "Up"}}, shows=("status",)),
    Question("a bad status at creation", "POST", GADGETS, gadget("{x}") | {"status": {"phase": 1}}, shows=("status",)),
    Question("another kind", "POST", GADGETS, gadget("{x}") | {"kind": "Widget"}),
    Question("another version", "POST", GADGETS, gadget("{x}") | {"apiVersion": "conformance.titan.io/v2"}),
    Question("another group", "POST", GADGETS, gadget("{x}") | {"apiVersion": "other/v1"}),
    Question("no kind", "POST", GADGETS, {"apiVersion": "conformance.titan.io/v1", "metadata": {"name": "{x}"}}),
    Question("no version", "POST", GADGETS, {"kind": "Gadget", "metadata": {"name": "{x}"}}),
    Question("an empty body", "POST", GADGETS, b""),
    Question("a body that is no JSON", "POST", GADGETS, b"{"),
    Question("a body that is a list", "POST", GADGETS, b"[]"),
    Question("a body of an unknown kind", "POST", GADGETS, b"x", kind="text/html"),
    Question("a body in YAML", "POST", GADGETS, b"apiVersion: conformance.titan.io/v1\nkind: Gadget\nmetadata:\n  name: in-yaml\n", kind="application/yaml", query={"dryRun": "All"}, shows=("spec",)),
    Question("a body in bad YAML", "POST", GADGETS, b"a: [", kind="application/yaml"),
    changes("a field that is fixed", {"fixed": "x"}, {"spec": {"fixed": "y"}}),
    changes("a field that is fixed and a mistake", {"fixed": "x"}, {"spec": {"fixed": "y", "size": 0}}),
    changes("a field that is fixed goes", {"fixed": "x"}, {"spec": {"fixed": None}}),
    changes("a list that may only grow", {"log": ["1"]}, {"spec": {"log": ["2"]}}),
    changes("null takes the default", {"mode": "fast"}, {"spec": {"mode": None}}),
    changes("the whole spec goes", {"mode": "fast"}, {"spec": None}),
    changes("a wrong type in a patch", {}, {"spec": {"min": "1"}}),
    changes("an unknown field in a patch", {}, {"spec": {"nonsense": 1}}),
    changes("a strategic patch", {}, {"spec": {"size": 1}}, STRATEGIC),
    changes("a JSON patch whose test fails", {}, [{"op": "test", "path": "/metadata/resourceVersion", "value": "0"}], JSON_PATCH),
    changes("a JSON patch of a path that is not there", {}, [{"op": "replace", "path": "/spec/size", "value": 1}], JSON_PATCH),
    changes("a JSON patch of a path whose parent is not there", {}, [{"op": "add", "path": "/spec/no/size", "value": 1}], JSON_PATCH),
    changes("a JSON patch that makes a mistake", {}, [{"op": "add", "path": "/spec/size", "value": 0}], JSON_PATCH),
    changes("a JSON patch that is an object", {}, {"op": "test"}, JSON_PATCH),
    changes("a merge patch that is a list", {}, [1]),
    changes("a merge patch that is no JSON", {}, b"{"),
    changes("another kind in a patch", {}, {"kind": "Widget"}),
    changes("another name in a patch", {}, {"metadata": {"name": "other"}}),
    changes("another uid in a patch", {}, {"metadata": {"uid": "1"}}),
    changes("an old version in a patch", {}, {"metadata": {"resourceVersion": "1"}}),
    changes("a version that is none in a patch", {}, {"metadata": {"resourceVersion": "x"}}),
    changes("a status", {}, {"status": {"phase": "Up"}}, path=f"{ONE}/status"),
    changes("a status of a wrong type", {}, {"status": {"phase": 1}}, path=f"{ONE}/status"),
    changes("a status that is a text", {}, {"status": "Up"}, path=f"{ONE}/status"),
    changes("a spec through the status' door", {}, {"spec": {"size": 5}}, path=f"{ONE}/status"),
    changes("a bad spec through the status' door", {}, {"spec": {"size": 0}}, path=f"{ONE}/status"),
    changes("a status through the front door", {}, {"status": {"phase": "Up"}}),
    changes("labels through the status' door", {}, {"metadata": {"labels": {"a": "b"}}}, path=f"{ONE}/status"),
    changes("a dry run", {}, {"spec": {"size": 5}}, dryRun="All"),
    changes("a dry run of an unknown kind", {}, {"spec": {"size": 5}}, dryRun="Some"),
    changes("a patch of a scale that is not there", {}, {"spec": {"replicas": 5}}, path=f"{ONE}/scale"),
    changes("an unknown subresource", {}, {}, path=f"{ONE}/nonsense"),
    Question("a replacement without a version", "PUT", ONE, gadget("{x}"), before=(Question("made", "POST", GADGETS, gadget("{x}")),)),
    Question("a replacement of an old version", "PUT", ONE, gadget("{x}", resourceVersion="1"), before=(Question("made", "POST", GADGETS, gadget("{x}")),)),
    Question("a replacement of what is not there", "PUT", ONE, gadget("{x}", resourceVersion="1")),
    Question("a replacement of what is not there, without a version", "PUT", ONE, gadget("{x}")),
)  # fmt: skip
