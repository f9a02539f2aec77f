"""Where the demo runs: on an embedded cluster of its own, or on the one that is there."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from failures import DemoFailed

if TYPE_CHECKING:
    from titan_local.clusters import LocalCluster

TITAN = Path(sys.executable).with_name("titan")
"""The command that belongs to this interpreter; it need not be on the PATH."""


def titan_home() -> Path:
    return Path(os.environ.get("TITAN_HOME") or Path.home() / ".titan")


@contextmanager
def current_cluster() -> Iterator[None]:
    """Whatever the environment names; it is left as it was."""
    yield


@contextmanager
def own_cluster(keep: bool) -> Iterator[None]:
    """An embedded cluster beside any other, on free ports; stopped and removed at the end unless it is to be kept.

    A demo that was killed may have left its cluster: it is stopped first, so that nothing piles up.
    """
    from titan_local.clusters import LocalCluster
    from titan_local.running.states import LocalError

    state = titan_home() / "demo" / "cluster"
    with lock(state.with_suffix(".lock")):
        cluster = LocalCluster(state)
        try:
            remove(cluster, state)
            began = time.monotonic()
            cluster.up(api_port=0, store_port=0)
            seconds = time.monotonic() - began
            print(f"An embedded cluster of its own is ready after {seconds:.1f} s, in {state}", flush=True)
            os.environ.update(cluster.env())
            yield
        except LocalError as error:
            raise DemoFailed(str(error)) from error
        finally:
            if keep:
                print("\nThe cluster is still there, and what ran in it. To look at it, and to stop it:")
                print(f'  eval "$({TITAN} local env --state-dir {state})" && {TITAN} dashboard')
                print(f"  {TITAN} local down --state-dir {state}")
            else:
                remove(cluster, state)
                print("\nThe cluster is stopped. To look around in its dashboard afterwards, keep it:")
                print(f"  {sys.executable} {Path(__file__).with_name('demo.py')} --keep")


def remove(cluster: "LocalCluster", state: Path) -> None:
    """Stop the cluster and everything in it, and delete what it stored."""
    cluster.down()
    shutil.rmtree(state, ignore_errors=True)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """One demo at a time in one TITAN_HOME; a lock of the kernel's, so a killed demo leaves none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            where = path.parent.parent
            raise DemoFailed(f"another demo runs in {where}; set TITAN_HOME to another directory") from error
        yield
