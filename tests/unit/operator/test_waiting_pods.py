"""Why a pod does not start, when it is the init container's image that cannot be had."""

from typing import Any

import pytest
from titan_operator.records.pods_and_outcomes import parse_pod


def pod(*states: dict[str, Any]) -> dict[str, Any]:
    waiting = {"waiting": {"reason": "PodInitializing"}}
    status = {
        "initContainerStatuses": [{"name": "titan-runner", "state": state} for state in states],
        "containerStatuses": [{"name": "job", "state": waiting}],
    }
    return {"metadata": {"name": "x", "uid": "u"}, "status": status}


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (
            {"waiting": {"reason": "ImagePullBackOff", "message": "no titan-runner:9"}},
            "ImagePullBackOff: no titan-runner:9",
        ),
        ({"waiting": {"reason": "PodInitializing"}}, None),
        ({"running": {}}, None),
        ({"terminated": {"exitCode": 0}}, None),
    ],
)
def test_an_init_container_that_cannot_start_is_what_the_pod_waits_for(state: dict[str, Any], seen: str | None) -> None:
    assert parse_pod(pod(state)).waiting == seen
