"""Who has asked, and what jobs may do to DAGs, as a real API server with Titan's policy has it."""

import itertools

import pytest
from builders.kubernetes.bare_server import BareServer
from builders.kubernetes.policies import GROUP, JOB_USER, NAMESPACE, OPERATOR, dag, job

from titan_api.json_types import Json

DAGS, JOBS = (f"/apis/{GROUP}/namespaces/{NAMESPACE}/{plural}" for plural in ("titandags", "titanjobs"))
numbers = itertools.count()

CREATIONS = {
    "a DAG in one's own name": ("frank", DAGS, dag("d", "frank"), None),
    "a DAG in nobody's name": ("frank", DAGS, dag("d", None), None),
    "a DAG in a foreign name": ("frank", DAGS, dag("d", "erin"), "spec.requestedBy must be your own name, frank"),
    "a job in one's own name": ("frank", JOBS, job("j", "frank"), None),
    "a job in nobody's name": ("frank", JOBS, job("j", None), None),
    "a job in a foreign name": ("frank", JOBS, job("j", "erin"), "spec.requestedBy must be your own name, frank"),
    "a gated job in one's own name": ("frank", JOBS, job("j", "frank", gated=True), None),
    "a gated job in nobody's name": (
        "frank", JOBS, job("j", None, gated=True), "a job with a gate needs spec.requestedBy: frank",
    ),
    "a gated job in a foreign name": (
        "frank", JOBS, job("j", "erin", gated=True), "spec.requestedBy must be your own name, frank",
    ),
    "a gated job of a DAG in a foreign name": (
        "frank", JOBS, job("j", "erin", gated=True, dag="d"), "spec.requestedBy must be your own name, frank",
    ),
    "a job's own job": (JOB_USER, JOBS, job("j", JOB_USER, gated=True), None),
    "a job's job in the name of a person": (JOB_USER, JOBS, job("j", "frank", gated=True), "must be your own name"),
    "the administrator's job in a foreign name": ("", JOBS, job("j", "frank"), "must be your own name, admin"),
    "an approver's DAG": ("alice", DAGS, dag("d", "alice"), "cannot create resource"),
}  # fmt: skip


@pytest.mark.parametrize("title", CREATIONS)
def test_whoever_asks_gives_their_own_name(server: BareServer, title: str) -> None:
    who, collection, manifest, refusal = CREATIONS[title]
    body = manifest | {"metadata": manifest["metadata"] | {"name": f"asked-{next(numbers)}"}}
    code, answer = server.call("POST", collection, body, user=who)
    if refusal is None:
        assert code == 201, answer
    else:
        assert code == 403, answer
        assert refusal in answer["message"]


NARROW = "a job may only raise spec.jobCount of a DAG"
UPDATES: dict[str, tuple[str, Json, str | None]] = {
    "a job adds jobs": (
        JOB_USER, {"metadata": {"annotations": {"titan.io/added": "now"}}, "spec": {"jobCount": 5}}, None,
    ),
    "a job cancels": (JOB_USER, {"spec": {"cancel": True}}, NARROW),
    "a job suspends": (JOB_USER, {"spec": {"suspend": True}}, NARROW),
    "a job runs it again": (JOB_USER, {"spec": {"run": 2}}, NARROW),
    "a job keeps it for longer": (JOB_USER, {"spec": {"ttlSecondsAfterFinished": 1}}, NARROW),
    "a job labels it": (JOB_USER, {"metadata": {"labels": {"a": "b"}}}, NARROW),
    "a job holds its deletion up": (JOB_USER, {"metadata": {"finalizers": ["a.example.com/b"]}}, NARROW),
    "a person cancels": ("frank", {"spec": {"cancel": True, "jobCount": 9}}, None),
    "a person changes who has asked": ("frank", {"spec": {"requestedBy": "erin"}}, "may change"),
}  # fmt: skip


@pytest.mark.parametrize("title", UPDATES)
def test_a_job_may_only_add_jobs_to_a_dag(server: BareServer, title: str) -> None:
    who, patch, refusal = UPDATES[title]
    name = f"changed-{next(numbers)}"
    assert server.call("POST", DAGS, dag(name, "frank"), user="frank")[0] == 201
    code, answer = server.call("PATCH", f"{DAGS}/{name}", patch, user=who)
    if refusal is None:
        assert code == 200, answer
    else:
        assert code in (403, 422), answer
        assert refusal in answer["message"]


@pytest.mark.parametrize("user", [JOB_USER, "alice", "frank"])
def test_what_the_operator_writes_is_its_own(server: BareServer, user: str) -> None:
    name = f"status-{next(numbers)}"
    assert server.call("POST", JOBS, job(name, "frank"), user="frank")[0] == 201
    done = {"status": {"phase": "Succeeded"}}
    assert server.call("PATCH", f"{JOBS}/{name}/status", done, user=user)[0] == 403
    assert server.call("PATCH", f"{JOBS}/{name}/status", done, user=OPERATOR)[0] == 200
