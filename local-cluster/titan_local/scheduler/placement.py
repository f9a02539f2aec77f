"""Which node a pod fits on: a pure function of the pod, the nodes and what is bound to them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from titan_api.json_types import Raw
from titan_api.quantities import parse_quantity

HOSTNAME = "kubernetes.io/hostname"


@dataclass(frozen=True)
class NodeView:
    """A node and what its pods have taken of it."""

    node: Raw
    used: Mapping[str, Decimal] = field(default_factory=dict)
    pods: tuple[Raw, ...] = ()

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.node["metadata"]["name"])


@dataclass(frozen=True)
class Placement:
    """The node that takes the pod."""

    node: str


@dataclass(frozen=True)
class Unschedulable:
    """No node takes it; the message counts the reasons as the real scheduler does."""

    message: str


def choose_node(pod: Raw, nodes: Iterable[NodeView]) -> Placement | Unschedulable:
    """The best node that passes every filter: preferences first, then the least used, then the name."""
    views = list(nodes)
    reasons: Counter[str] = Counter()
    fitting = []
    for view in views:
        objections = _objections(pod, view)
        if objections:
            reasons.update(objections)
        else:
            fitting.append(view)
    if fitting:
        best = max(fitting, key=lambda view: (_preference(pod, view), -_load(view), _reversed_name(view.name)))
        return Placement(best.name)
    if not views:
        return Unschedulable("no nodes available to schedule pods")
    listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    none = f"0/{len(views)} nodes are available: {listed}."
    return Unschedulable(
        f"{none} preemption: 0/{len(views)} nodes are available: {len(views)} Preemption is not helpful for scheduling."
    )


def pod_requests(pod: Raw) -> dict[str, Decimal]:
    """What a pod asks of a node, by resource; one of ``pods``."""
    total: dict[str, Decimal] = {"pods": Decimal(1)}
    for container in pod["spec"]["containers"]:
        resources = container.get("resources") or {}
        for name, amount in {**(resources.get("limits") or {}), **(resources.get("requests") or {})}.items():
            total[name] = total.get(name, Decimal(0)) + parse_quantity(amount)
    return total


def _objections(pod: Raw, view: NodeView) -> list[str]:
    node, spec = view.node, pod["spec"]
    if not _is_ready(node):
        return ["node(s) were not ready"]
    if node.get("spec", {}).get("unschedulable"):
        return ["node(s) were unschedulable"]
    taint = _untolerated_taint(node, spec.get("tolerations") or [])
    if taint is not None:
        return [f"node(s) had untolerated taint {{{taint.get('key')}: {taint.get('value', '')}}}"]
    if not _matches_node(spec, node):
        return ["node(s) didn't match Pod's node affinity/selector"]
    required = ((spec.get("affinity") or {}).get("podAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    )
    if required and not all(_near(term, view, pod) for term in required):
        return ["node(s) didn't match pod affinity rules"]
    return [f"Insufficient {name}" for name in _lacking(pod, view)] or []


def _lacking(pod: Raw, view: NodeView) -> list[str]:
    allocatable = view.node["status"].get("allocatable") or {}
    lacking = []
    for name, wanted in pod_requests(pod).items():
        free = parse_quantity(allocatable.get(name, 0)) - view.used.get(name, Decimal(0))
        if wanted > free:
            lacking.append(name)
    return lacking


def _is_ready(node: Raw) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"].get("conditions") or [])


def _untolerated_taint(node: Raw, tolerations: list[Raw]) -> Raw | None:
    for taint in node.get("spec", {}).get("taints") or []:
        if taint.get("effect") != "PreferNoSchedule" and not any(_tolerates(t, taint) for t in tolerations):
            return dict(taint)
    return None


def _tolerates(toleration: Raw, taint: Raw) -> bool:
    if toleration.get("effect") not in (None, "", taint.get("effect")):
        return False
    if not toleration.get("key"):
        return toleration.get("operator") == "Exists"
    if toleration["key"] != taint.get("key"):
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", "")


def _matches_node(spec: Raw, node: Raw) -> bool:
    labels = node["metadata"].get("labels") or {}
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return required is None or any(_matches_term(term, node) for term in required["nodeSelectorTerms"])


def _matches_term(term: Raw, node: Raw) -> bool:
    labels = node["metadata"].get("labels") or {}
    fields = {"metadata.name": node["metadata"]["name"]}
    expressions = [(labels, e) for e in term.get("matchExpressions") or []]
    expressions += [(fields, e) for e in term.get("matchFields") or []]
    return bool(expressions) and all(_holds(values, expression) for values, expression in expressions)


def _holds(labels: Mapping[str, str], expression: Raw) -> bool:
    value, listed = labels.get(expression["key"]), expression.get("values") or []
    match expression["operator"]:
        case "In":
            return value in listed
        case "NotIn":
            return value not in listed
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt":
            return value is not None and value.isdigit() and int(value) > int(listed[0])
        case "Lt":
            return value is not None and value.isdigit() and int(value) < int(listed[0])
    return False


def _preference(pod: Raw, view: NodeView) -> int:
    affinity = pod["spec"].get("affinity") or {}
    wishes = "preferredDuringSchedulingIgnoredDuringExecution"
    to_nodes = (affinity.get("nodeAffinity") or {}).get(wishes) or []
    to_pods = (affinity.get("podAffinity") or {}).get(wishes) or []
    score = sum(int(wish["weight"]) for wish in to_nodes if _matches_term(wish["preference"], view.node))
    return score + sum(int(wish["weight"]) for wish in to_pods if _near(wish["podAffinityTerm"], view, pod))


def _near(term: Raw, view: NodeView, pod: Raw) -> bool:
    """Whether a matching pod runs on the node (the topology is the host). Finished pods do not count."""
    selector = term.get("labelSelector") or {}
    wanted = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    for other in view.pods:
        labels = other["metadata"].get("labels") or {}
        same_namespace = other["metadata"]["namespace"] == pod["metadata"]["namespace"]
        is_match = all(labels.get(k) == v for k, v in wanted.items()) and all(_holds(labels, e) for e in expressions)
        if same_namespace and is_match:
            return True
    return False


def _load(view: NodeView) -> Decimal:
    """How full the node is, by its fullest resource."""
    allocatable = view.node["status"].get("allocatable") or {}
    shares = [
        view.used.get(name, Decimal(0)) / parse_quantity(amount)
        for name, amount in allocatable.items()
        if parse_quantity(amount)
    ]
    return max(shares, default=Decimal(0))


def _reversed_name(name: str) -> tuple[int, ...]:
    """So that ``max`` prefers the first name in the alphabet."""
    return tuple(-ord(character) for character in name)
