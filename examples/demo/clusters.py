"""Where the demo runs: on an embedded cluster of its own, or on the one that is there."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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

    state = titan_home() / "demo" / "cluster"
    with lock(state.with_suffix(".lock")):
        cluster = LocalCluster(state)
        cluster.down()
        shutil.rmtree(state, ignore_errors=True)
        try:
            began = time.monotonic()
            cluster.up(api_port=0, store_port=0)
            print(
                f"An embedded cluster of its own is ready after {time.monotonic() - began:.1f} s, in {state}\n",
                flush=True,
            )
            os.environ.update(cluster.env())
            yield
        finally:
            if keep:
                print(f"\nThe cluster is still there: titan local down --state-dir {state}")
            else:
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
            raise OSError(
                f"another demo runs here already; set TITAN_HOME to another directory than {path.parent.parent}"
            ) from error
        yield
