"""Small real DAGs for the dashboard's tests, each with names of its own, and the moments that tests wait for."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from builders.dashboard.dashboards import eventually

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube

GATED = """
from pathlib import Path
print("the draft has 148 words")
Path("draft.md").write_text("# Draft\\n\\nAll is **well**.\\n")
"""
WAITS_FOR = """
import os, sys, time
print("waiting for the flag", flush=True)
while not os.path.exists({flag!r}):
    time.sleep(0.05)
print("the flag is there", flush=True)
sys.exit({code})
"""
TALKS = """
import os, time
number = 0
while not os.path.exists({flag!r}):
    number += 1
    print(f"line {{number}}", flush=True)
    time.sleep(0.2)
print("the last line", flush=True)
"""


@dataclass(frozen=True)
class Gate:
    """A DAG that waits at a gate behind its first job."""

    dag: str
    job: str
    """Name of the TitanJob, and of the TitanApproval."""
    job_id: str
    next_id: str


def unique(word: str) -> str:
    """The word, and letters that no other test has."""
    return f"{word}-{secrets.token_hex(3)}"


def open_gate(client: TitanClient, word: str, message: str = "Send the **draft**?", **terms: object) -> Gate:
    """Submit and wait until somebody is asked."""
    job_id, next_id = unique(word), unique(f"after-{word}")
    jobs = [
        TitanJob(job_id, "draft.py", script_content=GATED, hitl_message=message, **terms),
        TitanJob(next_id, "after.py", script_content="print('sent')", parents=[job_id]),
    ]
    dag = client.submit_dag(word, jobs)
    gates = eventually(lambda: [gate for gate in client.pending_approvals() if gate.dag == dag.name], "an open gate")
    return Gate(dag.name, gates[0].name, job_id, next_id)


def waiting_job(job_id: str, flag: Path, code: int = 0, **options: object) -> TitanJob:
    """Runs until the file is there."""
    content = WAITS_FOR.format(flag=flag.absolute().as_uri().removeprefix("file://"), code=code)
    return TitanJob(job_id, f"{job_id}.py", script_content=content, **options)


def decisions(kube: Kube, gate: str) -> list[tuple[str, str, str]]:
    """Who decided what with which words, as the Kubernetes API has it."""
    spec = kube.get("titanapprovals", gate)["spec"]
    return [(given["user"], given["verdict"], given.get("comment", "")) for given in spec.get("decisions") or ()]


def phase_of(kube: Kube, plural: str, name: str) -> str:
    """The object's phase in the Kubernetes API."""
    return str((kube.get(plural, name).get("status") or {}).get("phase", ""))
