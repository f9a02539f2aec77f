"""What the MCP server's tools do: from a client and arguments to a JSON text, which always has a ``status``.

An agent works here with somebody's credentials. It may submit, look and fetch; but a gate is the question whether a
person agrees, so whoever submitted the job may not answer it here, and no job's own identity may. (The person
behind these credentials still can, with ``titan approve``.)
"""

import functools
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from titan_api import names
from titan_api.job_fields import FIELDS
from titan_api.json_types import Json
from titan_sdk.errors import TitanError, TitanForbidden, TitanTimeout
from titan_sdk.legacy.words import UNREACHABLE
from titan_sdk.submit.jobs import TitanJob

if TYPE_CHECKING:
    from titan_sdk.client import TitanClient

P = ParamSpec("P")
MAX_LOG_CHARACTERS = 200_000
"""So much of a log's end is handed to an agent; more would only flood it."""
ALIASES = {field.key: field.name for field in FIELDS.values() if field.key is not None}
"""Keys that agents know from the YAML form, as TitanJob calls them."""
TOOLS: dict[str, Callable[..., str]] = {}
"""By the names under which agents call them; agents read the docstrings, and of each argument its type."""


def offered(tool: "Callable[Concatenate[TitanClient, P], Json]") -> "Callable[Concatenate[TitanClient, P], str]":
    """The tool with its answer as JSON; what goes wrong becomes ``{"status": "error", "message": one sentence}``."""

    @functools.wraps(tool)
    def answer(client: "TitanClient", /, *args: P.args, **kwargs: P.kwargs) -> str:
        try:
            document = tool(client, *args, **kwargs)
        except (TitanError, OSError, ValueError, TypeError) as error:
            document = {"status": "error", "message": " ".join(str(error).split()) or type(error).__name__}
        return json.dumps(document, ensure_ascii=False)

    TOOLS[tool.__name__.removeprefix("_").removesuffix("_impl")] = answer
    return answer


@offered
def _ping_master_impl(client: "TitanClient") -> Json:
    """Check that Titan and its store answer, and as whom it knows you."""
    user = client.whoami()
    client.store.list("titan:ping:")
    return {"status": "ok", "message": "Titan answers", "user": user, "namespace": client.namespace}


@offered
def _submit_single_job_impl(
    client: "TitanClient", /, job_id: str, filename: str | None = None, **arguments: Any
) -> Json:
    """Run one job that stands alone."""
    given = {name: value for name, value in arguments.items() if value is not None}
    described = build_job({"job_id": job_id, "filename": filename, **given})
    accepted = _checked(client.submit_job(described))
    return {"status": "submitted", "job_id": described.job_id} | _names_of(accepted)


@offered
def _submit_dag_pipeline_impl(
    client: "TitanClient", name: str, jobs: Sequence[Mapping[str, Any]] | str, agent_run_id: str | None = None
) -> Json:
    """Run linked jobs as one DAG. Children start when their parents have succeeded, in the parents' files."""
    described = [build_job(job) for job in _loaded(jobs)]
    accepted = _checked(client.submit_dag(name, described, agent_run_id=agent_run_id))
    return {"status": "submitted", "dag_name": name, "job_ids": [job.job_id for job in described]} | _names_of(accepted)


@offered
def _submit_yaml_pipeline_impl(client: "TitanClient", yaml_path: str, agent_run_id: str | None = None) -> Json:
    """Run the pipeline of a YAML file on this machine; its folder goes along."""
    accepted = _checked(client.submit_yaml(yaml_path, agent_run_id=agent_run_id))
    job_ids = list(getattr(accepted, "job_ids", ()))
    return {"status": "submitted", "yaml_path": yaml_path, "job_ids": job_ids} | _names_of(accepted)


@offered
def _get_job_status_impl(client: "TitanClient", job_id: str) -> Json:
    """PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, or NULL for what is unknown; also of a gate."""
    return {"status": "ok", "job_id": job_id, "job_status": _checked(client.get_job_status(job_id))}


@offered
def _get_job_logs_impl(client: "TitanClient", job_id: str) -> Json:
    """What the newest attempt of a job printed."""
    logs = _checked(client.fetch_logs(job_id))
    shown = logs[-MAX_LOG_CHARACTERS:]
    return {"status": "ok", "job_id": job_id, "logs": shown, "truncated": len(shown) < len(logs)}


@offered
def _tail_job_logs_impl(client: "TitanClient", job_id: str, lines: int = 50) -> Json:
    """The last lines that a job printed."""
    tail = deque(client.stream_logs(job_id, follow=False), maxlen=max(lines, 1))
    return {"status": "ok", "job_id": job_id, "lines": list(tail)}


@offered
def _wait_for_completion_impl(client: "TitanClient", target: str, timeout_seconds: float = 30) -> Json:
    """Wait until a DAG or a job has ended, or the time is over; then ask again."""
    try:
        view = client.wait(target, timeout=timeout_seconds)
    except TitanTimeout as error:
        return {"status": "ok", "target": target, "ended": False, "message": str(error)}
    return {
        "status": "ok",
        "target": target,
        "ended": True,
        "name": view.name,
        "phase": view.phase,
        "succeeded": view.succeeded,
        "message": view.message,
    }


@offered
def _list_dags_impl(client: "TitanClient", agent_run_id: str | None = None, limit: int = 20) -> Json:
    """The newest DAGs with their phases."""
    dags = [
        {
            "name": dag.name,
            "dag_name": dag.display_name,
            "phase": dag.phase,
            "progress": dag.progress,
            "waiting_approvals": dag.waiting_approvals,
            "agent_run_id": dag.agent_run_id,
        }
        for dag in client.list_dags(agent_run_id=agent_run_id, limit=limit)
    ]
    return {"status": "ok", "dags": dags}


@offered
def _approve_hitl_gate_impl(client: "TitanClient", gate_id: str, comment: str = "") -> Json:
    """Approve at a gate of somebody else's job."""
    gate = client.approve(_gate_for(client, gate_id), comment)
    return {"status": "approved", "gate_id": gate.gate_id, "phase": gate.phase}


@offered
def _reject_hitl_gate_impl(client: "TitanClient", gate_id: str, comment: str = "") -> Json:
    """Reject at a gate of somebody else's job."""
    gate = client.reject(_gate_for(client, gate_id), comment)
    return {"status": "rejected", "gate_id": gate.gate_id, "phase": gate.phase}


@offered
def _store_get_impl(client: "TitanClient", key: str) -> Json:
    """A value that jobs and people share; NULL for a missing key."""
    return {"status": "ok", "key": key, "value": _checked(client.store_get(key))}


@offered
def _store_put_impl(client: "TitanClient", key: str, value: str) -> Json:
    """Store a value durably."""
    if key.startswith("titan:hitl:"):
        raise TitanForbidden("gates are decided by approve_hitl_gate and reject_hitl_gate, not by keys of the store")
    _checked(client.store_put(key, value))
    return {"status": "ok", "key": key}


@offered
def _deploy_script_impl(client: "TitanClient", filepath: str) -> Json:
    """Upload a script, which jobs may then name without having the file."""
    _checked(client.deploy_script(filepath))
    return {"status": "deployed", "filepath": filepath}


def build_job(described: Mapping[str, Any]) -> TitanJob:
    """A TitanJob of what an agent wrote, with TitanJob's own names or those of the YAML form. Raises ValueError."""
    if not isinstance(described, Mapping):
        raise ValueError(f"a job must be an object with job_id and filename or script_content, not {described!r}")
    arguments = {ALIASES.get(key, key): value for key, value in described.items()}
    try:
        return TitanJob(**arguments)
    except TypeError as error:
        raise ValueError(
            f"job {arguments.get('job_id')!r}: {str(error).removeprefix('TitanJob.__init__() ')}"
        ) from error


def _loaded(jobs: object) -> Sequence[Any]:
    """What agents give as JSON text or as JSON itself."""
    loaded = json.loads(jobs) if isinstance(jobs, str) else jobs
    if not isinstance(loaded, list | tuple):
        raise ValueError("jobs must be a JSON array")
    return loaded


def _checked(text: Any) -> Any:
    """The text, unless it tells of a failure. Raises TitanError with what it tells."""
    if isinstance(text, str) and text.startswith((UNREACHABLE, "ERROR: ")):
        raise TitanError(text.removeprefix("ERROR: "))
    return text


def _names_of(accepted: Any) -> Json:
    """What the answer of a submission carries beside its words."""
    return {"response": str(accepted), "name": getattr(accepted, "name", None)}


def _gate_for(client: "TitanClient", gate_id: str) -> str:
    """Name of the gate, if this identity may decide there. Raises TitanForbidden."""
    me, gate = client.whoami(), client.get_gate(gate_id)
    if me.startswith("system:serviceaccount:") and me.endswith(f":{names.SERVICE_ACCOUNT_JOB}"):
        raise TitanForbidden(f"{me} is the identity of jobs, which may not decide at gates: ask a person")
    if gate.requested_by in (None, me):
        asked = f"submitted by {me}" if gate.requested_by else "submitted by nobody knows whom"
        raise TitanForbidden(
            f"the job before the gate {gate.gate_id!r} was {asked}, and an agent may not approve or reject its own work: "
            f"ask a person to run `titan approve {gate.gate_id}`"
        )
    return gate.name
