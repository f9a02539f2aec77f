"""The log on its way: a thread ships what the program prints while it runs, the main thread ships the rest."""

from __future__ import annotations

import threading
from contextlib import suppress

from titan_runner.errors import StoreError, StoreRefused
from titan_runner.patience import Pauses, insist

TYPE_CHECKING = False
if TYPE_CHECKING:
    from titan_runner.assignments import Assignment
    from titan_runner.spools import Spool
    from titan_runner.stores import Store

INTERVAL_SECONDS = 0.25
"""Between two appends. The first bytes go at once, so a person sees at once that the program lives."""
CHUNK = 512 * 1024


class LogShipper:
    """Owner of the connection to the store from ``start`` until ``finish``."""

    def __init__(self, store: Store, spool: Spool, assignment: Assignment) -> None:
        self._store = store
        self._spool = spool
        self._assignment = assignment
        self._has_news = threading.Event()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._ship_while_running, name="log-shipper", daemon=True)
        self.shipped = 0
        """How much of our output is in the store, as far as is known here."""
        self._begins_at = None if assignment.is_service else 0
        """Where our output begins in the store's log. A service's log goes on where its former run left it."""
        self._is_full = False

    def start(self) -> None:
        """Ship in the background from now on."""
        self._thread.start()

    def add(self, data: bytes) -> None:
        """Output of the program."""
        self._spool.append(data)
        self._has_news.set()

    def finish(self, seconds: float) -> int:
        """Ship the rest; returns the size of the log. Raises StoreError if that takes longer than given."""
        self._is_closing.set()
        self._has_news.set()
        if self._thread.ident is not None:
            self._thread.join()
        while self._has_more():
            insist(self._ship_once, seconds)
        return self.shipped

    def _ship_while_running(self) -> None:
        pauses = Pauses()
        self._greet()
        while not self._is_closing.is_set():
            self._has_news.wait()
            self._has_news.clear()
            try:
                while self._has_more():
                    self._ship_once()
                    pauses.reset()
            except StoreError as error:
                # Whatever it is, the program goes on; at its end the rest is insisted on, with patience.
                self._has_news.set()
                self._is_closing.wait(pauses.after(error))
            else:
                self._is_closing.wait(INTERVAL_SECONDS)

    def _greet(self) -> None:
        """Connect and be recognised while the program starts, so the first line and the outcome need not wait."""
        with suppress(StoreError):
            if self._find_beginning() == 0:
                self._store.append_log(self._assignment.job_uid, self._assignment.attempt, 0, b"")

    def _find_beginning(self) -> int:
        if self._begins_at is None:
            self._begins_at = self._store.log_size(self._assignment.job_uid, self._assignment.attempt)
        return self._begins_at

    def _has(self, offset: int) -> bool:
        return offset >= 0 and bool(self._spool.read(offset, 1))

    def _has_more(self) -> bool:
        return not self._is_full and self.shipped < self._spool.end

    def _ship_once(self) -> None:
        data = self._spool.read(self.shipped, CHUNK)
        job_uid, attempt = self._assignment.job_uid, self._assignment.attempt
        before = self._find_beginning()
        try:
            self.shipped = self._store.append_log(job_uid, attempt, before + self.shipped, data) - before
        except StoreRefused as error:
            if error.code == "TooLarge":
                # The store keeps no more of this log. That is no reason to fail the job.
                self._is_full = True
            elif error.code == "LogGap" and error.size is not None and self._has(error.size - before):
                self.shipped = error.size - before
            else:
                raise
        self._spool.release(self.shipped)
