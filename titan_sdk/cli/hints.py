"""What a person sees while a job has not printed anything yet: why it waits, on stderr, and only on a terminal."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from titan_api.views import JobView
    from titan_sdk.client import TitanClient

_LOOK_SECONDS = 1.0


@contextmanager
def hinting(client: "TitanClient", job: str, console: "Console") -> Iterator[Callable[[], None]]:
    """A line that says what the job does; the callable that is yielded takes the line away for good."""
    over = threading.Event()
    if not console.is_terminal:
        yield over.set
        return
    with console.status(f"{job}: Pending") as line:

        def stop() -> None:
            over.set()
            line.stop()

        def look() -> None:
            from titan_sdk.errors import TitanError

            while not over.wait(_LOOK_SECONDS):
                try:
                    line.update(describe(client.get_job(job)))
                except TitanError:
                    return  # Whoever reads the log meets the same error and reports it.

        threading.Thread(target=look, name="titan-hint", daemon=True).start()
        try:
            yield stop
        finally:
            over.set()


def describe(view: "JobView") -> str:
    """Phase, and why it is in it, without anything that rich would take for markup."""
    from rich.markup import escape

    return escape(f"{view.name}: {view.phase}{f', {view.message}' if view.message else ''}")
