"""Runs the Python blocks of one page, one after the other in one namespace, as a reader would type them.

Each line of stdin is a JSON text ``{"source", "name"}``; each line of stdout what that block printed, as a JSON text. An
error ends the program, with a traceback on stderr.
"""

import contextlib
import io
import json
import sys


def main() -> None:
    answers = sys.stdout
    namespace = {"__name__": "__main__"}
    for line in sys.stdin:
        asked = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(asked["source"], asked["name"], "exec"), namespace)
        answers.write(json.dumps(printed.getvalue()) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
