"""Services as the SDK shows them: which run, and where."""

import threading

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk import TitanJob
from titan_sdk.errors import TitanConflict, TitanNotFound


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.add("titanjobs", make.job("train", phase="Running"))
    return cluster


def a_service(cluster, job_id, phase, dag="night-abcde", **status):
    stored = cluster.add("titanjobs", make.job(job_id, dag=dag, phase=phase, **status))
    stored["spec"] |= {"type": "Service", "port": 80}


@pytest.mark.parametrize("job_type", ["SERVICE", "DEPLOY_PAYLOAD"])
def test_a_service_needs_a_port(job_type):
    with pytest.raises(ValueError, match="'api' needs a port"):
        TitanJob("api", "api.py", job_type, script_content="")
    assert TitanJob("api", "api.py", job_type, port=80, script_content="").is_service


def test_the_services_that_have_not_ended_are_listed_with_their_addresses(cluster):
    a_service(cluster, "api", "Serving", address="api.team.svc:80")
    a_service(cluster, "slow", "Pending", dag="day-abcde")
    a_service(cluster, "old", "Succeeded")
    mine = client_of(cluster)
    found = {job.job_id: job.address for job in mine.list_services()}
    assert found == {"api": "api.team.svc:80", "slow": None}
    assert [job.job_id for job in mine.list_services("day-abcde")] == ["slow"]


def test_a_service_is_found_by_its_address(cluster):
    a_service(cluster, "api", "Serving", address="api.team.svc:80")
    assert client_of(cluster).service_address("DAG-api") == "api.team.svc:80"


def test_what_has_no_address_is_told_in_one_sentence(cluster):
    a_service(cluster, "slow", "Pending")
    a_service(cluster, "old", "Succeeded", address="old.team.svc:80")
    mine = client_of(cluster)
    with pytest.raises(TitanNotFound, match="no job 'nobody'"):
        mine.service_address("nobody")
    for job_id, words in (
        ("train", "the job 'train' is no service"),
        ("slow", "the service 'slow' does not run: it is Pending"),
        ("old", "the service 'old' does not run: it is Succeeded"),
    ):
        with pytest.raises(TitanConflict, match=words):
            mine.service_address(job_id)


def test_why_a_service_is_not_ready_is_its_message(cluster):
    ready = {"type": "Ready", "status": "False", "reason": "Starting", "message": "port 80 does not answer yet"}
    a_service(cluster, "api", "Running", conditions=[ready])
    assert client_of(cluster).get_job("api").message == "port 80 does not answer yet"
    assert client_of(cluster).get_job_status("api") == "RUNNING"


def test_waiting_for_a_service_that_is_being_stopped_waits_for_its_end(cluster):
    a_service(cluster, "api", "Serving")
    mine = client_of(cluster)
    assert mine.wait("api").phase == "Serving"
    mine.stop_service("api")
    cluster.set_status("titanjobs", "night-abcde-api", phase="Serving")
    ending = threading.Timer(0.2, lambda: cluster.set_status("titanjobs", "night-abcde-api", phase="Succeeded"))
    ending.start()
    assert mine.wait("api").phase == "Succeeded"
    ending.join()
