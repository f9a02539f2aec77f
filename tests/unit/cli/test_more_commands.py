"""Pipelines, steering, secrets and agent runs from the command line: what is printed, asked for, and the exit code."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from builders.sdk.clients import FakeClient
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_store import FakeStore
from builders.sdk.views import dag_view, gate_view, job_view

from titan_api.views import ArtifactView, DecisionView
from titan_sdk.cli.app import run
from titan_sdk.cli.edge import Edge
from titan_sdk.cli.exits import ExitCode
from titan_sdk.runs.agent_runs import fold_run

Result = tuple[int, str, str]
Titan = Callable[..., Result]


@pytest.fixture
def titan(capsys: pytest.CaptureFixture[str]) -> Titan:
    """Runs one command in this process and returns exit code, stdout and stderr."""

    def call(client: object, *arguments: str) -> Result:
        code = run(arguments, Edge(connect=lambda *_: client, open_local=lambda _: pytest.fail("not asked for")))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("print(1)")
    path = tmp_path / "pipe.yaml"
    path.write_text("name: night\nproject: false\njobs: [{id: a, file: a.py}]")
    return path


def test_deploying_prints_the_name_of_the_dag(titan: Titan, pipeline: Path) -> None:
    cluster = FakeCluster()
    code, out, _ = titan(client_of(cluster), "deploy", str(pipeline), "--agent-run", "run-1")
    (dag,) = cluster.objects["titandags"].values()
    assert (code, out.strip(), dag["spec"]["agentRunID"]) == (0, dag["metadata"]["name"], "run-1")
    code, out, _ = titan(client_of(cluster), "deploy", str(pipeline), "--json")
    assert (code, json.loads(out)["jobIDs"]) == (0, ["a"])


@pytest.mark.parametrize(("phase", "expected"), [("Succeeded", ExitCode.DONE), ("Failed", ExitCode.FAILED)])
def test_deploying_with_wait_ends_as_the_dag_ends(titan: Titan, pipeline: Path, phase: str, expected: int) -> None:
    cluster = FakeCluster()

    def end(plural: str, obj: dict) -> None:
        if plural == "titanjobs":
            cluster.set_status("titandags", obj["spec"]["dag"], phase=phase)

    cluster.on_change = end
    assert titan(client_of(cluster), "deploy", str(pipeline), "--wait")[0] == expected


def test_a_wrong_pipeline_is_wrong_usage_in_one_sentence(titan: Titan, pipeline: Path) -> None:
    pipeline.write_text("jobs: [{file: a.py}]")
    assert titan(client_of(FakeCluster()), "deploy", str(pipeline)) == (2, "", "titan: Job missing ID\n")
    code, _, err = titan(client_of(FakeCluster()), "deploy", str(pipeline.with_name("none.yaml")))
    assert (code, "none.yaml" in err) == (2, True)


def test_rendering_prints_what_kubectl_takes(titan: Titan, pipeline: Path) -> None:
    pipeline.write_text("name: night\njobs: [{id: a, file: a.py}]")
    store = FakeStore()
    code, out, _ = titan(client_of(FakeCluster(), store), "render", str(pipeline))
    dag, job = yaml.safe_load_all(out)
    assert (code, dag["kind"], dag["spec"], job["spec"]["dag"]) == (
        0, "TitanDAG", {"name": "night"}, dag["metadata"]["name"],
    )  # fmt: skip
    assert job["spec"]["source"]["archive"]["digest"] in store.blobs


@pytest.mark.parametrize(
    ("command", "call", "printed"),
    [
        (["retry", "digits-x7k2p"], ("retry", "digits-x7k2p"), "digits-x7k2p: run 2\n"),
        (["suspend", "digits-x7k2p"], ("suspend", "digits-x7k2p"), "Suspended: digits-x7k2p\n"),
        (["resume", "digits-x7k2p"], ("resume", "digits-x7k2p"), "Resumed: digits-x7k2p\n"),
        (["stop", "api"], ("stop_service", "api"), "Stopped: api\n"),
        (["why", "a", "--dag", "x"], ("why", "a", "x"), "job 'a' waits: it is about to start\n"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_run_is_steered(titan: Titan, command: list[str], call: tuple[str, ...], printed: str) -> None:
    client = FakeClient(known_dags=[dag_view(job_view("a"))])
    assert titan(client, *command) == (0, printed, "")
    assert client.asked == [call]
    code, out, _ = titan(client, *command, "--json")
    assert (code, isinstance(json.loads(out), dict)) == (0, True)


def test_a_retry_that_is_waited_for_ends_as_the_run_ends(titan: Titan) -> None:
    client = FakeClient(known_dags=[dag_view()], changes=[dag_view(phase="Failed", message="a failed")])
    code, _, err = titan(client, "retry", "digits-x7k2p", "--wait")
    assert (code, err) == (1, "titan: digits-x7k2p: Failed, a failed\n")


@pytest.mark.parametrize(
    ("answer", "code"), [("ERROR: there is no job 'api'", 1), ("CONNECTION_ERROR: nobody answers", 4)]
)
def test_a_service_that_cannot_be_stopped_is_one_sentence(titan: Titan, answer: str, code: int) -> None:
    client = FakeClient(stopping=answer)
    assert titan(client, "stop", "api") == (code, "", f"titan: {answer.partition(': ')[2]}\n")


def test_secrets_are_set_listed_and_deleted_without_being_shown(titan: Titan) -> None:
    client = FakeClient()
    assert titan(client, "secret", "ls") == (0, "No secrets here.\n", "")
    assert titan(client, "secret", "set", "openai", "KEY=a=b", "OTHER=") == (0, "openai: KEY, OTHER\n", "")
    assert client.asked == [("set_secret", "openai", {"KEY": "a=b", "OTHER": ""})]
    assert titan(client, "secret", "ls") == (0, "openai\n", "")
    assert titan(client, "secret", "ls", "--json") == (0, '["openai"]\n', "")
    assert titan(client, "secret", "delete", "openai") == (0, "Deleted: openai\n", "")
    assert titan(client, "secret", "delete", "openai") == (1, "", "titan: there is no secret 'openai'\n")


@pytest.mark.parametrize("source", ["file", "-"])
def test_secrets_come_from_a_file_too(
    titan: Titan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    text = "# mine\n\nexport KEY='quoted value'\nOTHER=a=b\n"
    path = tmp_path / "env"
    path.write_text(text)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    client = FakeClient()
    titan(client, "secret", "set", "openai", "--from-file", str(path) if source == "file" else source)
    assert client.asked == [("set_secret", "openai", {"KEY": "quoted value", "OTHER": "a=b"})]


def test_a_value_without_a_key_is_refused_without_being_told(titan: Titan) -> None:
    code, out, err = titan(FakeClient(), "secret", "set", "openai", "A=1", "sesame")
    assert (code, out, err) == (2, "", "titan: value 2 is not of the form KEY=VALUE\n")


def test_agent_runs_are_listed_and_shown_stage_by_stage(titan: Titan) -> None:
    plan = dag_view(job_view("plan", "Succeeded"), phase="Succeeded", display_name="PLAN")
    execute = dag_view(job_view("work", "Running"), display_name="EXECUTE")
    client = FakeClient(agent_runs=[fold_run("run-1", [plan, execute], [ArtifactView("k", "report.md", "sha256:")])])
    code, out, _ = titan(client, "runs")
    assert code == 0
    assert out.splitlines()[1].split()[:4] == ["run-1", "Running", "2", "EXECUTE"]
    code, out, _ = titan(client, "runs", "run-1")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0][:3] == ["run-1:", "Running,", "2"]
    assert ["plan", "Succeeded", "titan-1"] in [line[:3] for line in lines]
    assert ["k", "report.md"] in lines
    assert titan(FakeClient(), "runs") == (0, "No agent runs here.\n", "")
    assert json.loads(titan(client, "runs", "run-1", "--json")[1])["files"][0]["key"] == "k"


def test_gates_are_listed_with_those_whose_word_is_missing(titan: Titan) -> None:
    named = gate_view(
        approvers=("bob", "group:board"), required_approvals=2, decisions=(DecisionView("bob", "Approve", ""),)
    )
    _, out, _ = titan(FakeClient(gates=[named, gate_view()]), "approvals")
    first, second = out.splitlines()[1:]
    assert first.rstrip().endswith("1 of 2 from bob, group:board")
    assert "from" not in second


def test_resubmitting_prints_the_name_of_the_new_dag(titan: Titan, pipeline: Path) -> None:
    cluster = FakeCluster()
    titan(client_of(cluster), "deploy", str(pipeline))
    (first,) = cluster.objects["titandags"]
    code, out, _ = titan(client_of(cluster), "resubmit", first)
    (second,) = set(cluster.objects["titandags"]) - {first}
    assert (code, out.strip()) == (0, second)
    code, out, _ = titan(client_of(cluster), "resubmit", second, "--json")
    assert (code, json.loads(out)["jobIDs"], json.loads(out)["type"]) == (0, ["a"], "submitted")
    assert titan(client_of(cluster), "resubmit", "nobody")[0] == ExitCode.FAILED
