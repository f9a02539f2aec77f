"""The other built-in kinds that Titan and its users write."""

from typing import Any

from conformance.api import MERGE
from conformance.objects import CRDS, config_map
from conformance.questions.asking import Question
from conformance.questions.metadata import MAPS

from titan_api.json_types import Json

CORE = "/api/v1/namespaces/{ns}"
SERVICES, SECRETS, EVENTS, CLAIMS = (f"{CORE}/{k}" for k in ("services", "secrets", "events", "persistentvolumeclaims"))
LEASES = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases"
DEPLOYMENTS = "/apis/apps/v1/namespaces/{ns}/deployments"
CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses"
TEMPLATE: Json = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "m", "image": "x"}]}}
DEPLOYMENT: Json = {"selector": {"matchLabels": {"a": "b"}}, "template": TEMPLATE}


def makes(title: str, path: str, shows: tuple[str, ...] = (), **body: Any) -> Question:
    return Question(title, "POST", path, {"metadata": {"name": "{x}"}, **body}, shows=shows)


def changes(title: str, path: str, was: Json, change: Any, shows: tuple[str, ...] = ()) -> Question:
    made = makes("made", path, **was)
    return Question(title, "PATCH", f"{path}/{{x}}", change, kind=MERGE, before=(made,), shows=shows)


def service(title: str, **spec: Any) -> Question:
    return makes(title, SERVICES, ("spec.type", "spec.ports", "spec.sessionAffinity", "status"), spec=spec)


def deployment(title: str, **spec: Any) -> Question:
    return makes(
        title, DEPLOYMENTS, ("spec.replicas", "spec.strategy", "status", "metadata.generation"), spec=DEPLOYMENT | spec
    )


QUESTIONS = (
    makes("a bad key of a map", MAPS, data={"a b": "c"}),
    makes("a key of a map that is too long", MAPS, data={"a" * 254: "c"}),
    makes("a number in a map", MAPS, data={"a": 1}),
    makes("a list as a map", MAPS, data=["a"]),
    makes("null in a map", MAPS, data={"a": None}, shows=("data",)),
    makes("a key in both maps", MAPS, data={"a": "1"}, binaryData={"a": "MQ=="}),
    makes("binary data that are not encoded", MAPS, binaryData={"a": "!"}),
    makes("a map that is too big", MAPS, data={"a": "x" * 1048577}),
    makes("an unknown field of a map", MAPS, nonsense=1, shows=("nonsense",)),
    changes("a map that is immutable", MAPS, {"data": {"a": "1"}, "immutable": True}, {"data": {"a": "2"}}),
    changes("a map that is immutable no more", MAPS, {"immutable": True}, {"immutable": False}),
    Question("a map of another kind", "POST", MAPS, config_map("{x}") | {"kind": "Secret"}),
    Question("a map of another version", "POST", MAPS, config_map("{x}") | {"apiVersion": "v2"}),
    Question("a map without a kind", "POST", MAPS, {"metadata": {"name": "{x}"}}, shows=("kind", "apiVersion")),
    Question("a map that is empty", "POST", MAPS, b""),
    Question("a map that is no JSON", "POST", MAPS, b"{"),
    Question("a map that is a list", "POST", MAPS, b"[]"),
    Question("a map of an unknown form", "POST", MAPS, b"x", kind="text/html"),
    makes("a secret of text", SECRETS, ("data", "type", "stringData"), stringData={"a": "b"}),
    makes("a secret that is not encoded", SECRETS, data={"a": "!"}),
    makes("a bad key of a secret", SECRETS, data={"a b": "MQ=="}),
    changes("another type of a secret", SECRETS, {}, {"type": "other"}),
    service("a service without ports"),
    service("a service without a port", ports=[{}]),
    service("a service's port that is too high", ports=[{"port": 70000}]),
    service("a service's port that is a text", ports=[{"port": "http"}]),
    service("a service's target that is a name", ports=[{"port": 80, "targetPort": "http"}]),
    service("a service's target that is a bad name", ports=[{"port": 80, "targetPort": "A_b c"}]),
    service("two ports of a service without names", ports=[{"port": 80}, {"port": 81}]),
    service("two ports of a service of one name", ports=[{"port": 80, "name": "a"}, {"port": 81, "name": "a"}]),
    service("one port of a service twice", ports=[{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]),
    service("an unknown type of service", type="Nonsense", ports=[{"port": 80}]),
    service("a bad protocol of a service", ports=[{"port": 80, "protocol": "HTTP"}]),
    service("a bad selector of a service", selector={"a": "b c"}, ports=[{"port": 80}]),
    service("a service", ports=[{"port": 80}]),
    service("a service without an address", clusterIP="None"),
    changes("another address of a service", SERVICES, {"spec": {"ports": [{"port": 80}], "clusterIP": "None"}}, {"spec": {"clusterIP": "10.96.3.3"}}),
    deployment("a Deployment"),
    deployment("a Deployment without a selector", selector=None),
    deployment("a Deployment of an empty selector", selector={}),
    deployment("a Deployment of another selector", selector={"matchLabels": {"a": "c"}}),
    deployment("a Deployment of negative replicas", replicas=-1),
    deployment("a Deployment without a template", template=None),
    deployment("a Deployment of another restart policy", template=TEMPLATE | {"spec": TEMPLATE["spec"] | {"restartPolicy": "Never"}}),
    deployment("a Deployment of an unknown strategy", strategy={"type": "Nonsense"}),
    deployment("a Deployment without an image", template=TEMPLATE | {"spec": {"containers": [{"name": "m"}]}}),
    changes("another selector of a Deployment", DEPLOYMENTS, {"spec": DEPLOYMENT}, {"spec": {"selector": {"matchLabels": {"a": "c"}}, "template": {"metadata": {"labels": {"a": "c"}}}}}),
    changes("a Deployment's replicas", DEPLOYMENTS, {"spec": DEPLOYMENT}, {"spec": {"replicas": 0}}, ("spec.replicas", "metadata.generation")),
    makes("a class without a value", CLASSES, ("value",)),
    makes("a class of a value that is too high", CLASSES, value=2000000000),
    makes("a class of an unknown policy", CLASSES, value=1, preemptionPolicy="Maybe"),
    makes("a class of a text", CLASSES, value="high"),
    Question("a class of the system", "POST", CLASSES, {"metadata": {"name": "system-nonsense"}, "value": 1}),
    changes("another value of a class", CLASSES, {"value": 1}, {"value": 2}),
    changes("another policy of a class", CLASSES, {"value": 1}, {"preemptionPolicy": "Never"}),
    makes("a lease", LEASES, ("spec",), spec={"holderIdentity": "a", "leaseDurationSeconds": 15}),
    makes("a lease of no time", LEASES, spec={"holderIdentity": "a", "leaseDurationSeconds": 0}),
    makes("a lease of negative transitions", LEASES, spec={"leaseTransitions": -1}),
    makes("a lease of a time that is none", LEASES, spec={"renewTime": "now"}),
    makes("a lease of a time without its micros", LEASES, ("spec",), spec={"renewTime": "2026-01-01T00:00:00Z"}),
    makes("an event of another namespace", EVENTS, involvedObject={"namespace": "other", "name": "a"}),
    makes("an event of nothing", EVENTS, ("type", "reason", "count"), involvedObject={}),
    makes("an event", EVENTS, ("type", "reason", "message"), involvedObject={"namespace": "{ns}", "name": "a"}, reason="R", message="m", type="Normal"),
    makes("a claim", CLAIMS, ("spec.accessModes", "spec.volumeMode", "status"), spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}),
    makes("a claim without modes", CLAIMS, spec={"resources": {"requests": {"storage": "1Gi"}}}),
    makes("a claim of an unknown mode", CLAIMS, spec={"accessModes": ["Nonsense"], "resources": {"requests": {"storage": "1Gi"}}}),
    makes("a claim of no size", CLAIMS, spec={"accessModes": ["ReadWriteOnce"]}),
    makes("a claim of a bad size", CLAIMS, spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "lots"}}}),
    changes("a smaller claim", CLAIMS, {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}, {"spec": {"accessModes": ["ReadWriteMany"]}}),
    Question("a definition of another name", "POST", CRDS, {"metadata": {"name": "x"}, "spec": {}}),
    Question("a verb that a collection does not have", "PUT", MAPS, {}),
    Question("a verb that an object does not have", "POST", f"{MAPS}/x", {}),
    Question("a verb that nothing has", "OPTIONS", MAPS),
    Question("an object that is not there", "GET", f"{MAPS}/x"),
    Question("a path that is not there", "GET", "/nonsense"),
    Question("a path below an object", "GET", f"{MAPS}/x/y/z"),
    Question("a subresource that is not there", "GET", f"{MAPS}/x/status"),
    Question("the group of admission", "GET", "/apis/admissionregistration.k8s.io/v1/nonsense/x"),
)  # fmt: skip
