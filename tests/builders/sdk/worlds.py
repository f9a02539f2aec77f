"""A cluster as the cases of ``same_answers`` see it, and the deeds that jobs do there."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from titan_sdk import TitanClient, TitanJob
from titan_sdk.testing import fail, hang, succeed

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Deed:
    """What a job does: as a script, and as a behaviour of the fake."""

    script: str
    behaviours: tuple[Any, ...]


class World(Protocol):
    """A cluster, and how jobs are described for it. Ids carry a prefix, because the embedded cluster is shared."""

    client: TitanClient
    folder: Path

    def id(self, name: str) -> str:
        """A job's id of this case alone."""

    def job(self, name: str, deed: Deed, *parents: str, **more: Any) -> TitanJob:
        """A job of that id which does the deed; parents are names too."""


OK = Deed("print('fine')", (succeed("fine"),))
BROKEN = Deed("import sys; print('bad'); sys.exit(3)", (fail(3, "bad"),))
ENDLESS = Deed("import time; print('on', flush=True); time.sleep(600)", (hang("on"),))
THIRD_TIME = Deed(
    "import os, sys; print('try', os.environ['TITAN_ATTEMPT']); sys.exit(int(os.environ['TITAN_ATTEMPT']) < 3)",
    (fail(1, "try 1"), fail(1, "try 2"), succeed("try 3")),
)


def deed_by_key(key: str) -> Deed:
    """Succeeds only once the key holds something."""
    script = f"import sys; from titan_sdk import TitanClient; sys.exit(TitanClient().store_get({key!r}) == 'NULL')"
    return Deed(script, (lambda job: exit(job.client.store_get(key) == "NULL"),))


def exit(failed: bool) -> None:
    raise SystemExit(int(failed))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def eventually(look: Callable[[], object], wanted: object) -> None:
    """Ask again until the answer is the wanted one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (seen := look()) != wanted:
        assert time.monotonic() < deadline, f"{seen!r} instead of {wanted!r}"
        time.sleep(0.005)


def statuses(world: World, *names: str) -> list[str]:
    return [world.client.get_job_status(world.id(name)) for name in names]


def finished(world: World, run: Any) -> Any:
    return world.client.wait(run, timeout=PATIENCE_SECONDS)
