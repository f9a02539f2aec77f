"""DELETE: options, preconditions, what comes back."""

from typing import Any

from conformance.objects import config_map, gadget, pod
from conformance.questions.asking import Question
from conformance.questions.metadata import GADGETS, MAPS
from conformance.questions.pods import PODS

MAP, ONE, POD = f"{MAPS}/{{x}}", f"{GADGETS}/{{x}}", f"{PODS}/{{x}}"
SHOWS = ("kind", "status", "details.name", "details.kind", "details.group")
MADE_MAP = Question("made", "POST", MAPS, config_map("{x}"))
MADE = Question("made", "POST", GADGETS, gadget("{x}"))
KEPT = Question("made", "POST", GADGETS, gadget("{x}", finalizers=["titan.io/kept"]))
MADE_POD = Question("made", "POST", PODS, pod("{x}"))


def deletes(title: str, path: str, *before: Question, body: Any = None, **query: Any) -> Question:
    return Question(title, "DELETE", path, body, query=query, before=before, shows=SHOWS)


def preconditions(**wanted: str) -> Any:
    return {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": wanted}


QUESTIONS = (
    deletes("a map", MAP, MADE_MAP),
    deletes("a custom resource", ONE, MADE),
    deletes("what is not there", MAP),
    deletes("a custom resource that is not there", ONE),
    deletes("another uid", MAP, MADE_MAP, body=preconditions(uid="1")),
    deletes("another version", MAP, MADE_MAP, body=preconditions(resourceVersion="1")),
    deletes("another uid of a custom resource", ONE, MADE, body=preconditions(uid="1")),
    deletes("another version of a custom resource", ONE, MADE, body=preconditions(resourceVersion="1")),
    deletes("another uid of a pod", POD, MADE_POD, body=preconditions(uid="1")),
    deletes("an unknown propagation", MAP, MADE_MAP, propagationPolicy="Sideways"),
    deletes("an unknown propagation in the body", MAP, MADE_MAP, body={"propagationPolicy": "Sideways"}),
    deletes("a propagation and orphans", MAP, MADE_MAP, body={"propagationPolicy": "Background", "orphanDependents": True}),
    deletes("a grace period that is none", POD, MADE_POD, gracePeriodSeconds="soon"),
    deletes("a negative grace period", POD, MADE_POD, gracePeriodSeconds="-1"),
    deletes("a pod", POD, MADE_POD),
    deletes("options of an unknown kind", MAP, MADE_MAP, body={"kind": "Nonsense", "apiVersion": "v1"}),
    deletes("options that are a list", MAP, MADE_MAP, body=[]),
    deletes("options that are no JSON", MAP, MADE_MAP, body=b"{"),
    deletes("a dry run", MAP, MADE_MAP, dryRun="All"),
    deletes("a dry run of an unknown kind", MAP, MADE_MAP, dryRun="Some"),
    deletes("what a finalizer keeps", ONE, KEPT),
    deletes("what a finalizer keeps, again", ONE, KEPT, deletes("first", ONE)),
    deletes("in the foreground", ONE, MADE, propagationPolicy="Foreground"),
    deletes("with orphans", ONE, MADE, propagationPolicy="Orphan"),
    Question("a finalizer more after the deletion", "PATCH", ONE, {"metadata": {"finalizers": ["titan.io/kept", "titan.io/more"]}}, kind="application/merge-patch+json", before=(KEPT, deletes("first", ONE))),
    Question("a spec after the deletion", "PATCH", ONE, {"spec": {"size": 3}}, kind="application/merge-patch+json", before=(KEPT, deletes("first", ONE)), shows=("spec.size", "metadata.generation")),
    deletes("all of a selector", MAPS, MADE_MAP, labelSelector="no=such"),
    deletes("all of a bad selector", MAPS, labelSelector="a b"),
    deletes("all of a kind that has no such verb", "/apis/authorization.k8s.io/v1/subjectaccessreviews"),
    deletes("a namespace that is not there", "/api/v1/namespaces/no-such-namespace"),
)  # fmt: skip
