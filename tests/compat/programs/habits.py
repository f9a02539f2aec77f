"""What programs of the earlier Titan do again and again: write a script, submit, ask until it is over."""

import time
from pathlib import Path

OVER = ("COMPLETED", "FAILED", "CANCELLED")


def script(path, text):
    """Write a script where the program runs, and return its path."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    return path


def until(question):
    """Ask until the answer is yes; whoever started this program ends it if that never comes."""
    while not question():
        time.sleep(0.05)


def finish(client, *job_ids):
    """The last status of each job, or gate, one after the other."""
    for job_id in job_ids:
        until(lambda job_id=job_id: client.get_job_status(job_id) in OVER)
    return [client.get_job_status(job_id) for job_id in job_ids]
