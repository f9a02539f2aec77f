"""The command line ``titan``.

It is a user of the public SDK and nothing more: whatever a command does, a program of ten lines can do too. Everything
heavy (typer, rich, the SDK's client) is imported inside functions, so that ``titan --help`` answers at once.

``commands`` holds them, one noun a file; ``app`` is their table. What they share is beside it: how they are called
(``calls``, ``options``), how they reach the outside (``edge``, ``browsers``, ``forwarder`` and ``hops``), what they print
(``output``, ``ages``, ``board``, ``changes``, ``hints``, ``live``), and how they end (``exits``, ``failures``).
"""

import sys


def main() -> None:
    """Entry point of the console script: runs one command and ends the process with its exit code."""
    try:
        from titan_sdk.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
