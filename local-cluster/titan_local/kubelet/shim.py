"""The parent of one container's process: starts it once, keeps its log open, records how it ended.

``python -I -S shim.py RUN_DIR WORKING_DIR COMMAND [ARG ...]``; its own environment is the container's. It closes
descriptor 3 once the program runs. It outlives the kubelet, so a restarted kubelet finds the process alive or the
record of its end. Standard library only, and as little of it as possible: every pod waits for this file to be
interpreted, and ``_signal``, the C half of ``signal``, spares it the import of ``enum``.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal

STARTED, CHILD, EXIT, LOG = "started", "child", "exit.json", "log"
STARTED_DESCRIPTOR = 3
CANNOT_RUN = 128


def main() -> None:
    """Run the command to its end; refuse to run it a second time in the same directory."""
    run_dir, working_dir, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.set_inheritable(STARTED_DESCRIPTOR, False)
    try:
        started = os.open(f"{run_dir}/{STARTED}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        sys.exit("this run was started before")
    os.write(started, str(os.getpid()).encode())
    os.close(started)
    log = os.open(f"{run_dir}/{LOG}", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    redirect = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
    # Signals that arrive before the child exists must not be lost: they wait until they can be passed on.
    passed_on = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
    try:
        os.chdir(working_dir)
        child = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=redirect,
            setpgroup=0,
            setsigmask=(),
            # Python ignores the first two, nohup and a shell's `&` the others; a program expects them as in any container.
            setsigdef=(signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT),
        )
    except OSError as error:
        reason = (error.strerror or str(error)).replace("\\", "/").replace('"', "'")
        name = command[0].replace("\\", "/").replace('"', "'")
        os.write(log, f"{name}: {reason}\n".encode(errors="replace"))
        write(f"{run_dir}/{EXIT}", f'{{"exitCode": {CANNOT_RUN}, "cannotRun": "{name}: {reason}"}}', durably=True)
        return
    write(f"{run_dir}/{CHILD}", str(child), durably=False)
    os.close(STARTED_DESCRIPTOR)

    def pass_on(number: int, _: object) -> None:
        try:
            os.kill(child, number)
        except ProcessLookupError:
            return

    for number in passed_on:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    record = f'{{"exitCode": {code if code >= 0 else 128 - code}, "signal": {max(-code, 0)}}}'
    write(f"{run_dir}/{EXIT}", record, durably=True)
    try:
        os.killpg(child, signal.SIGKILL)  # What the program left behind ends with it, as in a container.
    except ProcessLookupError:
        return


def write(path: str, text: str, *, durably: bool) -> None:
    """Whole or absent."""
    descriptor = os.open(f"{path}.tmp", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o644)
    os.write(descriptor, text.encode(errors="replace"))
    if durably:
        os.fsync(descriptor)
    os.close(descriptor)
    os.rename(f"{path}.tmp", path)


if __name__ == "__main__":
    main()
