"""kopf's settings: it writes nothing, compares nothing, and never gives up."""

from collections.abc import Iterable, Iterator
from typing import Any

import kopf

from titan_operator.cluster.gateway import LABEL_SELECTORS
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD

BACKOFFS = (0.05, 0.1, 0.2, 0.5)
"""Seconds between tries of kopf's requests; the last value repeats for ever."""


def build_settings() -> kopf.OperatorSettings:
    """kopf without anything that writes."""
    settings = kopf.OperatorSettings()
    settings.persistence.diffbase_storage = _NoDiffBase()
    settings.persistence.progress_storage = _NoProgress()
    settings.posting.enabled = False
    settings.networking.error_backoffs = _Endless(BACKOFFS)
    settings.networking.connect_timeout = 3.0
    settings.watching.label_selectors["", "v1", "pods"] = LABEL_SELECTORS[KIND_POD]
    settings.watching.label_selectors["apps", "v1", "deployments"] = LABEL_SELECTORS[KIND_DEPLOYMENT]
    settings.watching.reconnect_backoff = 0.05
    settings.process.ultimate_exiting_timeout = 20.0
    settings.queueing.exit_timeout = 0.5
    return settings


class _Endless(Iterable[float]):
    """Never runs out: when these are used up, kopf stops trying and ends."""

    def __init__(self, first: tuple[float, ...]) -> None:
        self._first = first

    def __iter__(self) -> Iterator[float]:
        yield from self._first
        while True:
            yield self._first[-1]


class _NoDiffBase(kopf.DiffBaseStorage):
    """kopf compares each object with its former self for handlers that we do not have: half its time per event."""

    def build(self, *, body: kopf.Body, extra_fields: Any = None) -> kopf.BodyEssence:
        return kopf.BodyEssence()

    def fetch(self, *, body: kopf.Body) -> kopf.BodyEssence | None:
        return None

    def store(self, *, body: kopf.Body, patch: kopf.Patch, essence: kopf.BodyEssence) -> None:
        return


class _NoProgress(kopf.ProgressStorage):
    """Handlers of events have no progress; kopf would look for it in each object and copy what it found."""

    def fetch(self, *, key: kopf.HandlerId, body: kopf.Body) -> None:
        return None

    def store(self, *, key: kopf.HandlerId, record: kopf.ProgressRecord, body: kopf.Body, patch: kopf.Patch) -> None:
        return

    def purge(self, *, key: kopf.HandlerId, body: kopf.Body, patch: kopf.Patch) -> None:
        return

    def touch(self, *, body: kopf.Body, patch: kopf.Patch, value: str | None) -> None:
        return

    def clear(self, *, essence: kopf.BodyEssence) -> kopf.BodyEssence:
        return essence
