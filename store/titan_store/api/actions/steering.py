"""Cancel, suspend and resume a DAG, and cancel a job: each sets a field of spec, and the operator does the rest.

All return at once, and the same again is no error.
"""

from functools import partial

from aiohttp import web

from titan_api import names
from titan_api.json_types import Json
from titan_api.views import view_dag, view_job
from titan_store.api.actions.edges import ENDED, RACE, change_object
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG, NO_JOB
from titan_store.api.views.documents import DagItem, JobItem, to_dag, to_job
from titan_store.auth.gate import need_of_kind
from titan_store.errors import Conflict
from titan_store.views.cached.readings import read_dag, read_job

_DAG, _JOB = Answer("The DAG now.", Content(JSON, DagItem)), Answer("The job now.", Content(JSON, JobItem))


@Declaration(
    f"POST {BASE}/dags/{{name}}/cancel",
    "Cancel a DAG.",
    {200: _DAG},
    need=need_of_kind(names.PLURAL_DAGS, "patch"),
    refusals=(NO_DAG, ENDED, RACE),
)
async def cancel_dag(call: Call[NoQuery]) -> web.Response:
    """End what is running; what waits never starts."""
    return await _steer(call, "cancel", True, "cancelled")


@Declaration(
    f"POST {BASE}/dags/{{name}}/suspend",
    "Start no new pods of a DAG; what is running goes on.",
    {200: _DAG},
    need=need_of_kind(names.PLURAL_DAGS, "patch"),
    refusals=(NO_DAG, ENDED, RACE),
)
async def suspend_dag(call: Call[NoQuery]) -> web.Response:
    """Start nothing new; what is running goes on."""
    return await _steer(call, "suspend", True, "suspended")


@Declaration(
    f"POST {BASE}/dags/{{name}}/resume",
    "Undo suspend.",
    {200: _DAG},
    need=need_of_kind(names.PLURAL_DAGS, "patch"),
    refusals=(NO_DAG, ENDED, RACE),
)
async def resume_dag(call: Call[NoQuery]) -> web.Response:
    """Undo a suspension."""
    return await _steer(call, "suspend", False, "resumed")


@Declaration(
    f"POST {BASE}/jobs/{{name}}/cancel",
    "Cancel a job, and with it those that depend on it; or stop a service.",
    {200: _JOB},
    need=need_of_kind(names.PLURAL_JOBS, "patch"),
    refusals=(NO_JOB, ENDED, RACE),
)
async def cancel_job(call: Call[NoQuery]) -> web.Response:
    """Cancel the job and those that depend on it; stop a service."""
    return as_json(to_job(read_job(await change_object(call, names.KIND_JOB, _end_job, "cancelled"))))


async def _steer(call: Call[NoQuery], field: str, value: bool, what: str) -> web.Response:
    raw = await change_object(call, names.KIND_DAG, partial(set_field, field, value), what)
    return as_json(to_dag(read_dag(raw)))


def set_field(field: str, value: bool, raw: Json) -> Json | None:
    """The patch of a DAG. Raises Conflict if it has ended."""
    dag = view_dag(raw)
    if bool(raw["spec"].get(field)) == value:
        return None
    if dag.is_final:
        raise Conflict("AlreadyEnded", f"The DAG {dag.name} has already ended: it is {dag.phase}.")
    return {"spec": {field: value}}


def _end_job(raw: Json) -> Json | None:
    job = view_job(raw)
    if job.cancelling:
        return None
    if job.is_final:
        kind = "service" if job.is_service else "job"
        raise Conflict("AlreadyEnded", f"The {kind} {job.job_id} has already ended: it is {job.phase}.")
    return {"spec": {"cancel": True}}


OPERATIONS = (cancel_dag, suspend_dag, resume_dag, cancel_job)
