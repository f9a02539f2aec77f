"""How the jobs of the demo leave values and files for one another.

Every key carries the id of the run, so that two runs in one namespace never mix. A job that cannot read or write ends
with a sentence and another exit code than 0: Titan then tries it again, which is all the fault handling it needs.
"""

import os
import sys
from urllib.parse import urlsplit
from urllib.request import url2pathname

from titan_sdk import TitanClient

RUN = sys.argv[1]

client = TitanClient()


def record_start() -> None:
    """Append `<job> <attempt>` to the file whose URL TITAN_DEMO_LEDGER is: a count of real starts, for kill tests."""
    ledger = os.environ.get("TITAN_DEMO_LEDGER")
    if ledger:
        with open(url2pathname(urlsplit(ledger).path), "a") as file:
            file.write(f"{os.environ['TITAN_JOB_ID']} {os.environ['TITAN_ATTEMPT']}\n")


def give_value(name: str, value: str) -> None:
    client.store.put(f"demo:{RUN}:{name}", value)


def take_value(name: str) -> str:
    return client.store.get(f"demo:{RUN}:{name}")


def add_member(name: str, member: str) -> None:
    client.store.sadd(f"demo:{RUN}:{name}", member)


def take_members(name: str) -> list[str]:
    return client.store.smembers(f"demo:{RUN}:{name}")


def give_file(name: str) -> None:
    """Publish a file of the working directory for this run's other jobs, and for whoever submitted them."""
    if not client.publish_artifact(f"demo:{RUN}:{name}", name):
        sys.exit(f"{name} could not be published")


def take_file(name: str) -> str:
    """Download what another job published; returns the path."""
    if not client.get_artifact(f"demo:{RUN}:{name}", save_path=name):
        sys.exit(f"{name} could not be downloaded")
    return name
