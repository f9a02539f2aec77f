"""`python3 -m tools.binaries [NAME ...]`: build these programs, or all of them."""

import sys
import time

from tools.binaries.builds import BIN, BuildError, build
from tools.binaries.catalogue import PROGRAMS


def main(names: list[str]) -> int:
    """Builds what is named, or everything."""
    unknown = sorted(set(names) - set(PROGRAMS))
    if unknown:
        print(f"no such program: {', '.join(unknown)}; there are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    wanted = [PROGRAMS[name] for name in names or PROGRAMS]
    started = time.monotonic()
    try:
        built = build(wanted)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    what = f"built {', '.join(built)} in {time.monotonic() - started:.0f} s" if built else "nothing to build"
    print(f"{what}; programs are in {BIN}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
