"""Clusters that lack something or have something wrong: one clear line, nobody crashes, and it goes on by itself."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, wait_until
from builders.kubernetes.real_states import (
    DEFAULT_CLASS,
    HostS3,
    apply_store,
    changed,
    host_address,
    is_ready,
    own_store,
    read_log,
    removed,
    restart_counts,
)
from builders.operators.manifests import binding, decision, user
from builders.store.certificates import Authority
from builders.store.s3_server import ACCESS, BUCKET, SECRET

from titan_api.json_types import Json
from titan_sdk import TitanClient, TitanJob, TitanUnavailable

OPERATOR, STORE, STORE_POD = "deployment/titan-operator", "statefulset/titan-store", "titan-store-0"
GATE = "titanapprovals.titan.io"
BUCKET_KEYS = (f"--from-literal=AWS_ACCESS_KEY_ID={ACCESS}", f"--from-literal=AWS_SECRET_ACCESS_KEY={SECRET}")


@pytest.fixture(autouse=True)
def nothing_crashes(real: RealCluster) -> Iterator[None]:
    """Whatever is wrong, the kubelet never has to start a program again."""
    before = restart_counts(real)
    yield
    after = restart_counts(real)
    assert after == {pod: before.get(pod, 0) for pod in after}


def test_a_missing_priority_class_is_named_and_waited_for(client: TitanClient, real: RealCluster) -> None:
    with removed(real, "priorityclass", "titan-3") as bring_back:
        dag = client.submit_dag("ranks", [TitanJob("ranked", script_content="", priority=3)])
        wait_until("its name in the job's words", lambda: "titan-3" in client.why("ranked"))
        other = client.submit_dag("others", [TitanJob("unranked", script_content="")])
        assert client.wait(other, timeout=60).phase == "Succeeded"
        bring_back()
        assert client.wait(dag, timeout=90).phase == "Succeeded"
        assert client.get_job("ranked").attempt == 1


def test_without_its_admission_policy_a_gate_says_so_and_waits(
    client: TitanClient, real: RealCluster, namespace: str
) -> None:
    real.apply(binding("titan-approver", user("alice")), namespace=namespace)
    news = _News(real, OPERATOR, "titan-approvals is missing")
    with removed(real, "validatingadmissionpolicybinding", "titan-approvals") as bring_back:
        wait_until("the line in the log", news.has_come)
        draft = TitanJob("draft", script_content="", hitl_message="Ship it?")
        dag = client.submit_dag("gated", [draft, TitanJob("publish", script_content="", parents=["draft"])])
        told = wait_until("the condition", lambda: _unprotected(real, namespace))
        assert "titan-approvals is missing" in told["message"]
        assert _gate(real, namespace)["status"].get("phase", "Scheduled") == "Scheduled"
        bring_back()
        wait_until("the open gate", lambda: _gate(real, namespace)["status"].get("phase") == "Pending")
        name = _gate(real, namespace)["metadata"]["name"]
        real.do("patch", "tapp", name, "-n", namespace, "--type=json", "-p", decision("alice"), user="alice")
        assert client.wait(dag, timeout=90).phase == "Succeeded"


@pytest.mark.timeout(300)
def test_older_kinds_hold_back_a_new_operator_and_not_the_work(client: TitanClient, real: RealCluster) -> None:
    with changed(real, _make_older, "crd", GATE) as restore:
        real.do("rollout", "restart", OPERATOR, "-n", SYSTEM_NAMESPACE)
        wait_until(
            "the field's name in the log",
            lambda: f"{GATE} is of another version: it lacks status.unproven" in read_log(real, OPERATOR),
        )
        dag = client.submit_dag("meanwhile", [TitanJob("job", script_content="")])
        assert client.wait(dag, timeout=60).phase == "Succeeded"
        restore()
        real.do("rollout", "status", OPERATOR, "-n", SYSTEM_NAMESPACE, "--timeout=90s")


@pytest.mark.timeout(400)
def test_an_expired_certificate_is_named_and_its_successor_taken(
    client: TitanClient, real: RealCluster, namespace: str
) -> None:
    def expire(secret: Json) -> None:
        authority = real.get("secret", "titan-store-ca", "-n", SYSTEM_NAMESPACE)["data"]
        signer = Authority.load(*(base64.b64decode(authority[part]).decode() for part in ("tls.crt", "tls.key")))
        host = f"titan-store.{SYSTEM_NAMESPACE}.svc"
        issued = signer.issue(timedelta(minutes=-5), timedelta(days=2), host=host)
        for part, text in (("tls.crt", issued.certificate), ("tls.key", issued.key)):
            secret["data"][part] = base64.b64encode(text.encode()).decode()

    news = _News(real, STORE, "--tls-cert-file and --tls-key-file: /etc/titan/tls/tls.crt is not valid")
    with changed(real, expire, "secret", "titan-store-tls", "-n", SYSTEM_NAMESPACE) as restore:
        _hurry_the_kubelet(real)
        wait_until("the line in the log", news.has_come, 150)
        assert "certificate has expired; clients will refuse it" in read_log(real, STORE)
        dag = client.submit_dag("patient", [TitanJob("patient", script_content="print('done')")])
        wait_until("the program's end", lambda: "done" in _pod_log(real, namespace, "patient"))
        assert client.get_job("patient").phase in ("Pending", "Running")
        restore()
        _hurry_the_kubelet(real)
        assert client.wait(dag, timeout=150).phase == "Succeeded"
        assert client.get_job("patient").attempt == 1


@pytest.mark.timeout(240)
def test_a_store_whose_bucket_cannot_be_used_says_why_and_begins_by_itself(
    client: TitanClient, real: RealCluster, namespace: str, tmp_path: Path
) -> None:
    server = HostS3(tmp_path / "s3", host_address(real))
    real.do("create", "secret", "generic", "bucket", "-n", namespace, *BUCKET_KEYS)
    setting = f"--s3-endpoint {server.endpoint}"
    report = tmp_path / "report.txt"
    report.write_text("kept")
    with own_store(real, namespace, *_bucket_at(server.endpoint)):
        try:
            wait_until("why it is away", lambda: setting in read_log(real, STORE, namespace), 150)
            server.start("not-the-stores-key")
            wait_until("why it is refused", lambda: read_log(real, STORE, namespace).count(setting) > 1)
            assert not is_ready(real, STORE_POD, namespace)
            server.start(SECRET)
            wait_until("the store", lambda: is_ready(real, STORE_POD, namespace))
            client.files.upload(report)
            assert server.holds(b"kept")
            server.stop()
            client.store_put("values", "go on")
            assert client.store_get("values") == "go on"
            report.write_text("changed")
            with pytest.raises(TitanUnavailable, match="S3"):
                client.files.upload(report)
            server.start(SECRET)
            client.files.upload(report)
            assert server.holds(b"changed")
            assert restart_counts(real, namespace) == {STORE_POD: 0}
        finally:
            server.stop()


def test_a_store_with_a_wrong_setting_gives_way_to_one_with_the_right_setting(
    real: RealCluster, namespace: str
) -> None:
    nowhere = f"http://{host_address(real)}:9"
    real.do("create", "secret", "generic", "bucket", "-n", namespace, *BUCKET_KEYS)
    with own_store(real, namespace, *_bucket_at(nowhere)):
        wait_until("what is wrong", lambda: f"--s3-endpoint {nowhere}" in read_log(real, STORE, namespace))
        assert not is_ready(real, STORE_POD, namespace)
        apply_store(real, namespace)
        wait_until("the store", lambda: is_ready(real, STORE_POD, namespace))


@pytest.mark.timeout(240)
def test_without_a_default_storage_class_the_store_waits_for_one(real: RealCluster, namespace: str) -> None:
    classes = real.get("storageclass")["items"]
    notes = (item for item in classes if item["metadata"].get("annotations", {}).get(DEFAULT_CLASS) == "true")
    default = str(next(notes)["metadata"]["name"])
    real.do("annotate", "storageclass", default, f"{DEFAULT_CLASS}-")
    try:
        with own_store(real, namespace):
            words = "jsonpath={.status.conditions[?(@.type=='PodScheduled')].message}"
            wait_until(
                "the scheduler's words",
                lambda: "unbound" in real.kubectl("get", "pod", STORE_POD, "-n", namespace, "-o", words).stdout,
            )
            real.do("annotate", "storageclass", default, f"{DEFAULT_CLASS}=true")
            claim = ("pvc", "data-titan-store-0", "-n", namespace)
            wait_until("the claim's class", lambda: real.get(*claim)["spec"].get("storageClassName") == default)
            # The scheduler may have looked a moment before it knew the class; it would look again in five minutes.
            real.do("annotate", *claim, "e2e.titan.io/look=again")
            wait_until("the store", lambda: is_ready(real, STORE_POD, namespace), 150)
    finally:
        real.do("annotate", "storageclass", default, f"{DEFAULT_CLASS}=true", "--overwrite")


class _News:
    """Words that a log has once more than at first: an earlier test may have caused them, too."""

    def __init__(self, real: RealCluster, workload: str, words: str) -> None:
        self._count = lambda: read_log(real, workload).count(words)
        self._before = self._count()

    def has_come(self) -> bool:
        return self._count() > self._before


def _bucket_at(endpoint: str) -> list[str]:
    return [f"store.s3.endpoint={endpoint}", f"store.s3.bucket={BUCKET}", "store.s3.existingSecret=bucket"]


def _make_older(kind: Json) -> None:
    kind["metadata"].get("annotations", {}).pop("titan.io/schema", None)
    (version,) = kind["spec"]["versions"]
    del version["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"]["unproven"]


def _gate(real: RealCluster, namespace: str) -> Json:
    (found,) = real.get("tapp", "-n", namespace)["items"] or [{"status": {}}]
    return {"status": {}} | dict(found)


def _unprotected(real: RealCluster, namespace: str) -> Json | None:
    conditions = _gate(real, namespace)["status"].get("conditions", [])
    return next((one for one in conditions if one["type"] == "ApprovalsUnprotected"), None)


def _pod_log(real: RealCluster, namespace: str, job_id: str) -> str:
    return real.kubectl("logs", "-n", namespace, "-l", f"titan.io/job-id={job_id}", "--tail=-1").stdout


def _hurry_the_kubelet(real: RealCluster) -> None:
    """It renews mounted Secrets whenever it looks at the pod: once a minute, or when something about the pod changes."""
    version = real.get("secret", "titan-store-tls", "-n", SYSTEM_NAMESPACE)["metadata"]["resourceVersion"]
    note = f"e2e.titan.io/certificate={version}"
    real.do("annotate", "pod", STORE_POD, "-n", SYSTEM_NAMESPACE, "--overwrite", note)
