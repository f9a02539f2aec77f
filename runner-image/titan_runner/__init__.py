"""What runs inside a job's pod: fetch the source, run it, ship its log, record its outcome.

Standard library only, Python 3.9 or newer, because it runs inside users' images. Every job waits for it, so it also
avoids the costly parts of the library: no dataclasses, typing, subprocess, http.client, urllib or tempfile, which
together would take longer to import than the rest of the runner needs. Hence its plain classes.

``__main__`` goes through the phases: ``sources`` and ``archives`` fetch, ``programs`` runs, ``workspaces`` collects
and gives files (``scans``, ``limits``, ``transfers``), ``output``, ``shipping`` and ``spools`` bring the log to the
store, ``outcomes`` records the end. They stand on ``assignments`` (what to do), ``stores`` and ``connections`` (the
store over HTTP), ``patience`` (how long to wait for it), ``memory`` and ``errors``.
"""
