"""``python -m titan_local.running.supervisor``: start the components, and start again whichever dies.

It goes into the background by itself. Its components do not depend on it: if it is killed they go on, and the next
supervisor finds them by ``cluster.json`` and takes them over.
"""

import argparse
import fcntl
import logging
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from titan_local.daemons import Process, current_process, spawn
from titan_local.running.components import SUPERVISOR, Component, list_components
from titan_local.running.states import Ports, Running, StateDir

log = logging.getLogger(__name__)

STABLE_SECONDS = 5.0
"""A component that ran for so long is restarted at once when it dies."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
LOCK_FILE = "supervisor.lock"


class Supervisor:
    """Keeps the components running until it is told to end, and leaves them running then."""

    def __init__(self, state: StateDir, ports: Ports, components: list[Component]) -> None:
        self._state = state
        self._ports = ports
        self._components = {component.name: component for component in components}
        self._running = Running({SUPERVISOR: current_process()})
        self._names: dict[int, str] = {}
        """By the descriptor that tells of the process's end."""
        self._due = dict.fromkeys(self._components, 0.0)
        self._started: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._poll = select.poll()
        self._is_told_to_end = False

    def run(self) -> None:
        """Until SIGTERM."""
        wakeup, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        signal.signal(signal.SIGTERM, self._end)
        self._poll.register(wakeup, select.POLLIN)
        self._adopt()
        while not self._is_told_to_end:
            self._start_what_is_due()
            for descriptor, _ in self._poll.poll(self._milliseconds_to_wait()):
                if descriptor in self._names:
                    self._note_end(descriptor)

    def _end(self, *_: object) -> None:
        self._is_told_to_end = True

    def _adopt(self) -> None:
        """Adopt what a former supervisor left running."""
        for name, process in self._state.read_running().components.items():
            if name in self._due and process.is_alive:
                self._watch(name, process)
        self._state.write_running(self._running, self._ports)

    def _start_what_is_due(self) -> None:
        now = time.monotonic()
        due = [name for name, moment in self._due.items() if moment <= now]
        for name in due:
            descriptor = self._state.open_log(name)
            try:
                component = self._components[name]
                self._watch(name, spawn(component.argv, component.environment(), descriptor))
            finally:
                os.close(descriptor)
        if due:
            self._state.write_running(self._running, self._ports)

    def _watch(self, name: str, process: Process) -> None:
        self._running.components[name] = process
        self._started[name] = time.monotonic()
        del self._due[name]
        try:
            descriptor = os.pidfd_open(process.pid)
        except ProcessLookupError:
            self._plan_restart(name, "could not be started")
            return
        self._names[descriptor] = name
        self._poll.register(descriptor, select.POLLIN)

    def _note_end(self, descriptor: int) -> None:
        name = self._names.pop(descriptor)
        self._poll.unregister(descriptor)
        os.close(descriptor)
        code = _reap(self._running.components[name].pid)
        if self._components[name].once and code == 0:
            del self._running.components[name]
        else:
            self._plan_restart(name, f"ended with {'an unknown status' if code is None else code}")

    def _plan_restart(self, name: str, what: str) -> None:
        """Restart at once the first time, and after growing pauses if the component does not stay up."""
        now = time.monotonic()
        if now - self._started[name] >= STABLE_SECONDS:
            self._pauses.pop(name, None)
        pause = self._pauses.get(name, 0.0)
        self._pauses[name] = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._due[name] = now + pause
        self._running.restarts[name] = self._running.restarts.get(name, 0) + 1
        log.warning("%s %s; it is started again in %.1f s", name, what, pause)

    def _milliseconds_to_wait(self) -> float | None:
        return max(0.0, min(self._due.values()) - time.monotonic()) * 1000 + 1 if self._due else None


def _reap(pid: int) -> int | None:
    """The exit code of a child; None for a process that a former supervisor started."""
    with suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return None


def main() -> int:
    """Go into the background and supervise; 1 if another supervisor does, or the state directory is not prepared."""
    parser = argparse.ArgumentParser(prog="python -m titan_local.running.supervisor", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True)
    state = StateDir(parser.parse_args().state_dir)
    if os.fork():
        # The process that brought the cluster up waits for this one, and so is nobody's parent afterwards.
        os._exit(0)
    os.setsid()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ports = state.read_ports()
    if ports is None:
        log.error("%s is missing or damaged", state.ports_file)
        return 1
    with (state.root / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.error("another supervisor runs in %s", state.root)
            return 1
        Supervisor(state, ports, list_components(state, ports)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
