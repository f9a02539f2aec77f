"""What runs inside a job's pod: fetch the source, run it, ship its log, record its outcome.

Standard library only, Python 3.9 or newer, because it runs inside users' images. Every job waits for it, so it also
avoids the costly parts of the library: no dataclasses, typing, subprocess, http.client, urllib or tempfile, which
together would take longer to import than the rest of the runner needs. Hence its plain classes.
"""
