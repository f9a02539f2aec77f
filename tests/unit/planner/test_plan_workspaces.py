"""What a job's pod is told about files, and what is said about conflicts."""

import json
from dataclasses import replace
from typing import Any

import pytest
from builders.operators.records import NOW, a_dag, a_job, a_pod, a_success, seeing
from titan_operator.plan.decisions import CreatePod
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import ParentsView
from titan_operator.records import DAGRecord, JobStatus, WorkspaceInput

from titan_api import names

PARENTS = ParentsView(inputs=(WorkspaceInput("u-a", 2),))


def pod_of(dag: DAGRecord | None) -> dict[str, Any]:
    (action,) = plan_job(seeing(a_job(dag="d" if dag else None), dag=dag, parents=PARENTS)).actions
    assert isinstance(action, CreatePod)
    return action.manifest


def terms(pod: dict[str, Any]) -> Any:
    values = {variable["name"]: variable["value"] for variable in pod["spec"]["containers"][0]["env"]}
    return json.loads(values[names.ENV_RUN])["workspace"]


def volume(pod: dict[str, Any]) -> Any:
    return next(volume for volume in pod["spec"]["volumes"] if volume["name"] == "workspace")


@pytest.mark.parametrize("dag", [a_dag(), None], ids=["in a DAG", "alone"])
def test_by_default_the_runner_is_told_whose_files_to_bring(dag: DAGRecord | None) -> None:
    pod = pod_of(dag)
    assert terms(pod) == {"mode": "Sync", "parents": [{"job": "u-a", "attempt": 2}]}
    assert volume(pod) == {"name": "workspace", "emptyDir": {}}


def test_a_claim_is_mounted_in_every_pod_and_nothing_is_brought() -> None:
    pod = pod_of(replace(a_dag(), workspace_mode="Claim", workspace_claim="shared"))
    assert terms(pod) == {"mode": "Claim", "parents": []}
    assert volume(pod) == {"name": "workspace", "persistentVolumeClaim": {"claimName": "shared"}}


def test_without_a_workspace_nothing_is_brought() -> None:
    pod = pod_of(replace(a_dag(), workspace_mode="None"))
    assert terms(pod) == {"mode": "None", "parents": []}
    assert volume(pod) == {"name": "workspace", "emptyDir": {}}


def test_conflicts_that_the_runner_recorded_become_an_event() -> None:
    outcome = replace(a_success(), conflicts=tuple(f"file-{n}" for n in range(7)))
    job = a_job()
    plan = plan_job(seeing(job, pods=(a_pod(job),), outcomes={1: outcome}))
    (note,) = plan.notes
    assert (note.type, note.reason) == ("Warning", "WorkspaceConflict")
    assert note.message == (
        'parents left different versions of "file-0", "file-1", "file-2", "file-3", "file-4" and 2 more; '
        "the job found the one that was left last"
    )


def test_conflicts_are_told_although_the_pod_has_ended_the_job_before_the_record_came() -> None:
    job = a_job(status=JobStatus(phase="Succeeded", attempt=1, completed=NOW))
    plan = plan_job(seeing(job, outcomes={1: replace(a_success(), conflicts=("both.txt",))}))
    assert [note.reason for note in plan.notes] == ["WorkspaceConflict"]


def test_without_conflicts_nothing_is_said() -> None:
    job = a_job()
    assert plan_job(seeing(job, pods=(a_pod(job),), outcomes={1: a_success()})).notes == ()
