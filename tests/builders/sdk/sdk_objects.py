"""TitanDAGs, TitanJobs and TitanApprovals as the API server has them: each test says only what matters to it."""

from titan_api import names
from titan_api.json_types import Json

CREATED = "2026-01-02T03:04:05Z"


def dag(name: str = "night-abcde", *, called: str = "night", run: str | None = None, **status: object) -> Json:
    labels = {names.LABEL_AGENT_RUN: names.label_value(run)} if run else {}
    spec = {"name": called, "jobCount": 1} | ({"agentRunID": run} if run else {})
    return _object(name, labels, spec, status)


def job(
    job_id: str = "train",
    *,
    name: str | None = None,
    dag: str | None = "night-abcde",
    gated: bool = False,
    parents: tuple[str, ...] = (),
    submitted: str = "",
    created: str = CREATED,
    **status: object,
) -> Json:
    labels = {names.LABEL_JOB_ID: names.label_value(job_id)}
    spec: Json = {"jobID": job_id, "parents": [{"jobID": parent} for parent in parents]}
    if dag is not None:
        labels[names.LABEL_DAG] = dag
        spec["dag"] = dag
    if gated:
        spec["approval"] = {"message": "ok?"}
    made = _object(name or names.job_name(dag or "alone", job_id), labels, spec, status)
    made["metadata"] |= {"creationTimestamp": created, "annotations": {names.ANNOTATION_SUBMITTED: submitted}}
    return made


def approval(
    behind: Json, *decisions: tuple[str, str], round_number: int = 1, phase: str = "Pending", **terms: object
) -> Json:
    """The gate behind a stored job; decisions are (user, verdict)."""
    name, job_id = behind["metadata"]["name"], behind["spec"]["jobID"]
    labels = {names.LABEL_JOB: names.label_value(name), names.LABEL_JOB_ID: names.label_value(job_id)}
    spec = {
        "subject": {"job": name, "jobID": job_id, "uid": behind["metadata"]["uid"], "round": round_number},
        "message": "ok?",
        "allowSelfApproval": True,
        "requestedBy": "anna",
        "dag": behind["spec"].get("dag"),
        "decisions": [{"user": user, "verdict": verdict, "comment": ""} for user, verdict in decisions],
    }
    return _object(names.approval_name(name, round_number), labels, spec | terms, {"phase": phase})


def _object(name: str, labels: dict[str, str], spec: Json, status: Json) -> Json:
    return {"metadata": {"name": name, "labels": labels, "creationTimestamp": CREATED}, "spec": spec, "status": status}
