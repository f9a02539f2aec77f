"""A real cluster as the end-to-end tests use it: through kubectl, helm, the SDK and the command line, as any user."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from builders.kubernetes.clusters import REPOSITORY, make_env

from titan_api.json_types import Json
from titan_sdk import TitanClient
from titan_sdk.cluster.credentials import find_access
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections

Answer = TypeVar("Answer")

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "titan"
SYSTEM_NAMESPACE = "titan-system"
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"
POLL_SECONDS = 0.2


def find_kubeconfig() -> Path:
    """The cluster to test: TITAN_E2E_KUBECONFIG, else the one that `make cluster-up` or `make kind-up` made."""
    return Path(os.environ.get("TITAN_E2E_KUBECONFIG", CACHE / "cluster" / "admin.kubeconfig"))


def find_tool(name: str) -> str:
    """A program that tools/ built, else the one on the PATH."""
    built = CACHE / "bin" / name
    return str(built) if built.exists() else name


@dataclass(frozen=True)
class RealCluster:
    """The cluster of a kubeconfig whose user is an administrator, who may act as anybody."""

    kubeconfig: Path

    @property
    def env(self) -> dict[str, str]:
        """For programs of users: this cluster, and nothing of the surroundings."""
        return make_env(Path("/nonexistent")) | {"KUBECONFIG": str(self.kubeconfig)}

    def kubectl(
        self,
        *arguments: str,
        user: str | None = None,
        groups: Sequence[str] = (),
        stdin: str = "",
        timeout: float = 100,
    ) -> subprocess.CompletedProcess[str]:
        """Runs kubectl, as another person if asked to."""
        identity = ["--as", user, *(f"--as-group={group}" for group in groups)] if user else []
        command = [find_tool("kubectl"), *identity, *arguments]
        return subprocess.run(
            command, env=self.env, input=stdin, capture_output=True, text=True, timeout=timeout, check=False
        )

    def do(self, *arguments: str, **options: Any) -> str:
        """What kubectl printed; fails the test with its words if it did not succeed."""
        ended = self.kubectl(*arguments, **options)
        assert ended.returncode == 0, f"kubectl {' '.join(arguments)}: {ended.stderr}"
        return ended.stdout

    def get(self, *arguments: str) -> Json:
        """An object, or a list of them."""
        answer: Json = json.loads(self.do("get", *arguments, "-o", "json"))
        return answer

    def apply(self, *objects: Json, namespace: str | None = None) -> str:
        """kubectl apply of the objects."""
        document = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        return self.do("apply", "-f", "-", *(["-n", namespace] if namespace else []), stdin=document)

    def helm(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Runs helm."""
        return subprocess.run(
            [find_tool("helm"), *arguments],
            env=self.env,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @contextmanager
    def namespace(self, prefix: str = "e2e") -> Iterator[str]:
        """A namespace of its own under the restricted Pod Security Standard, gone afterwards."""
        name = f"{prefix}-{uuid.uuid4().hex[:6]}"
        self.make_namespace(name)
        try:
            yield name
        finally:
            self.do("delete", "namespace", name, "--wait=false")

    def make_namespace(self, name: str) -> None:
        """Creates it, and waits until the operator has made its ServiceAccounts."""
        self.do("create", "namespace", name)
        self.do("label", "namespace", name, RESTRICTED)
        wait_until(f"the ServiceAccount titan-client in {name}", lambda: self._has_account(name))

    def _has_account(self, namespace: str) -> bool:
        return self.kubectl("get", "serviceaccount", "titan-client", "-n", namespace).returncode == 0

    def client(self, namespace: str) -> TitanClient:
        """The SDK of a person outside, who has nothing but this kubeconfig."""
        env = self.env
        return TitanClient(
            connections=Connections(
                namespace,
                surroundings=lambda: resolve(env, (None, None), Path("/nonexistent")),
                access=lambda environment, _, context: find_access(environment, env, context=context),
            )
        )

    def run(
        self, program: Sequence[str], namespace: str, directory: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A Python program of a user on this machine, whose kubeconfig leads to the cluster."""
        return subprocess.run(
            [sys.executable, *program],
            env=self.env | {"TITAN_NAMESPACE": namespace} | dict(env or {}),
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def wait_until(what: str, ask: Callable[[], Answer], seconds: float = 90) -> Answer:
    """The first true answer; fails the test saying what did not come. The bound is far beyond what is normal."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(POLL_SECONDS)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")
