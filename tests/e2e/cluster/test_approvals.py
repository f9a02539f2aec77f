"""Who may open a gate: kubectl, the SDK and the store's endpoint as different people, decided by the API server."""

import json
import subprocess

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import binding, dag_manifest, decision, job_manifest, user

GATE = {"message": "Ship it?", "approvers": {"users": ["alice"], "groups": ["leads"]}}
REQUESTER = "rita"
JOB_ACCOUNT = "system:serviceaccount:{namespace}:titan-job"


@pytest.fixture
def gate(real: RealCluster, namespace: str) -> str:
    """An open gate behind a job of rita; alice, bob, lea and rita herself hold the role titan-approver, eddie edits."""
    people = [user("alice"), user("bob"), user("lea"), user(REQUESTER)]
    real.apply(
        binding("titan-edit", user(REQUESTER), user("eddie")),
        binding("titan-approver", *people),
        namespace=namespace,
    )
    real.do("apply", "-n", namespace, "-f", "-", stdin=_gated_dag(REQUESTER), user=REQUESTER)
    wait_until("the open gate", lambda: _phase(real, namespace) == "Pending")
    return "ship-draft"


def test_an_approver_opens_the_gate_and_the_object_says_who(real: RealCluster, namespace: str, gate: str) -> None:
    assert _decide(real, namespace, gate, "alice").returncode == 0
    wait_until("the job behind the gate", lambda: _job_phase(real, namespace, "publish") == "Succeeded")
    status = real.get("tapp", gate, "-n", namespace)["status"]
    assert status["phase"] == "Approved"
    assert [given["user"] for given in status["decisions"]] == ["alice"]
    assert "ApprovalsUnprotected" not in {condition["type"] for condition in status.get("conditions", [])}


def test_a_member_of_an_approving_group_opens_it_with_a_role(real: RealCluster, namespace: str, gate: str) -> None:
    assert _decide(real, namespace, gate, "lea", groups=["leads"]).returncode == 0
    wait_until("the job behind the gate", lambda: _job_phase(real, namespace, "publish") == "Succeeded")


@pytest.mark.parametrize(
    ("person", "groups", "why"),
    [
        ("bob", [], "not among the approvers"),
        (REQUESTER, ["leads"], "may not decide"),
        ("eddie", ["leads"], "eddie"),
        (JOB_ACCOUNT, ["leads"], "titan-job"),
    ],
    ids=["not-an-approver", "the-requester", "only-titan-edit", "the-jobs-own-account"],
)
def test_nobody_else_does(
    real: RealCluster, namespace: str, gate: str, person: str, groups: list[str], why: str
) -> None:
    refused = _decide(real, namespace, gate, person.format(namespace=namespace), groups=groups)
    assert refused.returncode == 1
    assert "orbidden" in refused.stderr or "forbidden" in refused.stderr, refused.stderr
    assert why in refused.stderr
    assert (_phase(real, namespace), _pods(real, namespace, "publish")) == ("Pending", [])


def test_a_decision_in_somebody_elses_name_is_refused(real: RealCluster, namespace: str, gate: str) -> None:
    refused = real.kubectl(
        *("patch", "tapp", gate, "-n", namespace, "--type=json", "-p", decision("alice")), user="bob"
    )
    assert refused.returncode == 1
    assert "your own name" in refused.stderr


def test_work_in_somebody_elses_name_is_refused(real: RealCluster, namespace: str) -> None:
    real.apply(binding("titan-edit", user(REQUESTER)), namespace=namespace)
    refused = real.kubectl("apply", "-n", namespace, "-f", "-", stdin=_gated_dag("alice"), user=REQUESTER)
    assert refused.returncode == 1
    assert "requestedBy" in refused.stderr


def _gated_dag(requester: str) -> str:
    items = [
        dag_manifest("ship", requestedBy=requester),
        job_manifest("draft", dag="ship", approval=GATE, requestedBy=requester),
        job_manifest("publish", dag="ship", parents=[{"jobID": "draft"}], requestedBy=requester),
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def _decide(
    real: RealCluster, namespace: str, gate: str, person: str, groups: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    patch = ("patch", "tapp", gate, "-n", namespace, "--type=json", "-p", decision(person))
    return real.kubectl(*patch, user=person, groups=groups or [])


def _phase_of(real: RealCluster, namespace: str, kind: str, name: str) -> str:
    found = real.kubectl("get", kind, name, "-n", namespace, "-o", "jsonpath={.status.phase}")
    return found.stdout


def _phase(real: RealCluster, namespace: str) -> str:
    return _phase_of(real, namespace, "tapp", "ship-draft")


def _job_phase(real: RealCluster, namespace: str, job_id: str) -> str:
    return _phase_of(real, namespace, "tjob", f"ship-{job_id}")


def _pods(real: RealCluster, namespace: str, job_id: str) -> list[object]:
    return list(real.get("pods", "-n", namespace, "-l", f"titan.io/job-id={job_id}")["items"])
