"""Deployments as the server takes them: what it refuses, what it fills in, and what may not change."""

from typing import Any

import pytest
from conformance.api import Api

from titan_api.json_types import Json

LABELS = {"app": "web"}


@pytest.fixture
def deployments(namespace: str) -> str:
    return f"/apis/apps/v1/namespaces/{namespace}/deployments"


def a_deployment(selector: Json | None = None, **pod: Any) -> Json:
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "c", "image": "x:1"}], **pod}}
    spec: Json = {"replicas": 0, "selector": selector or {"matchLabels": LABELS}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def without_selector() -> Json:
    body = a_deployment()
    del body["spec"]["selector"]
    return body


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (without_selector(), "spec.selector: Required value"),
        (a_deployment({"matchLabels": {"app": "other"}}), "`selector` does not match template `labels`"),
        (a_deployment(restartPolicy="Never"), 'spec.template.spec.restartPolicy: Unsupported value: "Never"'),
        (a_deployment(containers=[{"name": "c"}]), "spec.template.spec.containers[0].image: Required value"),
        (a_deployment(activeDeadlineSeconds=5), "activeDeadlineSeconds in ReplicaSet is not Supported"),
    ],
)
def test_deployments_that_are_refused(api: Api, deployments: str, body: Json, mistake: str) -> None:
    answer = api.post(deployments, body)
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert mistake in answer.message


def test_a_deployment_gets_its_defaults_and_those_of_a_pod(api: Api, deployments: str) -> None:
    body = a_deployment()
    del body["spec"]["replicas"]
    body["spec"]["paused"] = True
    made = api.post(deployments, body).body
    assert (made["spec"]["replicas"], made["spec"]["strategy"]["type"]) == (1, "RollingUpdate")
    assert made["spec"]["template"]["spec"]["restartPolicy"] == "Always"
    assert made["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 30
    assert made["metadata"]["generation"] == 1


def test_the_selector_stays_and_the_rest_may_change(api: Api, deployments: str) -> None:
    api.post(deployments, a_deployment())
    other = {"app": "other"}
    template = {"template": {"metadata": {"labels": other}}, "selector": {"matchLabels": other}}
    refused = api.patch(f"{deployments}/web", {"spec": template})
    assert (refused.status, "field is immutable" in refused.message) == (422, True)
    changed = api.patch(f"{deployments}/web", {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 5}}}})
    assert (changed.status, changed.body["metadata"]["generation"]) == (200, 2)
