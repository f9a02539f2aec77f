"""How Titan's runner comes into a pod: it is in the runner's own image; into others an init container brings it along.

What it brings is pure Python that every version from 3.9 on can run: the runner, the SDK, and what these need.
"""

from titan_api.json_types import Json

CARRIED_PATH = "/titan"
"""Where the job's container finds what was brought along."""
IMAGE_PATH = "/opt/titan"
"""Where the runner image has it."""
VOLUME = "titan"
INIT_CONTAINER = "titan-runner"
RUN = ["python3", "-m", "titan_runner"]
# An image's own PYTHONPATH cannot be extended from outside: env would replace it. So the interpreter extends it, for
# the runner and for the program that it starts. No shell: there are images with Python and without one.
_PROGRAM = f"""\
import os, sys
sys.path.insert(0, "{CARRIED_PATH}")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), "{CARRIED_PATH}")))
from titan_runner.__main__ import main
sys.exit(main())
"""
RUN_CARRIED = ["python3", "-c", _PROGRAM]


def container_security() -> Json:
    """What restricted Pod Security asks of each container, and a root file system that nobody changes."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def carry(container: Json, runner_image: str) -> Json:
    """The fields of a pod whose container is of another image than the runner's: containers, initContainers, volumes."""
    carried = container | {
        "command": RUN_CARRIED,
        "volumeMounts": [*container["volumeMounts"], {"name": VOLUME, "mountPath": CARRIED_PATH, "readOnly": True}],
    }
    return {
        "initContainers": [_init_container(runner_image, container["resources"])],
        "containers": [carried],
        "volumes": [{"name": VOLUME, "emptyDir": {}}],
    }


def _init_container(image: str, resources: Json) -> Json:
    return {
        "name": INIT_CONTAINER,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["cp", "-R", f"{IMAGE_PATH}/.", CARRIED_PATH],
        # A quota may demand them of every container; they run one after the other, so they do not add up.
        "resources": {field: _ordinary(amounts) for field, amounts in resources.items()},
        "securityContext": container_security(),
        "volumeMounts": [{"name": VOLUME, "mountPath": CARRIED_PATH}],
    }


def _ordinary(amounts: dict[str, str]) -> dict[str, str]:
    """Without devices: copying needs no GPU."""
    return {name: amount for name, amount in amounts.items() if "/" not in name}
