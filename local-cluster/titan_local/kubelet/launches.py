"""What is started for a container, or why it cannot start: decided before anything is started."""

from dataclasses import dataclass
from pathlib import Path

from titan_api.json_types import Json
from titan_local.kubelet.environment import build_command, build_environment, rewrite_path
from titan_local.kubelet.volumes import Volumes


class LaunchError(Exception):
    """The container can never start; ``reason`` is what a kubelet calls that."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Launch:
    """A program, its variables and where it starts."""

    command: list[str]
    environment: dict[str, str]
    working_dir: Path


def plan_launch(container: Json, pod: Json, volumes: Volumes, pod_directory: Path) -> Launch:
    """How a container is started as a process. Raises LaunchError."""
    mounts = volumes.mounts(container)
    try:
        environment = build_environment(container, pod, mounts, volumes.data)
    except KeyError as error:
        text = f"couldn't find {error} for an environment variable"
        raise LaunchError("CreateContainerConfigError", text) from error
    command = build_command(container, environment, mounts)
    if not command:
        text = f'the embedded cluster does not run images; the container "{container["name"]}" needs a command'
        raise LaunchError("ErrImagePull", text)
    environment["KUBECONFIG"] = str(volumes.kubeconfig)
    # An image's own directories do not exist here: what is no mount becomes the pod's directory.
    wanted = container.get("workingDir") or ""
    here = rewrite_path(wanted, mounts)
    return Launch(command, environment, pod_directory if here == wanted else Path(here))
