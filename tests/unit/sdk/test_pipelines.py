"""submit_yaml and render: what reaches the cluster of a YAML file, and what kubectl gets."""

import io
import logging
import zipfile

import pytest
import yaml
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_store import FakeStore

from titan_api.kinds.dags import TitanDAGSpec
from titan_api.kinds.jobs import TitanJobSpec
from titan_sdk import TitanJob


@pytest.fixture
def pipeline(tmp_path):
    (tmp_path / "a.py").write_text("import side")
    (tmp_path / "side.py").write_text("x = 1")
    path = tmp_path / "pipe.yaml"
    path.write_text(
        "name: night\nmax_parallel: 3\njobs:\n - {id: a, file: a.py}\n - {id: b, file: a.py, depends_on: a}"
    )
    return path


def statuses(cluster, phase):
    for name in cluster.objects["titandags"]:
        cluster.set_status("titandags", name, phase=phase)


def test_a_project_is_uploaded_and_its_jobs_run_in_it(pipeline):
    cluster, store = FakeCluster(), FakeStore()
    accepted = client_of(cluster, store).submit_yaml(pipeline, agent_run_id="run-1")
    assert accepted == "DAG_ACCEPTED"
    (dag,) = cluster.objects["titandags"].values()
    project, _, time = dag["spec"]["name"].rpartition("-")
    assert (project, time.isdigit(), dag["spec"]["agentRunID"], dag["spec"]["maxParallel"]) == (
        "night",
        True,
        "run-1",
        3,
    )
    (digest,) = store.blobs
    assert zipfile.ZipFile(io.BytesIO(store.files["night.zip"])).namelist() == ["a.py", "pipe.yaml", "side.py"]
    for job in cluster.objects["titanjobs"].values():
        assert job["spec"]["source"] == {"archive": {"digest": digest, "entrypoint": "a.py"}}


def test_a_project_that_is_there_already_is_not_sent_again(pipeline):
    cluster, store = FakeCluster(), FakeStore()
    mine = client_of(cluster, store)
    mine.submit_yaml(pipeline)
    mine.submit_yaml(pipeline)
    assert len([asked for asked in store.transport.asked if asked.method == "PUT"]) == 2


def test_a_project_that_somebody_else_uploads_meanwhile_does_not_replace_ours(pipeline):
    cluster, store = FakeCluster(), FakeStore()
    cluster.transport.before("POST", "titandags", lambda asked: store.files.update({"night.zip": b"theirs"}))
    client_of(cluster, store).submit_yaml(pipeline)
    digests = {job["spec"]["source"]["archive"]["digest"] for job in cluster.objects["titanjobs"].values()}
    assert digests == set(store.blobs)


@pytest.mark.parametrize(("phase", "answer"), [("Succeeded", True), ("Failed", False), ("Cancelled", False)])
def test_waiting_tells_whether_all_of_it_completed(pipeline, phase, answer):
    cluster = FakeCluster()
    cluster.transport.before("GET", "titandags/night", lambda asked: None)

    def end(plural, obj):
        if plural == "titanjobs" and len(cluster.objects["titanjobs"]) == 2:
            statuses(cluster, phase)

    cluster.on_change = end
    assert client_of(cluster).submit_yaml(pipeline, wait=True, poll_interval=0.01, timeout=20) is answer


def test_waiting_in_vain_is_false_and_says_why_in_the_log(pipeline, caplog):
    cluster = FakeCluster()
    cluster.transport.fail("unsent", times=10**6)
    with caplog.at_level(logging.WARNING, "titan_sdk"):
        assert client_of(cluster).submit_yaml(pipeline, wait=True) is False
    assert "nobody answers" in caplog.text


def test_without_waiting_an_outage_is_told_in_words(pipeline):
    cluster = FakeCluster()
    cluster.transport.fail("unsent", times=10**6)
    assert client_of(cluster).submit_yaml(pipeline) == "CONNECTION_ERROR: nobody answers"


def test_a_rendered_dag_is_what_kubectl_applies():
    cluster = FakeCluster()
    jobs = [
        TitanJob("a_B", script_content="print(1)\nprint(2)\n", gpus=1),
        TitanJob("c", script_content="echo", filename="c.sh", parents=["DAG-a_B"]),
    ]
    text = client_of(cluster).render("Night run", jobs)
    dag, first, second = yaml.safe_load_all(text)
    assert TitanDAGSpec.model_validate(dag["spec"]).to_dict() == dag["spec"] == {"name": "Night run"}
    for manifest in (first, second):
        assert TitanJobSpec.model_validate(manifest["spec"]).to_dict() == manifest["spec"]
        assert manifest["spec"]["dag"] == dag["metadata"]["name"]
        assert manifest["metadata"]["name"].startswith(dag["metadata"]["name"])
        assert manifest["metadata"].keys() == {"name", "labels"}
        assert manifest["apiVersion"] == "titan.io/v1alpha1"
    assert second["spec"]["parents"] == [{"jobID": "a_B"}]
    assert "content: |\n" in text
    assert cluster.transport.asked == []


def test_a_rendered_gate_names_who_asked_for_it():
    job = TitanJob("a", script_content="1", hitl_message="ok?")
    documents = list(yaml.safe_load_all(client_of(FakeCluster(user="anna")).render("x", [job])))
    assert [document["spec"]["requestedBy"] for document in documents] == ["anna", "anna"]


def test_a_script_that_is_too_big_for_a_manifest_goes_to_the_store():
    store = FakeStore()
    text = client_of(FakeCluster(), store).render("x", [TitanJob("a", script_content="#" * 5_000)])
    _, job = yaml.safe_load_all(text)
    assert job["spec"]["source"]["script"]["digest"] in store.blobs
