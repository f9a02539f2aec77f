"""One job by itself: its TitanJob as it is now, and why it is where it is."""

from aiohttp import web

from titan_api import names
from titan_api.reasons import explain
from titan_store.api import keys
from titan_store.api.gates.documents import GateItem
from titan_store.api.gates.items import show_gate
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_JOB, read_object, require_cluster
from titan_store.api.views.documents import to_job
from titan_store.api.views.job_documents import JobDetail, describe_job
from titan_store.auth.gate import need_of_kind
from titan_store.auth.identities import Attributes
from titan_store.auth.visibility import list_kind
from titan_store.views.cached.cache import Cache
from titan_store.views.cached.readings import read_job
from titan_store.views.cached.records import JobRecord
from titan_store.views.situations import find_children, gather

READ_JOB = need_of_kind(names.PLURAL_JOBS, "get")


@Declaration(
    f"GET {BASE}/jobs/{{name}}",
    "Read a job: attempts, conditions, what it runs, and why it is where it is.",
    {200: Answer("The job.", Content(JSON, JobDetail))},
    need=READ_JOB,
    refusals=(NO_JOB,),
)
async def get_job(call: Call[NoQuery]) -> web.Response:
    """The object itself is read from the API server: most of it is too long to be kept for all jobs."""
    raw = await read_object(call, require_cluster(call), names.KIND_JOB)
    cache = await call.app[keys.VIEWS].ready()
    job = read_job(raw)
    sees_jobs = await call.app[keys.GATE].may(call.caller.identity, list_kind(names.KIND_JOB, job.namespace))
    why = explain(gather(cache, raw, job, call.now))
    children = find_children(cache, job) if sees_jobs else []
    return as_json(describe_job(raw, to_job(job), why, children, await _find_gate(call, cache, job)))


async def _find_gate(call: Call[NoQuery], cache: Cache, job: JobRecord) -> GateItem | None:
    """A viewer who may see a job may not see the gates behind it."""
    gates = cache.gates_of(job.namespace, job.name)
    if not gates:
        return None
    gate = gates[-1]
    here = Attributes(names.PLURAL_APPROVALS, "get", gate.namespace, names.GROUP, gate.name)
    viewer = call.caller.identity
    return await show_gate(call.app, viewer, gate.raw) if await call.app[keys.GATE].may(viewer, here) else None


OPERATIONS = (get_job,)
