"""Options of lists, watches and selectors."""

from typing import Any

from conformance.objects import config_map, gadget
from conformance.questions.asking import Question
from conformance.questions.metadata import GADGETS, MAPS
from conformance.questions.pods import PODS

NAMES = ("items.metadata.name", "metadata.remainingItemCount")
THREE = tuple(Question("made", "POST", MAPS, config_map(f"{{x}}-{c}", labels={"of": "{x}", "c": c})) for c in "abc")


def lists(title: str, path: str = MAPS, *before: Question, **query: Any) -> Question:
    return Question(title, "GET", path, query=query, before=before, shows=NAMES)


def selects(title: str, labels: str) -> Question:
    return lists(title, MAPS, *THREE, labelSelector=f"of={{x}},{labels}")


def watches(title: str, path: str = MAPS, **query: Any) -> Question:
    return Question(title, "GET", path, query={"watch": "true", "timeoutSeconds": "1", **query})


QUESTIONS = (
    selects("equal", "c=a"),
    selects("equal, doubly", "c==a"),
    selects("not equal", "c!=a"),
    selects("one of", "c in (a,b)"),
    selects("one of, with spaces", "c in ( a , b )"),
    selects("none of", "c notin (a,b)"),
    selects("there", "c"),
    selects("not there", "!c"),
    selects("above", "c>1"),
    lists("a selector without a key", labelSelector="=a"),
    lists("a selector of a bad key", labelSelector="a b=c"),
    lists("a selector of a bad value", labelSelector="a=b c"),
    lists("a selector of a value that is too long", labelSelector="a=" + "b" * 64),
    lists("a selector with an open parenthesis", labelSelector="a in (b"),
    lists("a selector of an unknown operator", labelSelector="a like b"),
    lists("a selector that ends with a comma", labelSelector="a=b,"),
    lists("a selector above a text", labelSelector="a>b"),
    lists("a name", MAPS, *THREE, fieldSelector="metadata.name={x}-a"),
    lists("not a name", MAPS, *THREE, fieldSelector="metadata.name!={x}-a", labelSelector="of={x}"),
    lists("a field that is not supported", fieldSelector="data.a=b"),
    lists("a field that is not supported, of a custom kind", GADGETS, fieldSelector="spec.size=1"),
    lists("a field that is not supported, of pods", PODS, fieldSelector="spec.hostname=1"),
    lists("a field selector without an operator", fieldSelector="metadata.name"),
    lists("a field that a custom kind offers", GADGETS, Question("made", "POST", GADGETS, gadget("{x}", {"mode": "fast"})), fieldSelector="spec.mode=fast,metadata.name={x}"),
    lists("phases of pods", PODS, fieldSelector="status.phase=Nonsense"),
    lists("phases of namespaces", "/api/v1/namespaces", fieldSelector="status.phase=Nonsense"),
    lists("two of three", MAPS, *THREE, labelSelector="of={x}", limit="2"),
    lists("a limit that is none", limit="many"),
    lists("a continue token that is none", limit="2", **{"continue": "nonsense"}),
    lists("a resourceVersion that is none", resourceVersion="x"),
    lists("a resourceVersion of the future", resourceVersion="99999999999"),
    lists("a match without a version", resourceVersionMatch="Exact"),
    lists("a match of an unknown kind", resourceVersionMatch="Roughly", resourceVersion="1"),
    lists("an exact match of zero", resourceVersionMatch="Exact", resourceVersion="0"),
    lists("initial events of a list", sendInitialEvents="true"),
    lists("a kind that is not there", "/api/v1/namespaces/{ns}/nonsense"),
    lists("a kind that is not there, of a custom group", "/apis/conformance.titan.io/v1/namespaces/{ns}/nonsense"),
    lists("a group that is not there", "/apis/nonsense.titan.io/v1/namespaces/{ns}/gadgets"),
    lists("a version that is not there", "/apis/conformance.titan.io/v2/namespaces/{ns}/gadgets"),
    lists("a namespace that is not there", "/api/v1/namespaces/no-such-namespace/configmaps"),
    lists("a namespace of a kind without any", "/api/v1/namespaces/{ns}/nodes"),
    lists("policies of admission", "/apis/admissionregistration.k8s.io/v1/nonsense"),
    watches("a match without initial events", resourceVersionMatch="NotOlderThan", resourceVersion="1"),
    watches("initial events without a match", sendInitialEvents="true", resourceVersion="1"),
    watches("initial events with another match", sendInitialEvents="true", resourceVersionMatch="Exact", resourceVersion="1"),
    watches("a watch of a version that is none", resourceVersion="x"),
    watches("a watch of a version that is none, of a custom kind", GADGETS, resourceVersion="x"),
    watches("a watch of a bad selector", labelSelector="a b"),
    watches("a watch of a field that is not supported", fieldSelector="data.a=b"),
    watches("a watch with a time-out that is none", timeoutSeconds="soon"),
)  # fmt: skip
