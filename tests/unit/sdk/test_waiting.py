"""Waiting for the end, whatever the API server does meanwhile."""

import threading

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk.errors import TitanForbidden, TitanNotFound, TitanTimeout
from titan_sdk.runs.waiting import wait_for_dag, wait_for_job
from titan_sdk.transport.retrying import SystemClock

NAME = "night-abcde"


class Operator:
    """Plays its part in a thread of its own, each act once the one before was seen by the waiting program."""

    def __init__(self, *acts):
        self._acts = list(acts)
        self.seen = []

    def see(self, view):
        self.seen.append(view.phase)
        if self._acts:
            self._acts.pop(0)()


def running_cluster():
    cluster = FakeCluster()
    cluster.add("titandags", make.dag(NAME, phase="Running"))
    cluster.add("titanjobs", make.job("train", phase="Running"))
    return cluster


def finish(cluster, phase="Succeeded"):
    cluster.set_status("titanjobs", f"{NAME}-train", phase=phase)
    cluster.set_status("titandags", NAME, phase=phase)


def wait(cluster, on_change=None, **options):
    options = {"timeout": 30, "poll": None} | options
    return wait_for_dag(cluster.kube(SystemClock()), NAME, on_change=on_change, **options)


def after_watch(cluster, act):
    """Run the act as soon as a watch is open."""

    def run():
        cluster.on_watch.wait()
        act()

    threading.Thread(target=run, daemon=True).start()


@pytest.mark.parametrize("phase", ["Succeeded", "Failed", "Cancelled"])
def test_a_dag_that_has_ended_is_returned_with_its_jobs(phase):
    cluster = running_cluster()
    finish(cluster, phase)
    seen = wait(cluster)
    assert (seen.phase, [job.phase for job in seen.jobs]) == (phase, [phase])


def test_a_dag_that_ends_later_is_seen_by_watching():
    cluster = running_cluster()
    after_watch(cluster, lambda: finish(cluster))
    assert wait(cluster).succeeded


def test_every_change_of_a_job_is_shown_on_the_way():
    cluster = running_cluster()
    shown = []

    def show(view):
        shown.append((view.phase, view.jobs[0].node))
        if view.jobs[0].node is None:
            cluster.set_status("titanjobs", f"{NAME}-train", nodeName="titan-1")
        elif not view.is_final:
            finish(cluster)

    assert wait(cluster, show).succeeded
    assert shown[0] == ("Running", None)
    assert ("Running", "titan-1") in shown
    assert shown[-1] == ("Succeeded", "titan-1")


@pytest.mark.parametrize("kind", ["unsent", "lost", "500", "503"])
def test_a_restart_of_the_api_server_is_survived(kind):
    cluster = running_cluster()

    def restart():
        cluster.transport.fail(kind, "GET", times=2)
        cluster.lose_watches()
        finish(cluster)

    after_watch(cluster, restart)
    assert wait(cluster).succeeded


def test_a_version_that_is_too_old_leads_to_a_new_list():
    cluster = running_cluster()
    cluster.forget_before = 10**9
    after_watch(cluster, lambda: finish(cluster))
    assert wait(cluster).succeeded


def test_polling_does_without_watches():
    cluster = running_cluster()
    operator = Operator(lambda: finish(cluster))
    assert wait(cluster, operator.see, poll=0.01).succeeded
    assert not any(asked.query.get("watch") for asked in cluster.transport.asked)


def test_the_time_that_was_allowed_passes():
    cluster = running_cluster()
    with pytest.raises(TitanTimeout, match="the DAG 'night-abcde' did not end within 0 seconds; its phase is"):
        wait(cluster, timeout=0)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_dag_that_is_deleted_is_not_waited_for(when):
    cluster = running_cluster()
    if when == "before":
        cluster.remove("titandags", NAME)
    else:
        after_watch(cluster, lambda: cluster.remove("titandags", NAME))
    with pytest.raises(TitanNotFound, match="was deleted while it was waited for"):
        wait(cluster)


def test_a_refusal_ends_the_waiting():
    cluster = running_cluster()
    cluster.transport.fail("403", "GET", "titandags")
    with pytest.raises(TitanForbidden):
        wait(cluster)


@pytest.mark.parametrize("phase", ["Succeeded", "Failed", "Serving"])
def test_a_job_is_waited_for_until_it_has_ended_or_serves(phase):
    cluster = running_cluster()
    after_watch(cluster, lambda: cluster.set_status("titanjobs", f"{NAME}-train", phase=phase))
    seen = wait_for_job(cluster.kube(SystemClock()), f"{NAME}-train", 30, None, None)
    assert seen.phase == phase
