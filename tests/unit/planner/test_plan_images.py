"""What a job's image means for its pod: whose runner it has, and what nobody in it may do."""

from typing import Any

import pytest
from builders.operators.records import a_dag, a_job, seeing
from titan_operator.plan.decisions import CreatePod
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.runners import RUN, RUN_CARRIED

IMAGES: list[dict[str, Any]] = [
    {},
    {"image": "pytorch:2"},
    {"source": {"container": {"image": "busybox:1", "command": ["sh", "-c", "true"]}}},
]
IDS = ["the runner's image", "an image of its own", "a container"]


def spec_of(spec: dict[str, Any]) -> dict[str, Any]:
    (action,) = plan_job(seeing(a_job(spec=spec), dag=a_dag())).actions
    assert isinstance(action, CreatePod)
    found: dict[str, Any] = action.manifest["spec"]
    return found


def mounts(container: dict[str, Any]) -> dict[str, bool]:
    return {mount["mountPath"]: bool(mount.get("readOnly")) for mount in container["volumeMounts"]}


def test_the_runner_image_needs_no_init_container() -> None:
    spec = spec_of({})
    assert "initContainers" not in spec
    assert spec["containers"][0]["command"] == RUN


def test_any_other_image_gets_the_runner_from_an_init_container() -> None:
    spec = spec_of({"image": "pytorch:2"})
    (first,) = spec["initContainers"]
    (job,) = spec["containers"]
    assert (first["image"], job["image"]) == ("titan-runner:test", "pytorch:2")
    assert first["command"] == ["cp", "-R", "/opt/titan/.", "/titan"]
    assert mounts(first) == {"/titan": False}
    assert mounts(job)["/titan"]
    assert job["command"] == RUN_CARRIED
    assert {"name": "titan", "emptyDir": {}} in spec["volumes"]


def test_a_container_is_left_as_its_author_made_it() -> None:
    spec = spec_of(IMAGES[2])
    assert "initContainers" not in spec
    assert (spec["containers"][0]["image"], spec["containers"][0]["command"]) == ("busybox:1", ["sh", "-c", "true"])


def test_bringing_the_runner_asks_for_what_the_job_asks_but_for_no_device() -> None:
    resources = {"requests": {"cpu": "2", "nvidia.com/gpu": "1"}, "limits": {"memory": "1Gi", "nvidia.com/gpu": "1"}}
    (first,) = spec_of({"image": "pytorch:2", "resources": resources})["initContainers"]
    assert first["resources"] == {"requests": {"cpu": "2"}, "limits": {"memory": "1Gi"}}


@pytest.mark.parametrize("spec", IMAGES, ids=IDS)
def test_every_pod_obeys_restricted_pod_security_and_leaves_its_image_alone(spec: dict[str, Any]) -> None:
    pod = spec_of(spec)
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "runAsGroup": 65532,
        "fsGroup": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        }
    writable = {path for path, read_only in mounts(pod["containers"][0]).items() if not read_only}
    assert writable == {"/workspace", "/tmp"}
