"""Waiting until a DAG or a job has ended, by watching it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import TypeVar

from titan_api import names
from titan_api.views import DagView, JobView, view_dag, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.cluster.watching import Ended, Feed, Listed, Lost, Picture, Selection, Update
from titan_sdk.errors import TitanNotFound, TitanTimeout
from titan_sdk.runs.lookups import age_key, list_jobs

OUTAGE_SECONDS = 120.0
"""How long an API server may be away while we wait: an upgrade of a real one takes a minute."""


V = TypeVar("V", DagView, JobView)


def wait_for_dag(
    kube: Kube, name: str, timeout: float | None, poll: float | None, on_change: Callable[[DagView], None] | None
) -> DagView:
    """The TitanDAG when it has ended, or only serves. ``on_change`` gets every view on the way, its jobs included."""
    dag = Picture(Selection(names.PLURAL_DAGS, fields=f"metadata.name={name}"))
    jobs = Picture(Selection(names.PLURAL_JOBS, labels=f"{names.LABEL_DAG}={names.label_value(name)}"))

    def view() -> DagView | None:
        if not dag.is_listed or (on_change is not None and not jobs.is_listed):
            return None
        raw = next(iter(dag.objects.values()), None)
        if raw is None:
            raise TitanNotFound(f"the DAG {name!r} was deleted while it was waited for")
        # The DAG's end is told by a watch of its own, which may be ahead of that of the jobs.
        seen = view_dag(raw)
        found = (
            list_jobs(kube, name) if seen.is_final or seen.is_serving else sorted(jobs.objects.values(), key=age_key)
        )
        return view_dag(raw, tuple(map(view_job, found)))

    def is_over(seen: DagView) -> bool:
        is_stopping = seen.cancelling or any(job.phase == "Serving" and job.cancelling for job in seen.jobs)
        return seen.is_final or (seen.is_serving and not is_stopping)

    pictures = [dag, jobs] if on_change is not None else [dag]
    return _wait(kube, pictures, view, is_over, f"the DAG {name!r}", timeout, poll, on_change)


def wait_for_job(
    kube: Kube, name: str, timeout: float | None, poll: float | None, on_change: Callable[[JobView], None] | None
) -> JobView:
    """The TitanJob when it has ended, or, for a service, when its port answers."""
    job = Picture(Selection(names.PLURAL_JOBS, fields=f"metadata.name={name}"))

    def view() -> JobView | None:
        if not job.is_listed:
            return None
        raw = next(iter(job.objects.values()), None)
        if raw is None:
            raise TitanNotFound(f"the job {name!r} was deleted while it was waited for")
        return view_job(raw)

    def is_over(seen: JobView) -> bool:
        return seen.is_final or (seen.phase == "Serving" and not seen.cancelling)

    return _wait(kube, [job], view, is_over, f"the job {name!r}", timeout, poll, on_change)


def _wait(
    kube: Kube,
    pictures: Sequence[Picture],
    view: Callable[[], V | None],
    is_over: Callable[[V], bool],
    what: str,
    timeout: float | None,
    poll: float | None,
    on_change: Callable[[V], None] | None,
) -> V:
    updates: SimpleQueue[Update] = SimpleQueue()
    deadline = None if timeout is None else kube.clock.now() + timeout
    outage = Outage(kube)
    last: V | None = None
    with ExitStack() as feeds:
        for picture in pictures:
            feed = Feed(kube, picture.selection, updates, poll)
            feeds.callback(feed.stop)
            feed.start()
        while True:
            try:
                update = updates.get(timeout=None if deadline is None else max(deadline - kube.clock.now(), 0.0))
            except Empty as error:
                phase = last.phase if last is not None else "unknown"
                raise TitanTimeout(f"{what} did not end within {timeout} seconds; its phase is {phase}") from error
            outage.judge(update)
            for picture in pictures:
                picture.apply(update)
            if not updates.empty():
                # More is known already: one view of it all is enough.
                continue
            seen = view()
            if seen is None or seen == last:
                continue
            last = seen
            if on_change is not None:
                on_change(seen)
            if is_over(seen):
                return seen


class Outage:
    """Raises when the API server has been away for too long, or refuses for good."""

    def __init__(self, kube: Kube) -> None:
        self._clock = kube.clock
        self._since: float | None = None

    def judge(self, update: Update) -> None:
        """Take note of an update. Raises TitanUnavailable, or what ended the feed."""
        if isinstance(update, Ended):
            raise update.error
        if isinstance(update, Lost):
            self._since = self._clock.now() if self._since is None else self._since
            if self._clock.now() - self._since > OUTAGE_SECONDS:
                raise update.error
        if isinstance(update, Listed):
            self._since = None
