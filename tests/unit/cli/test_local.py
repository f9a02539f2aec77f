"""``titan local`` against a cluster that is not there."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from titan_local.running.reports import ClusterInfo, ClusterStatus, ComponentStatus
from titan_local.running.states import LocalError

from titan_sdk.cli.app import run
from titan_sdk.cli.edge import Edge

Titan = Callable[..., tuple[int, str, str]]


@dataclass
class FakeCluster:
    """What the commands need of a LocalCluster."""

    already_up: bool = False
    is_ready: bool = True
    failure: LocalError | None = None
    asked: list[object] = field(default_factory=list)

    def up(self, **options: object) -> ClusterInfo:
        self._note(options)
        return ClusterInfo(Path("/s"), "https://127.0.0.1:7443", "http://127.0.0.1:9090", Path("/s/k"), self.already_up)

    def down(self) -> None:
        self._note("down")

    def reset(self) -> None:
        self._note("reset")

    def status(self) -> ClusterStatus:
        part = ComponentStatus("store", "running" if self.is_ready else "stopped", 17, Path("/s/logs/store.log"), 1)
        return ClusterStatus(self.is_ready, () if self.is_ready else ("store",), "https://a", "http://b", (part,))

    def env(self) -> dict[str, str]:
        self._note("env")
        return {"KUBECONFIG": "/it's here/k", "TITAN_PORT": "9090"}

    def _note(self, what: object) -> None:
        self.asked.append(what)
        if self.failure:
            raise self.failure


@pytest.fixture
def titan(capsys: pytest.CaptureFixture[str]) -> Titan:
    """Runs one command of ``titan local`` in this process."""

    def call(cluster: FakeCluster, *arguments: str) -> tuple[int, str, str]:
        edge = Edge(connect=lambda *_: pytest.fail("not asked for"), open_local=lambda _: cluster)
        code = run(["local", *arguments], edge)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.mark.parametrize(("already", "words"), [(False, "is up"), (True, "is already up")])
def test_up_says_where_the_cluster_answers(titan: Titan, already: bool, words: str) -> None:
    code, out, _ = titan(FakeCluster(already_up=already), "up")
    assert (code, out) == (
        0,
        f"The embedded cluster {words}: API https://127.0.0.1:7443, store http://127.0.0.1:9090\n",
    )


def test_up_passes_ports_on(titan: Titan) -> None:
    cluster = FakeCluster()
    assert titan(cluster, "up", "--api-port", "0", "--store-port", "1234", "--json")[0] == 0
    assert cluster.asked == [{"api_port": 0, "store_port": 1234, "nodes_file": None}]


def test_what_the_cluster_cannot_do_is_one_sentence(titan: Titan) -> None:
    cluster = FakeCluster(failure=LocalError("port 7443 is taken", "choose another with --api-port"))
    expected = "titan: port 7443 is taken; choose another with --api-port\n"
    for command in ("up", "down", "reset", "env"):
        assert titan(cluster, command) == (1, "", expected)


def test_env_is_safe_to_eval_whatever_a_path_contains(titan: Titan) -> None:
    code, out, _ = titan(FakeCluster(), "env")
    assert code == 0
    assert [shlex.split(line) for line in out.splitlines()] == [
        ["export", "KUBECONFIG=/it's here/k"],
        ["export", "TITAN_PORT=9090"],
    ]
    assert json.loads(titan(FakeCluster(), "env", "--json")[1])["TITAN_PORT"] == "9090"


def test_status_is_exit_code_1_unless_everything_answers(titan: Titan) -> None:
    code, out, _ = titan(FakeCluster(), "status")
    assert (code, out.splitlines()[1].split()) == (0, ["store", "running", "17", "1", "/s/logs/store.log"])
    code, _, err = titan(FakeCluster(is_ready=False), "status")
    assert (code, err) == (1, "titan: the embedded cluster is not up: no answer from store\n")


def test_status_as_json_names_paths_as_text(titan: Titan) -> None:
    document = json.loads(titan(FakeCluster(), "status", "--json")[1])
    assert (document["isReady"], document["components"][0]["log"]) == (True, "/s/logs/store.log")
