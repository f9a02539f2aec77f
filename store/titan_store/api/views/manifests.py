"""DAGs and jobs as YAML, as the API server has them now."""

import asyncio
from typing import Any

from aiohttp import web

from titan_api import names
from titan_store.api.http.operations import BASE, Answer, Call, Content, Declaration
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG, NO_JOB, read_object, require_cluster
from titan_store.api.views.dags import READ_DAG
from titan_store.api.views.job import READ_JOB

YAML = "text/yaml"

_ANSWER = {200: Answer("YAML.", Content(YAML))}


@Declaration(
    f"GET {BASE}/dags/{{name}}/manifest", "Read a TitanDAG as YAML.", _ANSWER, need=READ_DAG, refusals=(NO_DAG,)
)
async def get_manifest_of_dag(call: Call[NoQuery]) -> web.Response:
    """A TitanDAG."""
    return await _render(await read_object(call, require_cluster(call), names.KIND_DAG))


@Declaration(
    f"GET {BASE}/jobs/{{name}}/manifest", "Read a TitanJob as YAML.", _ANSWER, need=READ_JOB, refusals=(NO_JOB,)
)
async def get_manifest_of_job(call: Call[NoQuery]) -> web.Response:
    """A TitanJob."""
    return await _render(await read_object(call, require_cluster(call), names.KIND_JOB))


async def _render(raw: dict[str, Any]) -> web.Response:
    text = await asyncio.to_thread(to_yaml, raw)
    return web.Response(text=text, content_type=YAML, charset="utf-8")


def to_yaml(raw: dict[str, Any]) -> str:
    """The object without what only the API server reads."""
    import yaml  # Here, because a store starts more often than it shows a manifest.

    metadata = {name: value for name, value in raw["metadata"].items() if name != "managedFields"}
    shown = {name: metadata if name == "metadata" else value for name, value in raw.items()}
    return yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=120)


OPERATIONS = (get_manifest_of_dag, get_manifest_of_job)
