"""Why a job has printed nothing yet."""

from io import StringIO

import pytest
from builders.sdk.clients import FakeClient
from builders.sdk.views import job_view
from rich.console import Console

from titan_sdk.cli.hints import describe, hinting


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (
            job_view("gpu", message="Insufficient nvidia.com/gpu"),
            "digits-x7k2p-gpu: Pending, Insufficient nvidia.com/gpu",
        ),
        (job_view("gpu", "Running"), "digits-x7k2p-gpu: Running"),
        (job_view("gpu", message="[red]"), "digits-x7k2p-gpu: Pending, \\\\[red]"),
    ],
)
def test_a_hint_says_what_the_job_waits_for(job: object, words: str) -> None:
    assert describe(job) == words.replace("\\\\", "\\")


def test_a_hint_is_drawn_on_a_terminal_and_gone_before_the_first_line() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with hinting(FakeClient(), "gpu", console) as stop:
        stop()
        assert console.file.getvalue().endswith("\x1b[2K")
    assert "gpu: Pending" in console.file.getvalue()


def test_in_a_pipe_there_is_no_hint() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    client = FakeClient()
    with hinting(client, "gpu", console) as stop:
        stop()
    assert (console.file.getvalue(), client.asked) == ("", [])
