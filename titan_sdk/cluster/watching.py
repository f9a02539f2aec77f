"""Following some objects of the cluster: what is there, then every change, whatever happens to the API server.

Each feed runs in a thread of its own and puts updates into the caller's queue; so one caller may follow several
kinds, with a timeout, and its own code runs in its own thread only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Union

from titan_api.json_types import Json
from titan_sdk.cluster.kube import Kube, Watch
from titan_sdk.errors import TitanError, TitanUnavailable
from titan_sdk.transport.refusals import Gone
from titan_sdk.transport.retrying import Backoff


@dataclass(frozen=True)
class Selection:
    """What is followed."""

    plural: str
    labels: str = ""
    fields: str = ""


@dataclass(frozen=True)
class Listed:
    """Everything that is there now; what else was known is gone."""

    selection: Selection
    objects: Sequence[Json]


@dataclass(frozen=True)
class Changed:
    """One object as it is now, or as it was last."""

    selection: Selection
    object: Json
    is_deleted: bool


@dataclass(frozen=True)
class Lost:
    """The API server is away; the feed goes on trying."""

    selection: Selection
    error: TitanUnavailable


@dataclass(frozen=True)
class Ended:
    """The feed cannot go on."""

    error: TitanError


Update = Union[Listed, Changed, Lost, Ended]


class Feed:
    """Follows one selection until it is stopped. ``poll``: list anew after so many seconds instead of watching."""

    def __init__(self, kube: Kube, selection: Selection, updates: SimpleQueue[Update], poll: float | None) -> None:
        self._kube = kube
        self._selection = selection
        self._updates = updates
        self._poll = poll
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._watch: Watch | None = None
        self._thread = threading.Thread(target=self._run, name=f"titan-{selection.plural}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End. The thread is woken where it waits, but not awaited: it may be in the middle of a connect."""
        self._stopped.set()
        with self._lock:
            if self._watch is not None:
                self._watch.interrupt()

    def _run(self) -> None:
        backoff = Backoff()
        while not self._stopped.is_set():
            try:
                self._follow()
                backoff = Backoff()
            except Gone:
                continue
            except TitanUnavailable as error:
                if self._stopped.is_set():
                    return
                self._updates.put(Lost(self._selection, error))
                self._stopped.wait(backoff.next())
            except TitanError as error:
                self._updates.put(Ended(error))
                return

    def _follow(self) -> None:
        """List, then pass on what happens, until the connection is lost."""
        selection = self._selection
        listing = self._kube.list(selection.plural, labels=selection.labels, fields=selection.fields)
        self._updates.put(Listed(selection, listing.items))
        if self._poll is not None:
            self._stopped.wait(self._poll)
            return
        version = listing.version
        while not self._stopped.is_set():
            version = self._pass_on(version)

    def _pass_on(self, version: str) -> str:
        """Pass one watch on; returns the version from which to go on."""
        selection = self._selection
        watch = self._kube.watch(selection.plural, version, labels=selection.labels, fields=selection.fields)
        with self._lock:
            self._watch = watch
        try:
            if self._stopped.is_set():
                return version
            for kind, obj in watch:
                version = obj["metadata"]["resourceVersion"]
                if kind != "BOOKMARK":
                    self._updates.put(Changed(selection, obj, is_deleted=kind == "DELETED"))
        finally:
            with self._lock:
                self._watch = None
            watch.close()
        return version


class Picture:
    """The objects of one selection, as its updates tell."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.objects: dict[str, Json] = {}
        self.is_listed = False

    def apply(self, update: Update) -> None:
        """Take in an update; those of other selections are ignored."""
        if isinstance(update, Ended) or update.selection != self.selection:
            return
        if isinstance(update, Listed):
            self.objects = {obj["metadata"]["uid"]: obj for obj in update.objects}
            self.is_listed = True
        elif isinstance(update, Changed) and update.is_deleted:
            self.objects.pop(update.object["metadata"]["uid"], None)
        elif isinstance(update, Changed):
            self.objects[update.object["metadata"]["uid"]] = update.object
