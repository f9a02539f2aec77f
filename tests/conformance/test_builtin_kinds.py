"""Validation of the built-in kinds that Titan uses, in the server's own words."""

from typing import Any

import pytest
from conformance.api import Api
from conformance.objects import config_map, pod

from titan_api.json_types import Json


def container(**fields: Any) -> Json:
    return {"name": "m", "image": "x", **fields}


def wants(**resources: Json) -> Json:
    return container(resources=resources)


@pytest.mark.parametrize(
    ("spec", "mistake"),
    [
        ({"containers": []}, 'Pod "p" is invalid: spec.containers: Required value'),
        ({"containers": [container(), container()]}, 'spec.containers[1].name: Duplicate value: "m"'),
        ({"containers": [container(name="M_")]}, 'spec.containers[0].name: Invalid value: "M_": a lowercase RFC 1123 label'),
        ({"containers": [{"name": "m"}]}, "spec.containers[0].image: Required value"),
        ({"restartPolicy": "Sometimes"}, 'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'),
        ({"activeDeadlineSeconds": 0}, "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"),
        ({"containers": [container(env=[{"name": "A=B"}])]}, "spec.containers[0].env[0].name: Invalid value"),
        ({"containers": [container(volumeMounts=[{"name": "no", "mountPath": "/x"}])]}, 'spec.containers[0].volumeMounts[0].name: Not found: "no"'),
        ({"volumes": [{"name": "v", "emptyDir": {}}, {"name": "v", "emptyDir": {}}]}, 'spec.volumes[1].name: Duplicate value: "v"'),
        ({"containers": [wants(requests={"cpu": "2"}, limits={"cpu": "1"})]}, 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'),
        ({"containers": [wants(limits={"nvidia.com/gpu": "500m"})]}, "must be an integer"),
        ({"containers": [wants(requests={"nvidia.com/gpu": "1"})]}, "Limit must be set for non overcommitable resources"),
        ({"containers": [wants(requests={"nvidia.com/gpu": "1"}, limits={"nvidia.com/gpu": "2"})]}, "must be equal to nvidia.com/gpu limit of 2"),
    ],
)  # fmt: skip
def test_pods_that_are_refused(api: Api, pods: str, spec: Json, mistake: str) -> None:
    answer = api.post(pods, pod("p", spec=spec))
    assert (answer.status, answer.reason) == (422, "Invalid")
    assert mistake in answer.message


@pytest.mark.parametrize(
    "spec",
    [
        {"containers": [wants(requests={"cpu": "lots"})]},
        {"containers": "none"},
        {"containers": ["text"]},
        {"restartPolicy": 5},
    ],
)
def test_pods_that_cannot_even_be_read(api: Api, pods: str, spec: Json) -> None:
    answer = api.post(pods, pod("p", spec=spec))
    assert (answer.status, answer.reason) == (400, "BadRequest")
    assert 'Pod in version "v1" cannot be handled as a Pod' in answer.message


def test_a_pod_stays_as_it_was_made_but_for_its_image(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    answer = api.patch(f"{pods}/p", {"spec": {"containers": [{"name": "main", "image": "x", "command": ["y"]}]}})
    assert (answer.status, "pod updates may not change fields other than" in answer.message) == (422, True)
    image = {"spec": {"containers": [{"name": "main", "image": "other"}]}}
    assert api.patch(f"{pods}/p", image, "application/strategic-merge-patch+json").status == 200
    assert api.patch(f"{pods}/p", {"spec": {"nodeName": "n"}}).status == 422


@pytest.mark.parametrize(
    ("requests", "limits", "quality"),
    [({}, {}, "BestEffort"), ({"cpu": "1"}, {}, "Burstable"), ({}, {"cpu": "1", "memory": "1Gi"}, "Guaranteed")],
)
def test_the_quality_of_service_follows_from_the_resources(
    api: Api, pods: str, requests: Json, limits: Json, quality: str
) -> None:
    made = api.post(pods, pod("p", wants(requests=requests, limits=limits))).body
    assert made["status"]["qosClass"] == quality


def test_limits_alone_are_requests_too(api: Api, pods: str) -> None:
    made = api.post(pods, pod("p", wants(limits={"nvidia.com/gpu": "1"}))).body
    assert made["spec"]["containers"][0]["resources"]["requests"] == {"nvidia.com/gpu": "1"}


def test_keys_of_config_maps_are_file_names(api: Api, config_maps: str) -> None:
    answer = api.post(config_maps, config_map("m", {"a b": "c"}))
    assert (answer.status, 'data[a b]: Invalid value: "a b": a valid config key must consist of' in answer.message) == (
        422,
        True,
    )


def test_a_priority_class_keeps_its_value(api: Api, namespace: str) -> None:
    path = "/apis/scheduling.k8s.io/v1/priorityclasses"
    assert (
        api.post(path, {"metadata": {"name": namespace}, "value": 5}).body["preemptionPolicy"] == "PreemptLowerPriority"
    )
    answer = api.patch(f"{path}/{namespace}", {"value": 6})
    assert (answer.status, "may not be changed in an update" in answer.message) == (422, True)
    api.delete(f"{path}/{namespace}")


def test_a_service_needs_a_port(api: Api, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/services"
    answer = api.post(path, {"metadata": {"name": "s"}, "spec": {}})
    assert (answer.status, "spec.ports: Required value" in answer.message) == (422, True)
    made = api.post(path, {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}}).body["spec"]
    assert (made["type"], made["ports"][0]["protocol"], made["ports"][0]["targetPort"]) == ("ClusterIP", "TCP", 80)
