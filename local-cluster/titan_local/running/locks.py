"""One ``up`` or ``down`` at a time; the kernel releases the lock when its holder ends, however it ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from titan_local.running.states import LocalError, StateDir

ASK_SECONDS = 0.02


@contextmanager
def exclusive(state: StateDir, timeout: float) -> Iterator[None]:
    """Hold the state directory's lock. Raises LocalError if somebody else keeps it for ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    with state.lock_file.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    what = f"another titan local up or down is running in {state.root}"
                    raise LocalError(what, "wait for it") from error
                time.sleep(ASK_SECONDS)
        yield
