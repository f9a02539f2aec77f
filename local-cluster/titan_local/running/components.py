"""The processes that make an embedded cluster, and how each is started."""

import json
import os
import sys
from dataclasses import dataclass

from titan_local.files import write_atomically
from titan_local.running.states import Ports, StateDir, store_url

SUPERVISOR = "supervisor"
API_SERVER, STORE, SCHEDULER, KUBELET, OPERATOR = "apiserver", "store", "scheduler", "kubelet", "operator"
CONTROLLERS, BOOTSTRAP = "controllers", "bootstrap"
SERVICE_HOST = "127.0.0.1"
"""Names of Services do not resolve here; every service listens on this machine."""
ANONYMOUS_NAMESPACE = "default"
"""The namespace whose values and files programs without a token may use."""
RUNNER_IMAGE = "titan-local/runner"
"""Only a name: the kubelet runs processes, not images."""


@dataclass(frozen=True)
class Component:
    """One process of the cluster."""

    name: str
    argv: tuple[str, ...]
    kubeconfig: str = ""
    once: bool = False
    """It runs once at every start of the cluster, instead of for ever."""

    def environment(self) -> dict[str, str]:
        """This process's environment, with the component's own credentials."""
        kept = {name: value for name, value in os.environ.items() if name != "KUBECONFIG"}
        return kept | {"KUBECONFIG": self.kubeconfig} if self.kubeconfig else kept


def list_components(state: StateDir, ports: Ports) -> list[Component]:
    """All of them; they start at the same time, and wait for one another by themselves."""
    python = (sys.executable, "-m")
    state_dir = ("--state-dir", str(state.root))

    def credentials(name: str) -> str:
        return str(state.component_kubeconfig(name))

    store_options = ("--data-dir", str(state.store_data), "--host", "127.0.0.1", "--port", str(ports.store))
    anonymous = ("--anonymous-namespace", ANONYMOUS_NAMESPACE)
    after = ("--after", str(state.bootstrapped))
    operator = ("titan_operator", "--config", str(state.root / "operator.json"))
    return [
        Component(API_SERVER, (*python, "titan_local.apiserver", *state_dir, "--port", str(ports.api))),
        Component(BOOTSTRAP, (*python, "titan_local.bootstrap", *state_dir), once=True),
        Component(STORE, (*python, "titan_store", *store_options, *anonymous), credentials(STORE)),
        Component(KUBELET, (*python, "titan_local.kubelet", *state_dir), credentials(KUBELET)),
        Component(SCHEDULER, (*python, "titan_local.scheduler"), credentials(SCHEDULER)),
        Component(OPERATOR, (*python, "titan_local.running.launch", *after, *operator), credentials(OPERATOR)),
        Component(CONTROLLERS, (*python, "titan_local.controllers", *after), credentials(CONTROLLERS)),
    ]


def component_user(name: str) -> str:
    """The user that a component is to the API server."""
    return f"system:titan:{name}"


def write_configuration(state: StateDir, ports: Ports) -> None:
    """The operator's configuration file."""
    content = {
        "storeURL": store_url(ports),
        "storeTokenFile": str(state.root / "operator.token"),
        "runnerImage": RUNNER_IMAGE,
        "serviceHost": SERVICE_HOST,
        "namespaces": [],
        "probeHost": "127.0.0.1",
        "probePort": ports.probes,
    }
    write_atomically(state.root / "operator.json", json.dumps(content, indent=1))
