"""Builds the programs of the test cluster from pinned Go modules: `python3 -m tools.binaries [NAME ...]`.

Nothing but Python's standard library and Go is needed, so that a bare machine can build before it installs anything.
"""
