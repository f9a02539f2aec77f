"""Pods that are refused, and what is made of those that are not."""

from typing import Any

from conformance.objects import pod
from conformance.questions.asking import Question

from titan_api.json_types import Json

PODS = "/api/v1/namespaces/{ns}/pods"


def container(**fields: Any) -> Json:
    return {"name": "m", "image": "x", **fields}


def asks(title: str, *, shows: tuple[str, ...] = (), query: Json | None = None, **spec: Any) -> Question:
    """A pod with this spec."""
    return Question(title, "POST", PODS, pod("{x}", spec=spec), query=query or {}, shows=shows)


def asks_of_one(title: str, *, shows: tuple[str, ...] = (), **fields: Any) -> Question:
    """A pod whose container has these fields."""
    return asks(title, containers=[container(**fields)], shows=shows)


def resources(title: str, requests: Json | None = None, limits: Json | None = None) -> Question:
    wanted = {key: value for key, value in (("requests", requests), ("limits", limits)) if value is not None}
    return asks_of_one(title, resources=wanted, shows=("spec.containers.resources", "status.qosClass"))


QUESTIONS = (
    Question("no spec at all", "POST", PODS, {"metadata": {"name": "{x}"}}),
    Question("an empty spec", "POST", PODS, {"metadata": {"name": "{x}"}, "spec": {}}),
    asks("no containers", containers=[]),
    asks("containers are null", containers=None),
    asks("containers are a text", containers="none"),
    asks("a container is a text", containers=["text"]),
    asks("a container without a name", containers=[{"image": "x"}]),
    asks("a container without an image", containers=[{"name": "m"}]),
    asks("an image with a space", containers=[{"name": "m", "image": " x"}]),
    asks("a container's name of capitals", containers=[container(name="M")]),
    asks("a container's name that is too long", containers=[container(name="a" * 64)]),
    asks("two containers of one name", containers=[container(), container()]),
    asks("a container and an init container of one name", initContainers=[container()]),
    asks("two mistakes", containers=[{"name": "M"}], restartPolicy="Sometimes"),
    asks("an unknown restart policy", restartPolicy="Sometimes"),
    asks("a number as restart policy", restartPolicy=5),
    asks("an unknown DNS policy", dnsPolicy="Maybe"),
    asks("an unknown pull policy", containers=[container(imagePullPolicy="Sometimes")]),
    asks("a deadline of zero", activeDeadlineSeconds=0),
    asks("a deadline that is too long", activeDeadlineSeconds=2**31),
    asks("a deadline that is a text", activeDeadlineSeconds="soon"),
    asks("a deadline that is a fraction", activeDeadlineSeconds=1.5),
    asks("a negative grace period", terminationGracePeriodSeconds=-1, shows=("spec.terminationGracePeriodSeconds",)),
    asks("a bad service account", serviceAccountName="A_b"),
    asks("a service account that is not there", serviceAccountName="nobody"),
    asks("a bad node name", nodeName="A_b"),
    asks("a bad node selector", nodeSelector={"a b": "c"}),
    asks("a bad value of a node selector", nodeSelector={"a": "b c"}),
    asks("a priority class that is not there", priorityClassName="no-such-class"),
    asks("a priority without a class", priority=5),
    asks("a bad host name", hostname="A_b"),
    asks("a bad runtime class", runtimeClassName="A_b"),
    asks("an unknown field", nonsense=1, shows=("spec.nonsense",)),
    asks("an unknown field, strictly", nonsense=1, query={"fieldValidation": "Strict"}),
    asks("an unknown field, warned of", nonsense=1, query={"fieldValidation": "Warn"}),
    asks("an unknown field, ignored", nonsense=1, query={"fieldValidation": "Ignore"}),
    asks(
        "an unknown field of a container, strictly",
        containers=[container(nonsense=1)],
        query={"fieldValidation": "Strict"},
    ),
    asks("an unknown word for fieldValidation", query={"fieldValidation": "Maybe"}),
    asks_of_one("a variable without a name", env=[{"value": "x"}]),
    asks_of_one("a variable with an equals sign", env=[{"name": "A=B", "value": "x"}]),
    asks_of_one("a variable that begins with a digit", env=[{"name": "1A", "value": "x"}], shows=("spec.containers.env",)),
    asks_of_one("a variable whose value is a number", env=[{"name": "A", "value": 1}]),
    asks_of_one("a variable twice", env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}], shows=("spec.containers.env",)),
    asks_of_one("a variable with a value and a source", env=[{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
    asks_of_one("a variable from nothing", env=[{"name": "A", "valueFrom": {}}]),
    asks_of_one("a variable from a secret without a key", env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}]),
    asks_of_one("a variable from a field that is none", env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.nonsense"}}}]),
    asks_of_one("a variable from a field", env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}], shows=("spec.containers.env",)),
    asks_of_one("variables from a bad secret", envFrom=[{"secretRef": {"name": "A_b"}}]),
    asks_of_one("variables from nothing", envFrom=[{}]),
    asks_of_one("a port of zero", ports=[{"containerPort": 0}]),
    asks_of_one("a port that is too high", ports=[{"containerPort": 70000}]),
    asks_of_one("a port that is a text", ports=[{"containerPort": "http"}]),
    asks_of_one("a port with a bad name", ports=[{"containerPort": 80, "name": "A_"}]),
    asks_of_one("a port with a long name", ports=[{"containerPort": 80, "name": "a" * 16}]),
    asks_of_one("a port with an unknown protocol", ports=[{"containerPort": 80, "protocol": "HTTP"}]),
    asks_of_one("two ports of one name", ports=[{"containerPort": 80, "name": "a"}, {"containerPort": 81, "name": "a"}]),
    asks_of_one("one port twice", ports=[{"containerPort": 80}, {"containerPort": 80}], shows=("spec.containers.ports",)),
    asks_of_one("a mount of a volume that is not there", volumeMounts=[{"name": "no", "mountPath": "/x"}]),
    asks_of_one("a mount without a path", volumeMounts=[{"name": "no"}]),
    asks("two mounts on one path", containers=[container(volumeMounts=[{"name": "v", "mountPath": "/x"}] * 2)], volumes=[{"name": "v", "emptyDir": {}}]),
    asks("a volume without a name", volumes=[{"emptyDir": {}}]),
    asks("a volume with a bad name", volumes=[{"name": "A_", "emptyDir": {}}]),
    asks("a volume twice", volumes=[{"name": "v", "emptyDir": {}}] * 2),
    asks("a volume of nothing", volumes=[{"name": "v"}], shows=("spec.volumes.0",)),
    asks("a volume of two things", volumes=[{"name": "v", "emptyDir": {}, "hostPath": {"path": "/"}}]),
    asks("a volume of an unknown kind", volumes=[{"name": "v", "nonsense": {}}], shows=("spec.volumes.0",)),
    asks("a claim without a name", volumes=[{"name": "v", "persistentVolumeClaim": {}}]),
    asks("a config map without a name", volumes=[{"name": "v", "configMap": {}}], shows=("spec.volumes.0",)),
    asks("a secret without a name", volumes=[{"name": "v", "secret": {}}]),
    asks("an empty directory of a bad size", volumes=[{"name": "v", "emptyDir": {"sizeLimit": "lots"}}]),
    asks("a projected token", volumes=[{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t", "audience": "a"}}]}}], shows=("spec.volumes.0",)),
    asks("a projected token that is too short-lived", volumes=[{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 5}}]}}]),
    resources("nothing wanted"),
    resources("a quantity that is none", {"cpu": "lots"}),
    resources("a quantity with a wrong unit", {"memory": "1GB"}),
    resources("a quantity that is empty", {"cpu": ""}),
    resources("a quantity that is a number", {"cpu": 1}),
    resources("a quantity in other words", {"cpu": "0.5", "memory": "1024Mi"}),
    resources("a quantity with too many zeros", {"cpu": "1000m", "memory": "1000000k"}),
    resources("a quantity that is a fraction of a byte", {"memory": "100m"}),
    resources("a quantity below the smallest", {"cpu": "0.0001"}),
    resources("a negative quantity", {"cpu": "-1"}),
    resources("requests above limits", {"cpu": "2"}, {"cpu": "1"}),
    resources("memory above its limit", {"memory": "2Gi"}, {"memory": "1Gi"}),
    resources("a resource that nobody knows", {"nonsense": "1"}),
    resources("a resource of a bad name", {"a b": "1"}),
    resources("half a GPU", None, {"nvidia.com/gpu": "500m"}),
    resources("a GPU requested without a limit", {"nvidia.com/gpu": "1"}),
    resources("a GPU requested of two", {"nvidia.com/gpu": "1"}, {"nvidia.com/gpu": "2"}),
    resources("a GPU", None, {"nvidia.com/gpu": "1"}),
    resources("requests equal to limits", {"cpu": "1", "memory": "1Gi"}, {"cpu": "1", "memory": "1Gi"}),
    resources("ephemeral storage", {"ephemeral-storage": "1Gi"}, {"ephemeral-storage": "2Gi"}),
    asks_of_one("a probe of nothing", readinessProbe={}),
    asks_of_one("a probe of two things", readinessProbe={"exec": {"command": ["x"]}, "tcpSocket": {"port": 80}}),
    asks_of_one("a probe of a bad port", readinessProbe={"tcpSocket": {"port": 0}}),
    asks_of_one("a probe without patience", readinessProbe={"tcpSocket": {"port": 80}, "periodSeconds": -1}),
    asks_of_one("a probe", readinessProbe={"tcpSocket": {"port": 80}}, shows=("spec.containers.readinessProbe",)),
    asks("a toleration of an unknown operator", tolerations=[{"key": "a", "operator": "Like"}]),
    asks("a toleration of everything with a value", tolerations=[{"operator": "Exists", "value": "x"}]),
    asks("a toleration of a bad effect", tolerations=[{"key": "a", "operator": "Exists", "effect": "Maybe"}]),
    asks("a toleration without a key", tolerations=[{"operator": "Equal", "value": "x"}]),
    asks("a run as root that must not be", securityContext={"runAsNonRoot": True, "runAsUser": 0}, shows=("spec.securityContext",)),
    asks("a negative user", securityContext={"runAsUser": -1}),
    asks("a privileged container that must not gain privileges", containers=[container(securityContext={"privileged": True, "allowPrivilegeEscalation": False})]),
    asks("an affinity of a bad weight", affinity={"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 0, "preference": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}]}}),
    asks("an affinity of a bad operator", affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Like", "values": ["b"]}]}]}}}),
    asks("an affinity In nothing", affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In"}]}]}}}),
    asks("what is filled in", shows=("spec.dnsPolicy", "spec.schedulerName", "spec.securityContext", "spec.terminationGracePeriodSeconds", "spec.enableServiceLinks", "spec.serviceAccountName", "spec.serviceAccount", "spec.preemptionPolicy", "spec.priority", "status.phase", "status.qosClass", "spec.containers.terminationMessagePath", "spec.containers.imagePullPolicy", "metadata.generation")),
    asks_of_one("the pull policy of latest", image="x:latest", shows=("spec.containers.imagePullPolicy",)),
    asks_of_one("the pull policy of a version", image="registry:5000/x:1", shows=("spec.containers.imagePullPolicy",)),
    asks_of_one("the pull policy of a digest", image="x@sha256:" + "0" * 64, shows=("spec.containers.imagePullPolicy",)),
    asks("the tolerations that every pod gets", shows=("spec.tolerations",)),
    asks("no service account's token", automountServiceAccountToken=False, shows=("spec.volumes", "spec.containers.volumeMounts")),
    asks("no service links", enableServiceLinks=False, shows=("spec.enableServiceLinks",)),
)  # fmt: skip
