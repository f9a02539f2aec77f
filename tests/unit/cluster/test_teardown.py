"""Cleaning up after a cluster without harming anybody else."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tools.cluster.kernel import make_cgroup, remove_cgroup
from tools.cluster.layouts import Layout
from tools.cluster.processes import Process, from_record, identify
from tools.cluster.teardown import take_down


@pytest.fixture
def sleeper() -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    yield process
    process.kill()
    process.wait()


def test_a_process_that_was_written_down_is_ended(sleeper: "subprocess.Popen[bytes]") -> None:
    process = from_record(identify(sleeper.pid).as_record())
    assert process.exists
    process.end()
    assert sleeper.wait() < 0
    assert not process.exists


def _of_another_boot(process: Process) -> Process:
    return replace(process, boot="another")


def _started_at_another_time(process: Process) -> Process:
    return replace(process, started=process.started + 1)


@pytest.mark.parametrize("change", [_of_another_boot, _started_at_another_time])
def test_a_stranger_who_was_given_the_number_is_left_alone(sleeper: "subprocess.Popen[bytes]", change: object) -> None:
    assert callable(change)
    process = change(identify(sleeper.pid))
    assert not process.exists
    process.end()
    assert sleeper.poll() is None


def test_there_may_be_nothing_to_take_down(tmp_path: Path) -> None:
    assert not take_down(Layout(7, cache=tmp_path))


def _hierarchy(directory: Path, *, unified: bool = False) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "cgroup.procs").touch()
    if unified:
        (directory / "cgroup.controllers").write_text("cpuset cpu io memory hugetlb pids rdma")
        (directory / "cgroup.subtree_control").write_text("")
    return directory


def test_every_hierarchy_of_cgroups_v1_gets_a_group_which_goes_with_all_below(tmp_path: Path) -> None:
    hierarchies = [_hierarchy(tmp_path / name) for name in ("cpu", "memory", "pids")]
    layout = Layout()
    make_cgroup(layout, tmp_path)
    for hierarchy in hierarchies:
        (hierarchy / layout.cgroup / "kubepods" / "pod1").mkdir(parents=True)
    remove_cgroup(layout, tmp_path)
    assert [sorted(entry.name for entry in hierarchy.iterdir()) for hierarchy in hierarchies] == [["cgroup.procs"]] * 3


def test_with_cgroups_v2_the_kubelets_controllers_are_handed_down(tmp_path: Path) -> None:
    _hierarchy(tmp_path, unified=True)
    make_cgroup(Layout(), tmp_path)
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+cpu +cpuset +memory +hugetlb +pids"
