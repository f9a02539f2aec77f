"""Titan's own kinds, as crds/ defines them: what people get to read when they ask for something impossible."""

from typing import Any

import pytest
from conformance.api import Api

from titan_api.json_types import Json

API_VERSION = "titan.io/v1alpha1"
INLINE = {"inline": {"fileName": "a.py", "content": "print(1)"}}


def path_of(namespace: str, kind: str) -> str:
    return f"/apis/{API_VERSION}/namespaces/{namespace}/{kind.lower()}s"


def job(**spec: Any) -> Json:
    head = {"apiVersion": API_VERSION, "kind": "TitanJob", "metadata": {"name": "x"}}
    return head | {"spec": {"jobID": "x", "source": INLINE} | spec}


def dag(**spec: Any) -> Json:
    return {"apiVersion": API_VERSION, "kind": "TitanDAG", "metadata": {"name": "x"}, "spec": {"name": "x"} | spec}


def approval(**spec: Any) -> Json:
    subject = {"job": "x", "jobID": "x", "uid": "1"}
    head = {"apiVersion": API_VERSION, "kind": "TitanApproval", "metadata": {"name": "x"}}
    return head | {"spec": {"subject": subject} | spec}


def decision(user: str, verdict: str = "Approve", **more: str) -> Json:
    return {"user": user, "verdict": verdict, **more}


def test_the_least_that_one_can_say_is_filled_in(api: Api, namespace: str) -> None:
    made = api.post(path_of(namespace, "TitanJob"), job()).body["spec"]
    assert (made["type"], made["requirement"], made["priority"], made["retry"]["limit"]) == ("Run", "GENERAL", 1, 3)
    assert (made["parents"], made["args"], made["suspend"], made["cancel"]) == ([], [], False, False)
    made = api.post(path_of(namespace, "TitanDAG"), dag()).body["spec"]
    assert (made["run"], made["workspace"], made["ttlSecondsAfterFinished"]) == (1, {"mode": "Sync"}, 604800)
    made = api.post(path_of(namespace, "TitanApproval"), approval()).body["spec"]
    assert (made["decisions"], made["requiredApprovals"], made["allowSelfApproval"]) == ([], 1, False)


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (job(source={}), 'spec.source: Invalid value: "object": source needs exactly one of inline, script, archive, container'),
        (
            job(source=INLINE | {"container": {"image": "x"}}),
            'spec.source: Invalid value: "object": source needs exactly one of inline, script, archive, container',
        ),
        (job(type="Service"), 'spec: Invalid value: "object": a job of type Service needs spec.port'),
        (job(type="Service", port=80, approval={}), "a job of type Service cannot have an approval"),
        (job(type="Other"), 'spec.type: Unsupported value: "Other": supported values: "Run", "Service"'),
        (job(port=70000), "spec.port: Invalid value: 70000: spec.port in body should be less than or equal to 65535"),
        (job(retry={"limit": -1}), "spec.retry.limit in body should be greater than or equal to 0"),
        (job(priority="high"), 'spec.priority in body must be of type integer: "string"'),
        (job(resources={"requests": {"cpu": "lots"}}), 'spec.resources.requests.cpu: Invalid value: "lots": spec.resources.requests.cpu in body should match'),
        (job(resources={"requests": {"cpu": "-1"}}), "spec.resources.requests.cpu in body should match"),
        (job(source={"script": {"fileName": "a.py", "digest": "md5:1"}}), "spec.source.script.digest in body should match '^sha256:[0-9a-f]{64}$'"),
        (job(env=[{"name": "A"}, {"name": "A"}]), 'spec.env[1]: Duplicate value: {"name":"A"}'),
        (job(parents=[{"name": "x"}]), "spec.parents[0].jobID: Required value"),
        (job(podOverrides={"volumes": [{"name": "v", "mountPath": "/v"}]}), "a volume needs exactly one of persistentVolumeClaim, configMap, emptyDirSizeLimit"),
        (job(source={"inline": {"fileName": "a.py", "content": "x" * 4097}}), "spec.source.inline.content: Too long: may not be more than 4096 bytes"),
        (dag(jobCount=0), "spec.jobCount in body should be greater than or equal to 1"),
        (dag(workspace={"mode": "Claim"}), 'spec.workspace: Invalid value: "object": workspace.claimName goes with workspace.mode Claim'),
        (dag(workspace={"mode": "Sync", "claimName": "c"}), "workspace.claimName goes with workspace.mode Claim"),
        (dag(name=""), "spec.name in body should be at least 1 chars long"),
        (approval(requiredApprovals=0), "spec.requiredApprovals in body should be greater than or equal to 1"),
        (approval(decisions=[decision("ann", "Maybe")]), 'spec.decisions[0].verdict: Unsupported value: "Maybe": supported values: "Approve", "Reject"'),
        (approval(decisions=[decision("ann"), decision("ann", "Reject")]), 'spec.decisions[1]: Duplicate value: {"user":"ann"}'),
        ({"apiVersion": API_VERSION, "kind": "TitanDAG", "metadata": {"name": "x"}}, "spec: Required value"),
    ],
)  # fmt: skip
def test_what_cannot_be_created(api: Api, namespace: str, body: Json, mistake: str) -> None:
    answer = api.post(path_of(namespace, body["kind"]), body)
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert mistake in answer.message
    assert answer.message.startswith(f'{body["kind"]}.titan.io "x" is invalid: ')


@pytest.mark.parametrize(
    ("body", "change", "mistake"),
    [
        (job(), {"args": ["other"]}, "only spec.cancel, spec.suspend may change"),
        (job(), {"source": {"inline": {"content": "print(2)"}}}, "only spec.cancel, spec.suspend may change"),
        (job(), {"dag": "late"}, "only spec.cancel, spec.suspend may change"),
        (job(dag="d"), {"dag": None}, "only spec.cancel, spec.suspend may change"),
        (dag(run=2), {"run": 1}, "spec.run may only grow"),
        (dag(jobCount=5), {"jobCount": 4}, "spec.jobCount may only grow"),
        (dag(jobCount=5), {"jobCount": None}, "spec.jobCount may only grow"),
        (dag(), {"name": "other"}, "only spec.cancel, spec.jobCount, spec.run, spec.suspend, spec.ttlSecondsAfterFinished may change"),
        (approval(decisions=[decision("ann")]), {"decisions": []}, "spec.decisions is append-only"),
        (approval(decisions=[decision("ann")]), {"decisions": [decision("ann", "Reject")]}, "spec.decisions is append-only"),
        (approval(), {"message": "other"}, "only spec.decisions may change"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed(api: Api, namespace: str, body: Json, change: Json, mistake: str) -> None:
    path = path_of(namespace, body["kind"])
    assert api.post(path, body).status == 201
    answer = api.patch(f"{path}/x", {"spec": change})
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert f'spec: Invalid value: "object": {mistake}' in answer.message


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (job(), {"cancel": True}),
        (job(), {"suspend": True}),
        (dag(), {"jobCount": 3}),
        (dag(jobCount=3), {"jobCount": 4}),
        (dag(), {"run": 2, "cancel": True, "suspend": True, "ttlSecondsAfterFinished": 0}),
        (approval(), {"decisions": [decision("ann")]}),
        (approval(decisions=[decision("ann")]), {"decisions": [decision("ann"), decision("bob", "Reject", comment="no")]}),
    ],
)  # fmt: skip
def test_what_may_change(api: Api, namespace: str, body: Json, change: Json) -> None:
    path = path_of(namespace, body["kind"])
    assert api.post(path, body).status == 201
    answer = api.patch(f"{path}/x", {"spec": change})
    assert (answer.status, answer.body["metadata"]["generation"]) == (200, 2)
    api.patch(f"{path}/x/status", {"status": {"observedGeneration": 2}})
    assert api.get(f"{path}/x").body["status"] == {"observedGeneration": 2}


def test_a_status_must_be_of_the_kind_too(api: Api, namespace: str) -> None:
    path = path_of(namespace, "TitanJob")
    api.post(path, job())
    answer = api.patch(f"{path}/x/status", {"status": {"phase": "Dreaming"}})
    assert (answer.status, 'status.phase: Unsupported value: "Dreaming"' in answer.message) == (422, True)
    time = {"type": "A", "status": "True", "reason": "B", "lastTransitionTime": "yesterday"}
    answer = api.patch(f"{path}/x/status", {"status": {"conditions": [time]}})
    assert (answer.status, "must be of type date-time" in answer.message) == (422, True)


def test_jobs_of_a_dag_are_selected_by_field(api: Api, namespace: str) -> None:
    path = path_of(namespace, "TitanJob")
    for name, group in (("a", "one"), ("b", "two")):
        api.post(path, job(dag=group) | {"metadata": {"name": name}})
    found = api.get(path, fieldSelector="spec.dag=one").body["items"]
    assert [item["metadata"]["name"] for item in found] == ["a"]
