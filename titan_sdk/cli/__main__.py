"""``python -m titan_sdk.cli``: the command line where the console script is not on the path."""

from titan_sdk.cli import main

main()
