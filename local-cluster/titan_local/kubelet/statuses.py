"""Pod status, built from what is known of the containers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.kubelet.processes import Exit

TERMINATION_MESSAGE_LIMIT = 4096


@dataclass
class ContainerState:
    """What is known about one container."""

    name: str
    image: str
    restarts: int = 0
    started: datetime | None = None
    exit: Exit | None = None
    message: str = ""
    waiting: tuple[str, str] | None = None
    """Reason and message while it does not start."""
    answers: bool = True
    """Its readiness probe succeeds; always, if it has none."""
    former: Json | None = None
    """How its run before the present one ended."""

    @property
    def is_ready(self) -> bool:
        """Whether it runs and answers."""
        return self.started is not None and self.exit is None and self.answers

    def begin_anew(self) -> None:
        """It is started once more."""
        if self.exit is not None:
            self.former = _terminated(self, self.exit)
        self.restarts, self.exit = self.restarts + 1, None


def pod_status(
    pod: Json, containers: list[ContainerState], started: datetime, *, reason: str = "", message: str = ""
) -> Json:
    """The whole status of a pod; ``reason`` fails it whatever its containers did."""
    phase = "Failed" if reason else _phase(pod, containers)
    ready = phase == "Running" and all(container.is_ready for container in containers)
    now = format_second(datetime.now(UTC))
    why = {"reason": "PodCompleted"} if phase in ("Succeeded", "Failed") else {}
    conditions = [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": format_second(started)},
        {"type": "Initialized", "status": "True", "lastTransitionTime": format_second(started)},
        {"type": "ContainersReady", "status": str(ready), "lastTransitionTime": now} | why,
        {"type": "Ready", "status": str(ready), "lastTransitionTime": now} | why,
    ]
    status: Json = {
        "phase": phase,
        "conditions": conditions,
        "hostIP": "127.0.0.1",
        "podIP": "127.0.0.1",
        "startTime": format_second(started),
        "containerStatuses": [_container_status(pod, container) for container in containers],
    }
    return status | ({"reason": reason} if reason else {}) | ({"message": message} if message else {})


def read_termination_message(path: Path) -> str:
    """What the program left as its last words; empty if it left none."""
    try:
        return path.read_bytes()[:TERMINATION_MESSAGE_LIMIT].decode(errors="replace")
    except FileNotFoundError:
        return ""


def _phase(pod: Json, containers: list[ContainerState]) -> str:
    if any(container.started is None for container in containers):
        return "Pending"
    if any(container.exit is None for container in containers) or pod["spec"]["restartPolicy"] == "Always":
        return "Running"
    return "Succeeded" if all(c.exit is not None and c.exit.code == 0 for c in containers) else "Failed"


def _container_status(pod: Json, container: ContainerState) -> Json:
    uid = pod["metadata"]["uid"]
    status: Json = {
        "name": container.name,
        "image": container.image,
        "imageID": "",
        "ready": container.is_ready,
        "started": container.started is not None and container.exit is None,
        "restartCount": container.restarts,
        "lastState": {"terminated": container.former} if container.former is not None else {},
        "containerID": f"process://{uid}/{container.name}/{container.restarts}",
    }
    if container.exit is not None and container.started is not None:
        status["state"] = {"terminated": _terminated(container, container.exit)}
    elif container.started is not None:
        status["state"] = {"running": {"startedAt": format_second(container.started)}}
    else:
        reason, message = container.waiting or ("ContainerCreating", "")
        status["state"] = {"waiting": {"reason": reason} | ({"message": message} if message else {})}
    return status


def _terminated(container: ContainerState, end: Exit) -> Json:
    if not end.is_known:
        reason = "ContainerStatusUnknown"
    elif end.cannot_run:
        reason = "ContainerCannotRun"
    else:
        reason = "Completed" if end.code == 0 else "Error"
    state: Json = {
        "exitCode": end.code,
        "reason": reason,
        "startedAt": format_second(container.started or end.finished),
        "finishedAt": format_second(end.finished),
    }
    message = container.message or end.cannot_run or ""
    return state | ({"signal": end.signal} if end.signal else {}) | ({"message": message} if message else {})
