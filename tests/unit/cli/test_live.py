"""Watching: redrawn in place on a terminal, line by line in a pipe."""

from io import StringIO

import pytest
from builders.sdk.views import dag_view, job_view
from rich.console import Console

from titan_sdk.cli.live import open_progress


def test_on_a_terminal_the_last_picture_stays_and_holds_the_end() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=100, color_system=None)
    with open_progress(console) as progress:
        progress.show(dag_view(job_view("load", "Running")))
        progress.ask("Publish?")
        progress.ask("")
        progress.show(dag_view(job_view("load", "Succeeded"), phase="Succeeded"))
    last = console.file.getvalue().rpartition("digits-x7k2p")[2]
    assert "Succeeded  1/1  7.0s" in last
    assert "Publish?" not in last


def test_a_question_is_drawn_under_the_board() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=100, color_system=None)
    with open_progress(console) as progress:
        progress.show(dag_view(job_view("load", "Running")))
        progress.ask("Publish?")
    assert "\nPublish?" in console.file.getvalue()


def test_an_interrupted_watch_leaves_the_terminal_as_it_was() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=100)
    with pytest.raises(KeyboardInterrupt), open_progress(console) as progress:
        progress.show(dag_view(job_view("load", "Running")))
        raise KeyboardInterrupt
    assert console.file.getvalue().rpartition("\x1b[?25")[2].startswith("h")


def test_in_a_pipe_nothing_is_redrawn_and_questions_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with open_progress(Console(file=StringIO(), force_terminal=False)) as progress:
        progress.show(dag_view(job_view("load", "Running")))
        progress.show(dag_view(job_view("load", "Running")))
        progress.ask("Publish?")
        progress.ask("")
        progress.show(dag_view(job_view("load", "Succeeded"), phase="Succeeded"))
    assert capsys.readouterr().out.splitlines() == [
        "load: Running on titan-1",
        "Publish?",
        "load: Succeeded in 2.0s",
        "digits-x7k2p: Succeeded, 1/1 jobs in 7.0s",
    ]
