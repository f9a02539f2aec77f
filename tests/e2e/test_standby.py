"""Two operators, one Lease: the leader dies or freezes in the middle of a DAG, and the other goes on where it was."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.clusters import private_cluster
from bench.replicas import chain_script, two_operators, until
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob

IDS = ("first", "second", "third")
QUICK = {"leaseDurationSeconds": 4, "renewDeadlineSeconds": 2.5, "retryPeriodSeconds": 0.5}


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with private_cluster() as running:
        yield running


class Chain:
    """Three jobs in a row, each of which ends when it is told to."""

    def __init__(self, client: TitanClient, name: str, home: Path) -> None:
        self._client, self._name = client, name
        self._ledger, self._flags = home / "ledger", home / "flags"
        self._flags.mkdir()
        self._ledger.touch()
        script = chain_script(self._ledger, self._flags)
        jobs = [
            TitanJob(
                f"{name}-{job}", "step.py", script_content=script, parents=[f"{name}-{parent}"] if parent else None
            )
            for job, parent in zip(IDS, (None, *IDS), strict=False)
        ]
        self.dag = client.submit_dag(name, jobs)

    def reach(self, job: str) -> None:
        until(lambda: self._client.get_job_status(f"{self._name}-{job}") == "RUNNING", f"the job {job}")

    def let_go(self, *jobs: str) -> None:
        for job in jobs:
            (self._flags / f"{self._name}-{job}").touch()

    def starts(self) -> list[str]:
        return [line.rpartition(" ")[0] for line in self._ledger.read_text().splitlines()]

    def all_once(self) -> list[str]:
        return [f"{self._name}-{job} 1" for job in IDS]


def test_the_standby_goes_on_where_a_killed_leader_was(cluster: LocalCluster, tmp_path: Path) -> None:
    client = TitanClient()
    with two_operators(cluster, **QUICK) as (leader, standby):
        chain = Chain(client, "killed", tmp_path)
        chain.reach("first")
        assert standby.writes().total() == 0
        leader.signal(signal.SIGKILL)
        chain.let_go(*IDS)
        assert client.wait(chain.dag, timeout=90).phase == "Succeeded"
        assert standby.leads()
    assert chain.starts() == chain.all_once()


def test_a_leader_that_was_frozen_finds_itself_replaced_and_writes_nothing(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    client = TitanClient()
    with two_operators(cluster, **QUICK) as (frozen, standby):
        chain = Chain(client, "frozen", tmp_path)
        chain.reach("first")
        written = frozen.settled_writes()
        frozen.signal(signal.SIGSTOP)
        chain.let_go("first")
        chain.reach("second")
        assert standby.leads()
        frozen.signal(signal.SIGCONT)
        until(frozen.is_ready, "the answer of the thawed operator")
        chain.let_go("second", "third")
        assert client.wait(chain.dag, timeout=90).phase == "Succeeded"
        assert not frozen.leads()
        assert frozen.writes() == written
        assert standby.leads()
    assert chain.starts() == chain.all_once()
