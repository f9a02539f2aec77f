"""What machines read, and the small words in tables."""

import json

import pytest
from builders.sdk.views import START, after, dag_view, gate_view, job_view

from titan_sdk.cli.ages import format_seconds, format_span
from titan_sdk.cli.commands.files import format_size
from titan_sdk.cli.output import emit_json, print_columns


def test_json_has_kubernetes_spelling_and_iso_times(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json(dag_view(job_view("load", "Running"), agent_run_id="r1"))
    document = json.loads(capsys.readouterr().out)
    assert (document["displayName"], document["agentRunID"], document["waitingApprovals"]) == ("digits", "r1", 0)
    assert document["created"] == "2026-01-02T03:04:05+00:00"
    assert (document["jobs"][0]["jobID"], document["jobs"][0]["exitCode"]) == ("load", None)


def test_json_is_one_line_and_keeps_unicode_readable(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json(gate_view(message="Größe\nok? 🙂"))
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "Größe\\nok? 🙂" in printed


def test_columns_in_a_pipe_are_neither_cut_nor_coloured(capsys: pytest.CaptureFixture[str]) -> None:
    print_columns(("NAME", "PHASE"), [("x" * 300, "Failed"), ("[bold]y[/bold]", "Succeeded")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["NAME", "PHASE"], ["x" * 300, "Failed"], ["[bold]y[/bold]", "Succeeded"]]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0.0s"),
        (0.44, "0.4s"),
        (9.9, "9.9s"),
        (59.9, "59s"),
        (65, "1m05s"),
        (7_800, "2h10m"),
        (442_800, "5d03h"),
    ],
)
def test_durations_take_two_units_at_most(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


def test_what_has_not_begun_has_no_duration_and_what_runs_counts_to_now() -> None:
    assert format_span(None, None, after(5)) == ""
    assert format_span(START, None, after(5)) == "5.0s"
    assert format_span(START, after(2), after(5)) == "2.0s"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (3_400_000, "3.4 MB"), (2e15, "2000.0 TB")],
)
def test_sizes_are_said_as_people_say_them(size: float, text: str) -> None:
    assert format_size(size) == text
