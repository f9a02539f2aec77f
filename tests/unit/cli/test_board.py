"""What a person sees while a DAG runs."""

from io import StringIO

import pytest
from builders.sdk.views import after, dag_view, job_view
from rich.console import Console

from titan_sdk.cli.board import choose_visible, describe_job, order_by_parents, render_board
from titan_sdk.cli.changes import list_changes


def draw(view: object, lines: int = 30, footer: str = "") -> str:
    console = Console(file=StringIO(), width=100, color_system=None)
    console.print(render_board(view, after(3), lines, footer))
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_a_board_shows_each_job_with_its_phase_node_attempt_and_time_parents_first() -> None:
    view = dag_view(
        job_view("choose", parents=("train",)),
        job_view("load", "Succeeded"),
        job_view("train", "Running", node="titan-gpu", attempt=2, parents=("load",)),
    )
    assert draw(view) == "\n".join(
        [
            "digits  digits-x7k2p  Running  1/3  3.0s",
            "",
            "JOB     PHASE      NODE       ATTEMPT  TIME",
            "load    Succeeded  titan-1    1        2.0s",
            "train   Running    titan-gpu  2        3.0s",
            "choose  Pending",
        ]
    )


def test_a_board_of_a_single_job_has_its_id_as_title() -> None:
    assert draw(job_view("hello", "Succeeded", dag=None)).splitlines()[0].startswith("hello  digits-x7k2p-hello")


def test_a_question_stands_under_the_board() -> None:
    assert draw(dag_view(job_view("load", "Running")), footer="Publish?").splitlines()[-1] == "Publish?"


def test_a_thousand_jobs_fit_a_screen_of_twenty_lines_and_those_that_run_are_on_it() -> None:
    jobs = [job_view(f"job{number:04}", "Succeeded") for number in range(999)] + [job_view("job9999", "Running")]
    text = draw(dag_view(*jobs), lines=20)
    assert len(text.splitlines()) <= 20
    assert "job9999" in text
    assert "… and 986 more" in text


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (job_view("a", "Succeeded", approval="Pending"), "waits for approval: titan approve hitl-gate-a"),
        (job_view("a", "Succeeded", approval="Rejected"), "gate Rejected"),
        (job_view("a", "Running", approval="Scheduled"), ""),
        (job_view("a", message="Insufficient nvidia.com/gpu"), "Insufficient nvidia.com/gpu"),
        (job_view("a", "Failed", message="exit code 3"), "exit code 3"),
        (job_view("a", "Succeeded", message="old news"), ""),
    ],
)
def test_a_job_is_described_by_what_a_person_should_know_now(job: object, words: str) -> None:
    assert describe_job(job) == words


def test_jobs_stay_where_they_are_when_their_phases_change() -> None:
    before = [job_view("b"), job_view("a"), job_view("c", parents=("a",))]
    later = [job_view("c", "Running", parents=("a",)), job_view("b", "Failed"), job_view("a", "Succeeded")]
    assert [job.job_id for job in order_by_parents(before)] == [job.job_id for job in order_by_parents(later)]


def test_a_cycle_is_shown_by_id_instead_of_failing() -> None:
    cycle = [job_view("b", parents=("a",)), job_view("a", parents=("b",))]
    assert [job.job_id for job in order_by_parents(cycle)] == ["a", "b"]


def test_a_chain_of_five_thousand_jobs_is_ordered() -> None:
    chain = [job_view(f"j{n:05}", parents=(f"j{n - 1:05}",) if n else ()) for n in reversed(range(5_000))]
    assert [job.job_id for job in order_by_parents(chain)] == sorted(job.job_id for job in chain)


def test_parents_of_earlier_dags_do_not_matter_for_the_order() -> None:
    assert [job.job_id for job in order_by_parents([job_view("b", parents=("elsewhere",))])] == ["b"]


def test_a_small_screen_keeps_what_failed_before_what_waits() -> None:
    jobs = [job_view("done", "Succeeded"), job_view("waits"), job_view("broke", "Failed"), job_view("runs", "Running")]
    assert [job.job_id for job in choose_visible(jobs, 2)] == ["broke", "runs"]


def test_changes_are_told_once_in_words_a_log_can_hold() -> None:
    first = dag_view(job_view("load", "Running"), job_view("train", parents=("load",)))
    second = dag_view(
        job_view("load", "Succeeded", approval="Pending"), job_view("train", parents=("load",)), waiting_approvals=1
    )
    third = dag_view(
        job_view("load", "Succeeded", approval="Approved"),
        job_view("train", "Running", attempt=2, parents=("load",)),
    )
    fourth = dag_view(
        job_view("load", "Succeeded", approval="Approved"),
        job_view("train", "Failed", attempt=2, parents=("load",), message="exit code 3"),
        phase="Failed",
    )
    told = [
        list_changes(before, view, after(9))
        for before, view in zip([None, first, second, third], [first, second, third, fourth], strict=True)
    ]
    assert told == [
        ["load: Running on titan-1"],
        ["load: Succeeded in 2.0s, waits for approval: titan approve hitl-gate-load"],
        ["load: Succeeded in 2.0s, gate Approved", "train: Running on titan-1 (attempt 2)"],
        ["train: Failed in 2.0s, exit code 3", "digits-x7k2p: Failed, 2/2 jobs in 7.0s"],
    ]
    assert list_changes(fourth, fourth, after(9)) == []
