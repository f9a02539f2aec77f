"""Submit a DAG again under a new name, created by the viewer: the store itself may create nothing.

With the viewer's own token the API server checks everything that it checks of a submission, the requester included.
Nothing runs before all jobs are there, so a submission that breaks off harms nobody.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web

from titan_api import names
from titan_api.copies import copy_dag, own_job
from titan_api.json_types import Json
from titan_api.times import format_time
from titan_store.api import keys
from titan_store.api.actions.edges import WHOLE_DAGS, acting_as, note
from titan_store.api.http.credentials import NO_TOKEN, find_own_token
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG, read_object
from titan_store.api.views.documents import DagItem, to_dag
from titan_store.auth.gate import need_of_kind
from titan_store.auth.identities import Attributes
from titan_store.cluster.edges import Actor
from titan_store.errors import Conflict, Forbidden, StoreError
from titan_store.views.cached.readings import read_dag

PARALLEL_CREATES = 8
NAME_DRAWS = 5

log = logging.getLogger(__name__)


@Declaration(
    f"POST {BASE}/dags/{{name}}/resubmit",
    "Submit a DAG once more as a new one, in the caller's name and with the caller's token for the API server.",
    {201: Answer("The new DAG.", Content(JSON, DagItem))},
    need=need_of_kind(names.PLURAL_DAGS, "create"),
    refusals=(NO_DAG, (409, "CannotResubmit"), (409, "Conflict")),
)
async def resubmit_dag(call: Call[NoQuery]) -> web.Response:
    """Create the copy."""
    namespace, name = call.caller.namespace, call.name
    create_jobs = Attributes(names.PLURAL_JOBS, "create", namespace, names.GROUP)
    await call.app[keys.GATE].require(call.caller.identity, create_jobs)
    actor = acting_as(call, await _own_token(call, name))
    dag = await read_object(call, actor, names.KIND_DAG)
    submitted = f"{format_time(call.now)} {secrets.token_hex(8)}"
    async with call.app[WHOLE_DAGS]:
        jobs = await actor.jobs_of(namespace, name)
        created, manifests = await _create_dag(actor, dag, jobs, call.caller.identity.username, submitted)
        await _create_jobs(actor, created, manifests)
    note(call, f"resubmitted the DAG {namespace}/{name} as {created['metadata']['name']}")
    return as_json(to_dag(read_dag(created)), 201)


async def _own_token(call: Call[NoQuery], name: str) -> str:
    """The viewer's token for the API server. Raises Forbidden with what to type instead."""
    token = await find_own_token(call.request)
    if token is None:
        raise Forbidden(f"{NO_TOKEN} Type this instead: {command(name, call.caller.namespace)}")
    return token


def command(name: str, namespace: str) -> str:
    """The command that does the same in a terminal."""
    return f"titan resubmit {name} -n {namespace}"


async def _create_dag(
    actor: Actor, dag: Json, jobs: Sequence[Json], user: str, submitted: str
) -> tuple[Json, list[Json]]:
    """The new TitanDAG, and the jobs to create."""
    namespace = dag["metadata"]["namespace"]
    for _ in range(NAME_DRAWS):
        suffix = "".join(secrets.choice(names.SUFFIX_ALPHABET) for _ in range(names.SUFFIX_LENGTH))
        try:
            manifest, copies = copy_dag(dag, jobs, suffix, user, submitted)
        except ValueError as error:
            sentence = str(error)
            raise Conflict("CannotResubmit", f"{sentence[0].upper()}{sentence[1:]}.") from error
        created = await actor.create(namespace, manifest)
        if created is None:
            created = await actor.read(names.KIND_DAG, namespace, manifest["metadata"]["name"])
            # An earlier try of this very call was carried out, but its answer got lost.
            created = created if created is not None and _stamp(created) == submitted else None
        if created is not None:
            return created, [own_job(copy, created) for copy in copies]
    raise Conflict("Conflict", f"No free name was found for a copy of {dag['spec']['name']}; try again.")


async def _create_jobs(actor: Actor, dag: Json, manifests: Sequence[Json]) -> None:
    """Create all jobs, several at a time. Raises the first refusal, after removing the DAG if possible."""
    waiting = iter(manifests)

    async def work() -> None:
        for manifest in waiting:
            await _create_job(actor, dag, manifest)

    workers = [asyncio.create_task(work()) for _ in range(PARALLEL_CREATES)]
    try:
        await asyncio.gather(*workers)
    except BaseException:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await _give_up(actor, dag)
        raise


async def _create_job(actor: Actor, dag: Json, manifest: Json) -> None:
    namespace, name = dag["metadata"]["namespace"], manifest["metadata"]["name"]
    if await actor.create(namespace, manifest) is not None:
        return
    existing = await actor.read(names.KIND_JOB, namespace, name)
    owners = {owner["uid"] for owner in (existing or {}).get("metadata", {}).get("ownerReferences") or ()}
    if dag["metadata"]["uid"] not in owners:
        raise Conflict("Conflict", f"A job named {name} already belongs to another DAG; try again.")


async def _give_up(actor: Actor, dag: Json) -> None:
    """Without its jobs a TitanDAG never starts; one that cannot be removed ends by itself as SubmissionIncomplete."""
    metadata = dag["metadata"]
    with suppress(StoreError):
        await actor.delete(names.KIND_DAG, metadata["namespace"], metadata["name"], metadata["uid"])
    log.warning("the resubmission %s/%s broke off", metadata["namespace"], metadata["name"])


def _stamp(raw: Json) -> str | None:
    annotations = raw["metadata"].get("annotations") or {}
    return annotations.get(names.ANNOTATION_SUBMITTED)


OPERATIONS = (resubmit_dag,)
