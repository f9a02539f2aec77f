"""Each command against a client of no cluster: what it prints, what it asks for, and its exit code."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders.sdk.clients import FakeClient, FakeFiles, FakeValues
from builders.sdk.views import START, dag_view, gate_view, job_view

from titan_sdk.cli.app import run
from titan_sdk.cli.edge import Edge
from titan_sdk.cli.exits import ExitCode
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanTimeout, TitanUnavailable

Result = tuple[int, str, str]
Titan = Callable[..., Result]


@pytest.fixture
def titan(capsys: pytest.CaptureFixture[str]) -> Titan:
    """Runs one command in this process and returns exit code, stdout and stderr."""

    def call(client: FakeClient, *arguments: str) -> Result:
        def connect(namespace: str | None, context: str | None) -> FakeClient:
            client.asked.append(("connect", namespace, context))
            return client

        code = run(arguments, Edge(connect=connect, open_local=lambda _: pytest.fail("not asked for")))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_status_lists_dags_with_what_waits_for_a_person(titan: Titan) -> None:
    client = FakeClient(known_dags=[dag_view(job_view("a", "Succeeded"), waiting_approvals=2)])
    code, out, _ = titan(client, "status", "-n", "team", "--context", "prod")
    assert (code, client.asked[0]) == (0, ("connect", "team", "prod"))
    assert [row[:5] for row in lines(out)] == [
        ["DAG", "NAME", "PHASE", "DONE", "GATES"],
        ["digits-x7k2p", "digits", "Running", "1/1", "2"],
    ]


def test_status_lists_jobs_that_stand_alone_below_the_dags(titan: Titan) -> None:
    alone, belongs = replace(job_view("solo", "Running"), dag=None), job_view("part", "Running")
    client = FakeClient(known_dags=[dag_view(belongs)], jobs=[alone, belongs])
    _, out, _ = titan(client, "status")
    assert [row[:2] for row in lines(out) if row] == [
        ["DAG", "NAME"], ["digits-x7k2p", "digits"], ["JOB", "PHASE"], ["solo", "Running"],
    ]  # fmt: skip
    _, out, _ = titan(FakeClient(jobs=[alone]), "status")
    assert out.startswith("No DAGs here, only standalone jobs:\nJOB")


def test_status_of_an_empty_namespace_says_so_to_people_and_is_a_list_to_machines(titan: Titan) -> None:
    assert titan(FakeClient(), "status") == (0, "No DAGs here yet.\n", "")
    assert titan(FakeClient(), "status", "--json") == (0, "[]\n", "")


def test_status_of_a_dag_lists_its_jobs_parents_first(titan: Titan) -> None:
    jobs = (job_view("a", message="waits for b", parents=("b",)), job_view("b", "Succeeded"))
    code, out, _ = titan(
        FakeClient(known_dags=[dag_view(*jobs, phase="Failed", message="b is broken")]), "status", "digits-x7k2p"
    )
    assert code == 0
    assert out.startswith("digits-x7k2p: Failed, 1/2 jobs in 7.0s, b is broken\n")
    assert lines(out)[1:] == [
        ["JOB", "PHASE", "NODE", "ATTEMPT", "TIME", "NOTE"],
        ["b", "Succeeded", "titan-1", "1", "2.0s"],
        ["a", "Pending", "waits", "for", "b"],
    ]


def test_status_finds_a_job_where_no_dag_has_the_name(titan: Titan) -> None:
    code, out, _ = titan(FakeClient(jobs=[job_view("hello", "Running")]), "status", "hello", "--json")
    assert (code, json.loads(out)["phase"]) == (0, "Running")


def test_status_of_an_unknown_name_is_one_sentence(titan: Titan) -> None:
    expected = "titan: no DAG or job is named 'ghost' in namespace 'default'\n"
    assert titan(FakeClient(), "status", "ghost") == (1, "", expected)


def test_watching_in_a_pipe_tells_changes_and_ends_as_the_dag_ended(titan: Titan) -> None:
    client = FakeClient(
        changes=[
            dag_view(job_view("a", "Running")),
            dag_view(job_view("a", "Failed", message="exit code 3"), phase="Failed", message="job a failed"),
        ]
    )
    code, out, err = titan(client, "status", "digits-x7k2p", "--watch")
    assert (code, err) == (1, "titan: digits-x7k2p: Failed, job a failed\n")
    assert out.splitlines() == [
        "a: Running on titan-1",
        "a: Failed in 2.0s, exit code 3",
        "digits-x7k2p: Failed, 1/1 jobs in 7.0s",
    ]


def test_watching_without_a_name_watches_the_newest_dag(titan: Titan) -> None:
    end = dag_view(job_view("a", "Succeeded"), phase="Succeeded")
    client = FakeClient(known_dags=[end], changes=[end])
    assert titan(client, "status", "--watch")[0] == 0
    assert ("wait", "digits-x7k2p", None) in client.asked


def test_watching_as_json_prints_one_document_for_each_change(titan: Titan) -> None:
    client = FakeClient(changes=[dag_view(), dag_view(phase="Succeeded")])
    _, out, _ = titan(client, "status", "digits-x7k2p", "--watch", "--json")
    assert [json.loads(line)["phase"] for line in out.splitlines()] == ["Running", "Succeeded"]


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "train.py"
    path.write_text("print('trained')\n")
    return str(path)


def test_run_builds_the_job_from_its_options_and_leaves_the_rest_to_the_script(titan: Titan, script: str) -> None:
    client = FakeClient(log=["trained"], changes=[job_view("train", "Succeeded")])
    options = ["--requirement", "GPU", "--gpus", "2", "--env", "A=1", "--env", "B=x=y", "--parent", "load"]
    code, out, err = titan(client, "run", *options, "--timeout", "60", script, "--epochs", "3", "--json")
    assert (code, out, err) == (0, "trained\n", "")
    job = client.asked[1][1]
    assert (job.job_id, job.args, job.parents) == ("train", ("--epochs", "3", "--json"), ("load",))
    assert (job.requirement, job.env, job.timeout) == ("GPU", {"A": "1", "B": "x=y"}, 60)
    assert job.resources["limits"] == {"nvidia.com/gpu": "2"}
    assert ("stream_logs", "train-x7k2p", None, True) in client.asked


def test_run_ends_as_the_job_ended(titan: Titan, script: str) -> None:
    client = FakeClient(log=["oh"], changes=[job_view("train", "Failed", message="exit code 3")])
    assert titan(client, "run", script) == (1, "oh\n", "titan: digits-x7k2p-train: Failed, exit code 3\n")


def test_run_without_follow_prints_the_name_only(titan: Titan, script: str) -> None:
    assert titan(FakeClient(), "run", "--no-follow", "--name", "first", script) == (0, "first-x7k2p\n", "")


def test_run_as_json_prints_events(titan: Titan, script: str) -> None:
    client = FakeClient(log=["a", "b"], changes=[job_view("train", "Succeeded", exit_code=0)])
    events = [json.loads(line) for line in titan(client, "run", "--json", script)[1].splitlines()]
    assert [event["type"] for event in events] == ["submitted", "log", "log", "finished"]
    assert (events[0]["name"], events[3]["job"]["exitCode"]) == ("train-x7k2p", 0)


@pytest.mark.parametrize(
    ("options", "culprit"),
    [(["--env", "SEED", "x.py"], "SEED"), (["--env", "=1", "x.py"], "=1"), (["no/such.py"], "no/such.py")],
)
def test_run_names_what_is_wrong_before_it_connects(titan: Titan, options: list[str], culprit: str) -> None:
    client = FakeClient()
    code, _, err = titan(client, "run", *options)
    assert (code, client.asked) == (2, [])
    assert culprit in err


def test_logs_pass_lines_on_and_say_which_log_is_wanted(titan: Titan) -> None:
    client = FakeClient(log=["one\n", "  two  \n", "three"])
    assert titan(client, "logs", "train", "-f", "--dag", "digits-x7k2p") == (0, "one\n  two  \nthree\n", "")
    assert client.asked[1] == ("stream_logs", "train", "digits-x7k2p", True)
    assert titan(client, "logs", "train", "--json")[1].splitlines()[0] == '{"job": "train", "line": "one"}'


def test_approvals_shows_the_question_and_what_is_left_of_the_time(titan: Titan) -> None:
    code, out, _ = titan(FakeClient(gates=[gate_view(deadline=START)]), "approvals")
    assert code == 0
    assert lines(out) == [
        ["GATE", "DAG", "QUESTION", "FROM", "LEFT", "NEEDS"],
        ["hitl-gate-draft", "digits-x7k2p", "Publish", "the", "draft?", "alice", "0.0s"],
    ]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("approve", "Approved: hitl-gate-draft of digits-x7k2p\n"),
        ("reject", "Rejected: hitl-gate-draft of digits-x7k2p\n"),
    ],
)
def test_a_decision_carries_its_comment(titan: Titan, command: str, answer: str) -> None:
    client = FakeClient()
    assert titan(client, command, "draft", "-m", "seen it") == (0, answer, "")
    assert client.asked[1] == (command, "draft", "seen it")
    document = json.loads(titan(client, command, "draft", "--json")[1])
    assert document["decisions"][0]["user"] == "bob"


def test_cancel_says_what_was_cancelled(titan: Titan) -> None:
    assert titan(FakeClient(), "cancel", "digits-x7k2p") == (0, "Cancelled: digits-x7k2p\n", "")


@pytest.mark.parametrize(
    ("end", "code", "out", "err"),
    [
        (dag_view(phase="Succeeded"), 0, "digits-x7k2p: Succeeded\n", ""),
        (dag_view(phase="Cancelled"), 1, "", "titan: digits-x7k2p: Cancelled\n"),
        (job_view("a", "Failed", message="exit code 3"), 1, "", "titan: digits-x7k2p-a: Failed, exit code 3\n"),
    ],
)
def test_wait_ends_as_the_run_ended(titan: Titan, end: object, code: int, out: str, err: str) -> None:
    assert titan(FakeClient(changes=[end]), "wait", "x", "--timeout", "5") == (code, out, err)


def test_store_commands_read_and_write_values(titan: Titan, monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient(store=FakeValues({"a": "1", "b:1": "x"}))
    assert titan(client, "store", "get", "a") == (0, "1\n", "")
    assert titan(client, "store", "get", "ghost") == (1, "", "titan: there is no key 'ghost'\n")
    assert titan(client, "store", "put", "b:2", "Größe") == (0, "OK\n", "")
    assert titan(client, "store", "ls", "b:") == (0, "b:1\nb:2\n", "")
    assert json.loads(titan(client, "store", "ls", "--json")[1]) == ["a", "b:1", "b:2"]


def test_files_travel_both_ways(titan: Titan, tmp_path: Path) -> None:
    client = FakeClient(files=FakeFiles({"report.md": b"# Report"}))
    target = tmp_path / "r.md"
    assert titan(client, "files", "get", "report.md", str(target)) == (0, f"{target}\n", "")
    assert target.read_bytes() == b"# Report"
    assert titan(client, "files", "put", str(target), "--name", "copy.md") == (0, "copy.md\n", "")
    assert lines(titan(client, "files", "ls", "copy")[1]) == [["NAME", "SIZE", "AGE"], ["copy.md", "8", "B"]]


def test_a_file_that_is_not_there_is_named_before_anything_is_sent(titan: Titan) -> None:
    client = FakeClient()
    assert titan(client, "files", "put", "no/such.csv") == (2, "", "titan: there is no file no/such.csv\n")
    assert client.asked == []


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (
            TitanUnavailable("the API server at https://x does not answer"),
            4,
            "the API server at https://x does not answer",
        ),
        (TitanTimeout("waited 5 s for digits"), 3, "waited 5 s for digits"),
        (TitanForbidden("alice may not approve"), 1, "alice may not approve"),
        (TitanConflict("already Rejected by bob"), 1, "already Rejected by bob"),
        (ValueError("the key is empty"), 2, "the key is empty"),
        (PermissionError(13, "Permission denied", "/x"), 1, "Permission denied: /x"),
    ],
)
def test_every_failure_is_one_sentence_with_its_exit_code(
    titan: Titan, failure: Exception, code: int, words: str
) -> None:
    assert titan(FakeClient(failure=failure), "approvals") == (code, "", f"titan: {words}\n")


def test_an_interruption_ends_quietly(titan: Titan) -> None:
    assert titan(FakeClient(failure=KeyboardInterrupt()), "approvals") == (ExitCode.INTERRUPTED, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["status", "--colour"], "--colour"),
        (["approve"], "Missing argument"),
        (["frobnicate"], "frobnicate"),
        (["wait", "x", "--timeout", "soon"], "--timeout"),
    ],
)
def test_wrong_usage_names_the_culprit(titan: Titan, arguments: list[str], words: str) -> None:
    code, _, err = titan(FakeClient(), *arguments)
    assert code == ExitCode.USAGE
    assert words in err
