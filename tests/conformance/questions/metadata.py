"""Names, labels, annotations, owners and finalizers."""

from typing import Any

from conformance.objects import config_map, gadget
from conformance.questions.asking import Question

from titan_api.json_types import Json

MAPS = "/api/v1/namespaces/{ns}/configmaps"
GADGETS = "/apis/conformance.titan.io/v1/namespaces/{ns}/gadgets"
OWNER = {"apiVersion": "v1", "kind": "ConfigMap", "name": "o", "uid": "1"}


def named(title: str, shows: tuple[str, ...] = (), **metadata: Any) -> Question:
    return Question(title, "POST", MAPS, {"metadata": metadata}, shows=shows)


def with_metadata(title: str, shows: tuple[str, ...] = (), **metadata: Any) -> Question:
    return Question(title, "POST", MAPS, config_map("{x}", **metadata), shows=shows)


def same_for_gadgets(question: Question) -> Question:
    body: Json = gadget() | {"metadata": question.body["metadata"]}
    return Question(f"{question.title}, of a custom kind", "POST", GADGETS, body, shows=question.shows)


_BOTH = (
    named("no name"),
    named("an empty name", name=""),
    named("a name of capitals", name="Abc"),
    named("a name with an underscore", name="a_b"),
    named("a name that ends with a dash", name="ab-"),
    named("a name with two dots", name="a..b"),
    named("a name with a slash", name="a/b"),
    named("a name that is too long", name="a" * 254),
    named("a name that is a number", name=5),
    named("a bad prefix of a name", generateName="A_"),
    named("another namespace", name="{x}", namespace="other"),
    with_metadata("a label's value with a space", labels={"a": "b c"}),
    with_metadata("a label's value that is too long", labels={"a": "b" * 64}),
    with_metadata("a label's value that ends with a dash", labels={"a": "b-"}),
    with_metadata("a label's key with a space", labels={"a b": "c"}),
    with_metadata("a label's key that is too long", labels={"a" * 64: "c"}),
    with_metadata("a label's key without a name", labels={"a.b/": "c"}),
    with_metadata("a label's key with a bad prefix", labels={"A_/b": "c"}),
    with_metadata("a label's key with two slashes", labels={"a/b/c": "c"}),
    with_metadata("a label's key that is empty", labels={"": "c"}),
    with_metadata("a label that is a number", labels={"a": 1}),
    with_metadata("a label that is null", labels={"a": None}, shows=("metadata.labels",)),
    with_metadata("labels that are a list", labels=["a"]),
    with_metadata("labels that are a text", labels="a=b"),
    with_metadata("an annotation's key with a space", annotations={"a b": "c"}),
    with_metadata("an annotation's key of capitals", annotations={"A.B/Cd": "c"}, shows=("metadata.annotations",)),
    with_metadata("an annotation that is a number", annotations={"a": 1}),
    with_metadata("annotations that are too big", annotations={"a": "b" * 262144}),
    with_metadata("an owner without a uid", ownerReferences=[OWNER | {"uid": ""}]),
    with_metadata("an owner without a name", ownerReferences=[OWNER | {"name": ""}]),
    with_metadata("an owner without a kind", ownerReferences=[OWNER | {"kind": ""}]),
    with_metadata("an owner without a version", ownerReferences=[OWNER | {"apiVersion": ""}]),
    with_metadata("an owner of a bad version", ownerReferences=[OWNER | {"apiVersion": "a/b/c"}]),
    with_metadata("an Event as owner", ownerReferences=[OWNER | {"kind": "Event"}]),
    with_metadata("two controllers", ownerReferences=[OWNER | {"controller": True}, OWNER | {"name": "p", "uid": "2", "controller": True}]),
    with_metadata("owners that are an object", ownerReferences=OWNER),
    with_metadata("a bad finalizer", finalizers=["a b"]),
    with_metadata("a finalizer without a domain", finalizers=["mine"], shows=("metadata.finalizers",)),
    with_metadata("finalizers that are a text", finalizers="mine"),
    with_metadata("a generation of one's own", generation=7, shows=("metadata.generation",)),
    with_metadata("a generation that is a text", generation="7"),
    with_metadata("a uid of one's own", uid="1"),
    with_metadata("a resourceVersion", resourceVersion="5"),
    with_metadata("a time of one's own that is none", creationTimestamp="yesterday"),
    with_metadata("an unknown field of metadata", nonsense=1, shows=("metadata.nonsense",)),
    Question("metadata that are a text", "POST", MAPS, {"metadata": "text"}),
)  # fmt: skip

QUESTIONS = (
    *_BOTH,
    *(same_for_gadgets(question) for question in _BOTH),
    Question("an unknown field of metadata, strictly", "POST", MAPS, config_map("{x}", nonsense=1), query={"fieldValidation": "Strict"}),
    Question("an unknown field of metadata, strictly, of a custom kind", "POST", GADGETS, gadget("{x}", nonsense=1), query={"fieldValidation": "Strict"}),
    Question("a name that is taken", "POST", MAPS, config_map("{x}"), before=(Question("first", "POST", MAPS, config_map("{x}")),)),
    Question("a name that is taken, of a custom kind", "POST", GADGETS, gadget("{x}"), before=(Question("first", "POST", GADGETS, gadget("{x}")),)),
    Question("a namespace's name with a dot", "POST", "/api/v1/namespaces", {"metadata": {"name": "a.b"}}),
    Question("a namespace's name that is too long", "POST", "/api/v1/namespaces", {"metadata": {"name": "a" * 64}}),
    Question("a namespace without a name", "POST", "/api/v1/namespaces", {"metadata": {}}),
    Question("a service's name that begins with a digit", "POST", "/api/v1/namespaces/{ns}/services", {"metadata": {"name": "1a"}, "spec": {"ports": [{"port": 80}]}}),
    Question("a role's name with a colon", "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles", {"metadata": {"name": "a:b"}}, shows=("metadata.name",)),
    Question("a role's name with a slash", "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles", {"metadata": {"name": "a/b"}}),
    Question("a namespace that is not there", "POST", "/api/v1/namespaces/no-such-namespace/configmaps", config_map("{x}")),
    Question("a namespace that is not there, of a custom kind", "POST", "/apis/conformance.titan.io/v1/namespaces/no-such-namespace/gadgets", gadget("{x}")),
)  # fmt: skip
