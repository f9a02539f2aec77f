"""DAGs and their jobs in pages, namespaces, and one DAG by itself."""

from aiohttp import web

from titan_api import names
from titan_store.api import keys
from titan_store.api.http.models import Model
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery, Query
from titan_store.api.objects import NO_DAG, read_object, require_cluster
from titan_store.api.views.documents import DagDetail, DagPage, JobPage, to_dag, to_detail, to_job
from titan_store.api.views.queries import DagsQuery, JobsQuery
from titan_store.auth.gate import need_of_kind
from titan_store.views.cached.cache import Cache
from titan_store.views.cached.readings import read_dag
from titan_store.views.cached.records import DagRecord
from titan_store.views.cached.tables import sees
from titan_store.views.listings import choose_dags, choose_jobs, dag_key, start_key
from titan_store.views.pages import cut


class NamespaceItem(Model):
    """A namespace that holds something."""

    name: str
    dags: int


class NamespaceList(Model):
    """What the viewer may see."""

    items: list[NamespaceItem]
    all: bool
    """Whether that is everything."""


READ_DAG = need_of_kind(names.PLURAL_DAGS, "get")
LIST_JOBS = need_of_kind(names.PLURAL_JOBS, "list")


@Declaration(
    "GET /v1/views/namespaces",
    "The namespaces that hold DAGs, jobs or gates that the viewer may see.",
    {200: Answer("All of them.", Content(JSON, NamespaceList))},
    signed_in=True,
)
async def list_namespaces(call: Call[NoQuery]) -> web.Response:
    """By name."""
    sight = await call.app[keys.VISIBILITY].of_all_kinds(call.caller.identity, None)
    found = (await call.app[keys.VIEWS].ready()).namespaces()
    items = [
        NamespaceItem(name=name, dags=dags if sees(sight[names.KIND_DAG], name) else 0)
        for name, dags in found.items()
        if any(sees(namespaces, name) for namespaces in sight.values())
    ]
    return as_json(NamespaceList(items=items, all=None in sight.values()))


@Declaration(
    "GET /v1/views/dags",
    "List DAGs of one namespace or of all that the viewer may see, the newest first.",
    {200: Answer("A page.", Content(JSON, DagPage))},
    signed_in=True,
)
async def list_dags(call: Call[DagsQuery]) -> web.Response:
    """A page, the newest first; new DAGs do not move those on later pages."""
    namespaces, query = await call.app[keys.VISIBILITY].of(call.caller.identity, call.query.namespace), call.query
    cache = await call.app[keys.VIEWS].ready()
    chosen = choose_dags(cache.dags(namespaces), query.phases, query.search, query.run)
    page = cut(chosen, dag_key, query.after, query.page_size, descending=True)
    return as_json(DagPage(items=list(map(to_dag, page.items)), total=page.total, following=page.following))


@Declaration(
    f"GET {BASE}/dags/{{name}}",
    "Read a DAG.",
    {200: Answer("The DAG.", Content(JSON, DagDetail))},
    need=READ_DAG,
    refusals=(NO_DAG,),
)
async def get_dag(call: Call[NoQuery]) -> web.Response:
    """One DAG."""
    return as_json(to_detail((await find_dag(call))[1]))


@Declaration(
    f"GET {BASE}/dags/{{name}}/jobs",
    "List the jobs of a DAG.",
    {200: Answer("A page.", Content(JSON, JobPage))},
    need=LIST_JOBS,
    refusals=(NO_DAG,),
)
async def list_jobs_of_dag(call: Call[JobsQuery]) -> web.Response:
    """A page of a DAG's jobs."""
    cache, dag = await find_dag(call)
    jobs, query = cache.jobs_of(dag.namespace, dag.name), call.query
    members = None
    if query.group is not None:
        graph = await call.app[keys.GRAPHS].of(cache).of(dag.uid, jobs)
        members = {jobs[place].job_id for place in graph.members(query.group)}
    chosen = choose_jobs(jobs, query.phases, query.search, members)
    if query.sort == "started":
        page = cut(sorted(chosen, key=start_key), start_key, query.after, query.page_size)
    else:
        page = cut(chosen, lambda job: job.age, query.after, query.page_size)
    return as_json(JobPage(items=list(map(to_job, page.items)), total=page.total, following=page.following))


async def find_dag(call: Call[Query]) -> tuple[Cache, DagRecord]:
    """The DAG of the path, and the cache in which it is. Raises NotFound, Unavailable."""
    cache = await call.app[keys.VIEWS].ready()
    dag = cache.dag(call.caller.namespace, call.name)
    if dag is not None:
        return cache, dag
    # Somebody may come to a DAG that they have just made, before the watch has told of it.
    return cache, read_dag(await read_object(call, require_cluster(call), names.KIND_DAG))


OPERATIONS = (list_namespaces, list_dags, get_dag, list_jobs_of_dag)
