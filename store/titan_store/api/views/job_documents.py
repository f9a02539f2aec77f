"""The JSON body of one job by itself, made of its TitanJob."""

from typing import Literal

from titan_api import defaults
from titan_api.job_fields import default_of
from titan_api.json_types import Json
from titan_store.api.gates.documents import GateItem
from titan_store.api.http.models import MicroTime, Model
from titan_store.api.views.documents import ConditionItem, JobItem


class AttemptItem(Model):
    """One pod's try at the job."""

    number: int
    pod: str
    node_name: str | None = None
    start_time: MicroTime | None = None
    end_time: MicroTime | None = None
    exit_code: int | None = None
    reason: str | None = None
    message: str | None = None


class SourceItem(Model):
    """What runs."""

    kind: Literal["inline", "script", "archive", "container"]
    file_name: str | None = None
    digest: str | None = None
    entrypoint: str | None = None
    image: str | None = None
    command: list[str] | None = None


class VariableItem(Model):
    """An environment variable of the program."""

    name: str
    value: str


class ResourcesItem(Model):
    """What it asks for, in Kubernetes' quantities."""

    requests: dict[str, str]
    limits: dict[str, str]


class RetryItem(Model):
    """How often a failed attempt is repeated."""

    limit: int
    backoff_seconds: int
    max_backoff_seconds: int


class JobDetail(Model):
    """A job by itself."""

    job: JobItem
    why: str
    """One sentence: why it is where it is."""
    attempts: list[AttemptItem]
    """The last ten, oldest first."""
    conditions: list[ConditionItem]
    children: list[str]
    """Ids of the jobs that wait for it."""
    source: SourceItem
    args: list[str]
    env: list[VariableItem]
    secrets: list[str]
    """Names of Secrets; their content is never shown."""
    resources: ResourcesItem
    image: str | None = None
    retry: RetryItem
    active_deadline_seconds: int | None = None
    """Longest time of one attempt."""
    requested_by: str | None = None
    gate: GateItem | None = None
    """The newest one behind it."""


def describe_job(raw: Json, job: JobItem, why: str, children: list[str], gate: GateItem | None) -> JobDetail:
    """The body; ``raw`` is the TitanJob."""
    spec, status = raw["spec"], raw.get("status") or {}
    source, retry, resources = _find_source(spec), spec.get("retry") or {}, spec.get("resources") or {}
    return JobDetail.model_validate(
        {
            "job": job,
            "why": why,
            "attempts": [_choose(one, AttemptItem) for one in status.get("attempts") or ()],
            "conditions": [
                {"reason": "", "message": ""} | _choose(one, ConditionItem) for one in status.get("conditions") or ()
            ],
            "children": children,
            "source": source,
            "args": spec.get("args") or [],
            "env": [{"name": one["name"], "value": one.get("value") or ""} for one in spec.get("env") or ()],
            "secrets": spec.get("secrets") or [],
            "resources": {name: _as_text(resources.get(name) or {}) for name in ("requests", "limits")},
            "image": spec.get("image") or source.image,
            "retry": {
                "limit": retry.get("limit", defaults.RETRY_LIMIT),
                "backoffSeconds": retry.get("backoffSeconds", defaults.BACKOFF_SECONDS),
                "maxBackoffSeconds": retry.get("maxBackoffSeconds", default_of("max_backoff")),
            },
            "activeDeadlineSeconds": spec.get("activeDeadlineSeconds"),
            "requestedBy": spec.get("requestedBy"),
            "gate": gate,
        }
    )


def _find_source(spec: Json) -> SourceItem:
    kind, content = next((kind, content) for kind, content in spec["source"].items() if content)
    return SourceItem.model_validate({"kind": kind} | _choose(content, SourceItem))


def _choose(raw: Json, model: type[Model]) -> Json:
    """The fields that the model knows; the objects may have others."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    return {name: value for name, value in raw.items() if name in known and value is not None}


def _as_text(quantities: Json) -> dict[str, str]:
    """Kubernetes accepts numbers for quantities, too."""
    return {name: str(quantity) for name, quantity in quantities.items()}
