"""What Kubernetes says about a job and its pods, in its own words."""

import asyncio
from collections.abc import Iterable

from aiohttp import web

from titan_api import names
from titan_api.json_types import Json
from titan_store.api.http.models import MicroTime, Model
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_JOB, read_object, require_cluster
from titan_store.auth.gate import Need

MOST_EVENTS = 200


class EventItem(Model):
    """An Event."""

    time: MicroTime
    type: str
    reason: str
    message: str
    object: str
    """"Pod x", "TitanJob y"."""
    count: int
    source: str


class EventList(Model):
    """The newest first."""

    items: list[EventItem]


@Declaration(
    f"GET {BASE}/jobs/{{name}}/events",
    "List the Events of a job and of its pods.",
    {200: Answer("The newest first.", Content(JSON, EventList))},
    need=Need("events", "list", group="", is_for_people=True),
    refusals=(NO_JOB,),
)
async def list_events_of_job(call: Call[NoQuery]) -> web.Response:
    """Of the TitanJob, of the pods of its attempts, and, of a service, of its Deployment and of the pods it has now."""
    cluster = require_cluster(call)
    raw = await read_object(call, cluster, names.KIND_JOB)
    namespace, uid = call.caller.namespace, raw["metadata"]["uid"]
    pods = await cluster.pods(namespace, f"{names.LABEL_JOB_UID}={uid}")
    objects = _name_objects(raw, [pod["metadata"]["name"] for pod in pods])
    found = await asyncio.gather(*(cluster.events(namespace, kind, name) for kind, name in objects))
    return as_json(EventList(items=sort_events(event for events in found for event in events)))


def _name_objects(raw: Json, pods: Iterable[str]) -> list[tuple[str, str]]:
    attempts = (raw.get("status") or {}).get("attempts") or ()
    name = raw["metadata"]["name"]
    objects = [(names.KIND_JOB, name), *(("Pod", pod) for pod in {*pods, *(one["pod"] for one in attempts)})]
    return [*objects, ("Deployment", names.service_name(name))] if raw["spec"].get("type") == "Service" else objects


def sort_events(events: Iterable[Json]) -> list[EventItem]:
    """The newest first; no more than somebody would read."""
    items = sorted(map(to_event, events), key=lambda item: item.time, reverse=True)
    return items[:MOST_EVENTS]


def to_event(raw: Json) -> EventItem:
    """Old and new writers of Events fill different fields."""
    involved, series = raw.get("involvedObject") or {}, raw.get("series") or {}
    times = (
        series.get("lastObservedTime"), raw.get("lastTimestamp"), raw.get("eventTime"), raw.get("firstTimestamp"),
        raw["metadata"].get("creationTimestamp"),
    )  # fmt: skip
    return EventItem(
        time=next((time for time in times if time), ""),
        type=raw.get("type") or "Normal",
        reason=raw.get("reason") or "",
        message=raw.get("message") or "",
        object=f"{involved.get('kind', '')} {involved.get('name', '')}".strip(),
        count=series.get("count") or raw.get("count") or 1,
        source=raw.get("reportingComponent") or (raw.get("source") or {}).get("component") or "",
    )


OPERATIONS = (list_events_of_job,)
