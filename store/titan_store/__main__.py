"""``python -m titan_store``: one store process on a data directory; ``backup`` and ``restore`` copy one."""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when the store cannot start, with one sentence on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in (["backup"], ["restore"]):
        from titan_store.backups import commands  # Not for a store that serves: it is to start quickly.

        command = commands.run_backup if given[0] == "backup" else commands.run_restore
        return command(given[1:])
    # Modules stay as long as the process: looking for garbage among them would cost a tenth of the start, and again
    # something whenever all objects are looked through.
    gc.disable()
    from titan_store.serving.processes import run

    gc.freeze()
    gc.enable()
    return run(given)


if __name__ == "__main__":
    sys.exit(main())
