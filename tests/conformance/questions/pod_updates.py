"""What of a pod may change."""

from typing import Any

from conformance.api import JSON_PATCH, MERGE, STRATEGIC
from conformance.objects import pod
from conformance.questions.asking import Question
from conformance.questions.pods import PODS

ONE = f"{PODS}/{{x}}"
MADE = Question("a pod", "POST", PODS, pod("{x}", labels={"was": "b"}))


def changes(title: str, body: Any, kind: str = STRATEGIC, shows: tuple[str, ...] = (), path: str = ONE) -> Question:
    return Question(title, "PATCH", path, body, kind=kind, before=(MADE,), shows=shows)


def of_container(title: str, **fields: Any) -> Question:
    return changes(title, {"spec": {"containers": [{"name": "main", **fields}]}}, shows=("spec.containers.image",))


QUESTIONS = (
    of_container("another image", image="other"),
    of_container("an empty image", image=""),
    of_container("another command", command=["y"]),
    of_container("a variable", env=[{"name": "A", "value": "1"}]),
    changes("another container", {"spec": {"containers": [{"name": "two", "image": "x"}]}}),
    changes("no container", {"spec": {"containers": []}}, MERGE),
    changes("another node", {"spec": {"nodeName": "n"}}),
    changes("another restart policy", {"spec": {"restartPolicy": "Always"}}),
    changes("a deadline", {"spec": {"activeDeadlineSeconds": 5}}, shows=("spec.activeDeadlineSeconds",)),
    changes("a toleration more", {"spec": {"tolerations": [{"key": "k", "operator": "Exists"}]}}, MERGE),
    changes("a shorter grace period", {"spec": {"terminationGracePeriodSeconds": 5}}),
    changes("another priority", {"spec": {"priority": 7}}),
    changes("another service account", {"spec": {"serviceAccountName": "other"}}),
    changes("labels", {"metadata": {"labels": {"was": None, "c": "d"}}}, shows=("metadata.labels",)),
    changes("a bad label", {"metadata": {"labels": {"c": "d e"}}}),
    changes("another name", {"metadata": {"name": "other"}}),
    changes("another namespace", {"metadata": {"namespace": "other"}}),
    changes("another uid", {"metadata": {"uid": "1"}}),
    changes("an old resourceVersion", {"metadata": {"resourceVersion": "1"}}),
    changes("a status through the front door", {"status": {"phase": "Running"}}, shows=("status.phase",)),
    changes("a status", {"status": {"phase": "Running"}}, shows=("status.phase",), path=f"{ONE}/status"),
    changes("a phase that is none", {"status": {"phase": "Dreaming"}}, shows=("status.phase",), path=f"{ONE}/status"),
    changes("a spec through the status' door", {"spec": {"nodeName": "n"}}, shows=("spec.nodeName",), path=f"{ONE}/status"),
    changes("conditions are merged by type", {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}, path=f"{ONE}/status", shows=("status.conditions.type", "status.conditions.status")),
    changes("a JSON patch whose test fails", [{"op": "test", "path": "/metadata/name", "value": "y"}], JSON_PATCH),
    changes("a JSON patch of a path that is not there", [{"op": "replace", "path": "/metadata/annotations/a", "value": "y"}], JSON_PATCH),
    changes("a JSON patch that removes what is not there", [{"op": "remove", "path": "/metadata/annotations/a"}], JSON_PATCH),
    changes("a JSON patch of an unknown operation", [{"op": "increase", "path": "/metadata/name", "value": "y"}], JSON_PATCH),
    changes("a JSON patch that is an object", {"op": "test"}, JSON_PATCH),
    changes("a merge patch that is a list", [1], MERGE),
    changes("a strategic patch that is a list", [1]),
    changes("a patch that is no JSON", b"{", MERGE),
    changes("a JSON patch that is no JSON", b"{", JSON_PATCH),
    changes("a strategic patch that is no JSON", b"{"),
    changes("a patch of another kind", {"spec": {}}, "application/json"),
    changes("a patch of no kind at all", {"spec": {}}, "text/plain"),
    changes("a strategic patch of an item without its key", {"spec": {"containers": [{"image": "x"}]}}),
    changes("a strategic patch deletes an item", {"spec": {"containers": [{"$patch": "delete", "name": "main"}]}}),
    Question("a patch of a pod that is not there", "PATCH", ONE, {"metadata": {}}, kind=MERGE),
    Question("a replacement of a pod that is not there", "PUT", ONE, pod("{x}")),
    Question("a replacement of another version", "PUT", ONE, pod("{x}", resourceVersion="1"), before=(MADE,)),
    Question("a replacement of another uid", "PUT", ONE, pod("{x}", uid="1"), before=(MADE,)),
    Question("a replacement of another name", "PUT", ONE, pod("other"), before=(MADE,)),
    Question("a pod is bound", "POST", f"{ONE}/binding", {"target": {"kind": "Node", "name": "n"}, "metadata": {"name": "{x}"}}, before=(MADE,)),
    Question("a pod is bound to nothing", "POST", f"{ONE}/binding", {"target": {}, "metadata": {"name": "{x}"}}, before=(MADE,)),
    Question("a pod is bound twice", "POST", f"{ONE}/binding", {"target": {"kind": "Node", "name": "m"}, "metadata": {"name": "{x}"}}, before=(MADE, Question("bound", "POST", f"{ONE}/binding", {"target": {"kind": "Node", "name": "n"}, "metadata": {"name": "{x}"}}))),
    Question("logs of a pod that has no node", "GET", f"{ONE}/log", before=(MADE,)),
    Question("logs of a container that is not there", "GET", f"{ONE}/log", query={"container": "other"}, before=(MADE,)),
    Question("logs of a pod that is not there", "GET", f"{ONE}/log"),
    Question("logs with a bad number of lines", "GET", f"{ONE}/log", query={"tailLines": "-1"}, before=(MADE,)),
    Question("logs with a number that is none", "GET", f"{ONE}/log", query={"tailLines": "many"}, before=(MADE,)),
    Question("logs of two containers without saying of which", "GET", f"{ONE}/log", before=(Question("two", "POST", PODS, pod("{x}", {"name": "a", "image": "x"}, {"name": "b", "image": "x"})),)),
)  # fmt: skip
