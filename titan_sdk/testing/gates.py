"""The gates of a fake cluster: created with their jobs, opened by success, closed by decisions or by time."""

from datetime import datetime, timedelta

from titan_api import defaults, names
from titan_api.json_types import Json
from titan_api.times import format_time, parse_time
from titan_api.verdicts import FINAL_VERDICTS, fold
from titan_sdk.testing.api_servers import MemoryAPI
from titan_sdk.testing.standings import phase_of


def follow(api: MemoryAPI, job: Json, now: datetime) -> None:
    """Bring the gate behind a job, and what the job's status says of it, to where they should be."""
    terms = job["spec"].get("approval")
    if not terms:
        return
    round_number = (job.get("status") or {}).get("run") or 1
    known = [
        raw
        for raw in api.objects[names.PLURAL_APPROVALS].values()
        if raw["spec"]["subject"]["uid"] == job["metadata"]["uid"]
    ]
    latest = max(known, key=lambda raw: raw["spec"]["subject"]["round"], default=None)
    status = (latest or {}).get("status") or {}
    is_stale = latest is not None and latest["spec"]["subject"]["round"] < round_number
    if latest is None or (is_stale and status.get("phase") in FINAL_VERDICTS):
        latest = api.add(names.PLURAL_APPROVALS, build(job, terms, round_number))
    _move(api, job, latest, now)


def build(job: Json, terms: Json, round_number: int) -> Json:
    """The TitanApproval behind a job."""
    metadata, spec = job["metadata"], job["spec"]
    labels = {
        names.LABEL_MANAGED_BY: names.MANAGED_BY,
        names.LABEL_JOB: names.label_value(metadata["name"]),
        names.LABEL_JOB_ID: names.label_value(spec["jobID"]),
    }
    subject = {"job": metadata["name"], "jobID": spec["jobID"], "uid": metadata["uid"], "round": round_number}
    owner = {"apiVersion": names.API_VERSION, "kind": names.KIND_JOB, "name": metadata["name"], "uid": metadata["uid"]}
    return {
        "metadata": {
            "name": names.approval_name(metadata["name"], round_number),
            "labels": labels,
            "ownerReferences": [owner],
        },
        "spec": {
            **terms,
            "dag": spec.get("dag"),
            "subject": subject,
            "requestedBy": spec.get("requestedBy"),
            "decisions": [],
        },
        "status": {"phase": "Scheduled"},
    }


def _move(api: MemoryAPI, job: Json, approval: Json, now: datetime) -> None:
    name, spec = approval["metadata"]["name"], approval["spec"]
    status: Json = dict(approval.get("status") or {})
    if status["phase"] == "Scheduled" and phase_of(job) == "Succeeded":
        deadline = now + timedelta(seconds=spec.get("timeoutSeconds") or defaults.GATE_TIMEOUT_SECONDS)
        status |= {"phase": "Pending", "openTime": format_time(now), "deadline": format_time(deadline)}
    if status["phase"] == "Pending":
        known = {given["user"] for given in status.get("decisions") or ()}
        new = [given | {"time": format_time(now)} for given in spec["decisions"] if given["user"] not in known]
        status["decisions"] = [*(status.get("decisions") or ()), *new]
        verdict = fold(
            [(given["user"], given["verdict"]) for given in spec["decisions"]],
            spec.get("requiredApprovals") or defaults.REQUIRED_APPROVALS,
        )
        due = parse_time(status["deadline"])
        status["phase"] = verdict or ("TimedOut" if due is not None and now >= due else "Pending")
    api.set_status(names.PLURAL_APPROVALS, name, **status)
    api.set_status(names.PLURAL_JOBS, job["metadata"]["name"], approval=status["phase"])
