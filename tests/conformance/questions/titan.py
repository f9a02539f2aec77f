"""Titan's own kinds, as crds/ defines them."""

from typing import Any

from conformance.api import MERGE
from conformance.questions.asking import Question
from conformance.test_titan_kinds import approval, dag, decision, job

from titan_api.json_types import Json

HEAD = "/apis/titan.io/v1alpha1/namespaces/{ns}"
INLINE = {"inline": {"fileName": "a.py", "content": "print(1)"}}


def path_of(body: Json) -> str:
    return f"{HEAD}/{body['kind'].lower()}s"


def makes(title: str, body: Json, **query: Any) -> Question:
    named = body | {"metadata": {"name": "{x}"}}
    return Question(title, "POST", path_of(body), named, query=query, shows=("spec",))


def changes(title: str, body: Json, change: Any, door: str = "") -> Question:
    made = makes("made", body)
    return Question(
        title, "PATCH", f"{path_of(body)}/{{x}}{door}", change, kind=MERGE, before=(made,), shows=("spec", "status")
    )


QUESTIONS = (
    makes("the least of a job", job()),
    makes("the least of a dag", dag()),
    makes("the least of an approval", approval()),
    makes("a job without a spec", {key: value for key, value in job().items() if key != "spec"}),
    makes("a dag without a spec", {key: value for key, value in dag().items() if key != "spec"}),
    makes("a job without an id", job(jobID=None)),
    makes("a job of an empty id", job(jobID="")),
    makes("a job of no source", job(source={})),
    makes("a job of null as source", job(source=None)),
    makes("a job of two sources", job(source=INLINE | {"container": {"image": "x"}})),
    makes("a service without a port", job(type="Service")),
    makes("a service with an approval", job(type="Service", port=80, approval={})),
    makes("a job of another type", job(type="Other")),
    makes("a port that is too high", job(type="Service", port=70000)),
    makes("a negative retry", job(retry={"limit": -1})),
    makes("a priority that is a text", job(priority="high")),
    makes("a priority that is too high", job(priority=11)),
    makes("a quantity that is none", job(resources={"requests": {"cpu": "lots"}})),
    makes("a digest that is none", job(source={"script": {"fileName": "a.py", "digest": "md5:1"}})),
    makes("a variable twice", job(env=[{"name": "A"}, {"name": "A"}])),
    makes("a parent without an id", job(parents=[{"name": "x"}])),
    makes("a volume of nothing", job(podOverrides={"volumes": [{"name": "v", "mountPath": "/v"}]})),
    makes("a source that is too long", job(source={"inline": {"fileName": "a.py", "content": "x" * 4097}})),
    makes("an unknown field of a job, strictly", job(nonsense=1), fieldValidation="Strict"),
    makes("no jobs in a dag", dag(jobCount=0)),
    makes("a claim without a name", dag(workspace={"mode": "Claim"})),
    makes("a name of a claim that is not used", dag(workspace={"mode": "Sync", "claimName": "c"})),
    makes("a dag without a name", dag(name="")),
    makes("no approvals required", approval(requiredApprovals=0)),
    makes("a verdict that is none", approval(decisions=[decision("ann", "Maybe")])),
    makes("two decisions of one person", approval(decisions=[decision("ann"), decision("ann", "Reject")])),
    makes("several mistakes", job(type="Other", priority="high", jobID="")),
    changes("other arguments", job(), {"spec": {"args": ["other"]}}),
    changes("another parent", job(), {"spec": {"parents": [{"jobID": "y"}]}}),
    changes("a job is cancelled", job(), {"spec": {"cancel": True}}),
    changes("an older run", dag(run=2), {"spec": {"run": 1}}),
    changes("fewer jobs", dag(jobCount=5), {"spec": {"jobCount": 4}}),
    changes("another name", dag(), {"spec": {"name": "other"}}),
    changes("a decision", approval(), {"spec": {"decisions": [decision("ann")]}}),
    changes("a decision is taken back", approval(decisions=[decision("ann")]), {"spec": {"decisions": []}}),
    changes("a decision is changed", approval(decisions=[decision("ann")]), {"spec": {"decisions": [decision("ann", "Reject")]}}),
    changes("another message", approval(), {"spec": {"message": "other"}}),
    changes("a phase that is none", job(), {"status": {"phase": "Dreaming"}}, "/status"),
    changes("a time that is none", job(), {"status": {"conditions": [{"type": "A", "status": "True", "reason": "B", "lastTransitionTime": "yesterday"}]}}, "/status"),
    changes("a condition without a reason", job(), {"status": {"conditions": [{"type": "A", "status": "True"}]}}, "/status"),
    changes("a generation that is a text", dag(), {"status": {"observedGeneration": "1"}}, "/status"),
)  # fmt: skip
