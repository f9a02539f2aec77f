"""Watching a DAG or a job: redrawn in place on a terminal, told line by line elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from titan_sdk.cli.board import render_board
from titan_sdk.cli.changes import list_changes
from titan_sdk.cli.output import say

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from titan_api.views import DagView, JobView

_FRAMES_PER_SECOND = 8


class Progress(Protocol):
    """Where a program that waits puts what it sees; the SDK's ``on_change`` fits ``show``."""

    def show(self, view: "DagView | JobView") -> None:
        """A newer view of what is watched."""

    def ask(self, question: str) -> None:
        """Put a question under the picture; an empty one takes it away."""


@contextmanager
def open_progress(console: "Console") -> Iterator[Progress]:
    """The form of Progress that suits the console; on leaving, the last picture stays where it is."""
    if not console.is_terminal:
        yield LineProgress()
        return
    progress = BoardProgress(console)
    with progress.drawing():
        yield progress


class BoardProgress:
    """Redraws the board in place; its clock runs on between changes."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._view: DagView | JobView | None = None
        self._question = ""

    def show(self, view: "DagView | JobView") -> None:
        """Draw this view from the next frame on."""
        self._view = view

    def ask(self, question: str) -> None:
        """Show a question under the board."""
        self._question = question

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Frames are drawn inside; the last one stays."""
        from rich.live import Live

        with Live(
            console=self._console,
            get_renderable=self._render,
            refresh_per_second=_FRAMES_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield

    def _render(self) -> "RenderableType":
        if self._view is None:
            return ""
        return render_board(self._view, datetime.now(UTC), self._console.height, self._question)


class LineProgress:
    """One line for each change."""

    def __init__(self) -> None:
        self._view: DagView | JobView | None = None

    def show(self, view: "DagView | JobView") -> None:
        """Print what changed since the last view."""
        for line in list_changes(self._view, view, datetime.now(UTC)):
            say(line)
        self._view = view

    def ask(self, question: str) -> None:
        """Print the question."""
        if question:
            say(question)
