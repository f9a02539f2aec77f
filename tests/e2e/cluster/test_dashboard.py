"""The dashboard of a real cluster, through `titan dashboard`: the page, its stream, and what people may do on it."""

import json
from pathlib import Path

import pytest
from builders.dashboard.pages import Page, open_dashboard, sign_in_kubeconfig
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import binding, dag_manifest, job_manifest

from titan_sdk import TitanClient, TitanJob

SLEEPER = "import time\ntime.sleep(600)"


@pytest.fixture
def anna(real: RealCluster, namespace: str, tmp_path: Path) -> RealCluster:
    """Somebody with a token of her own, who may edit and approve in one namespace."""
    real.do("create", "serviceaccount", "anna", "-n", namespace)
    account = {"kind": "ServiceAccount", "name": "anna", "namespace": namespace}
    real.apply(binding("titan-edit", account), binding("titan-approver", account), namespace=namespace)
    token = real.do("create", "token", "anna", "-n", namespace).strip()
    return sign_in_kubeconfig(real, token, tmp_path)


def test_a_person_with_a_token_sees_cancels_and_resubmits(
    real: RealCluster, namespace: str, client: TitanClient, anna: RealCluster
) -> None:
    dag = client.submit_dag("long", [TitanJob("sleeper", script_content=SLEEPER)]).name
    with open_dashboard(anna, namespace) as page:
        html = page.get("")
        assert html.headers["Content-Type"].startswith("text/html")
        assert "unsafe" not in html.headers["Content-Security-Policy"]
        assert page.session["user"] == f"system:serviceaccount:{namespace}:anna"
        assert [item["name"] for item in page.get(f"v1/views/dags?namespace={namespace}").json()["items"]] == [dag]
        assert page.post(f"v1/namespaces/{namespace}/dags/{dag}/cancel").status == 200
        wait_until("the cancelled DAG", lambda: _phase(real, namespace, dag) in ("Cancelled", "Failed"))
        again = page.post(f"v1/namespaces/{namespace}/dags/{dag}/resubmit")
        assert again.status == 201, again.data
        copy = real.get("tdag", again.json()["name"], "-n", namespace)
        assert copy["metadata"]["name"] != dag
        assert copy["spec"]["requestedBy"] == page.session["user"]
        wait_until("the job of the copy", lambda: _phase(real, namespace, copy["metadata"]["name"]) == "Running")


def test_what_changes_in_the_cluster_arrives_through_the_proxy(
    client: TitanClient, namespace: str, anna: RealCluster
) -> None:
    with open_dashboard(anna, namespace) as page:
        lines = page.follow(f"v1/views/changes?namespace={namespace}")
        next(lines)
        dag = client.submit_dag("news", [TitanJob("one", script_content="print(1)")]).name
        told = (json.loads(line.removeprefix(b"data: ")) for line in lines if line.startswith(b"data: "))
        assert any(item["name"] == dag for changes in told for item in changes.get("items", ()))


def test_an_approver_decides_on_the_page_and_the_object_names_her(
    real: RealCluster, namespace: str, anna: RealCluster
) -> None:
    jobs = [
        job_manifest("draft", dag="ship", approval={"message": "Ship it?"}),
        job_manifest("publish", dag="ship", parents=[{"jobID": "draft"}]),
    ]
    requester = real.do("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
    jobs[0]["spec"]["requestedBy"] = requester
    real.apply(dag_manifest("ship", requestedBy=requester), *jobs, namespace=namespace)
    with open_dashboard(anna, namespace) as page:
        gate = wait_until("the open gate", lambda: _waiting(page, namespace))
        assert gate["mayDecide"] is True
        path = f"v1/namespaces/{namespace}/approvals/{gate['name']}/decision"
        assert page.post(path, {"verdict": "Approve", "comment": "looks right"}).status == 200
        wait_until("the job behind the gate", lambda: _job_phase(real, namespace, "ship-publish") == "Succeeded")
        decisions = real.get("tapp", str(gate["name"]), "-n", namespace)["status"]["decisions"]
        assert [given["user"] for given in decisions] == [page.session["user"]]


def test_somebody_with_only_a_certificate_looks_on_and_gets_commands(
    real: RealCluster, namespace: str, client: TitanClient
) -> None:
    dag = client.submit_dag("seen", [TitanJob("one", script_content=SLEEPER)]).name
    with open_dashboard(real, namespace) as page:
        assert page.session["isShared"] is True
        assert [item["name"] for item in page.get(f"v1/views/dags?namespace={namespace}").json()["items"]] == [dag]
        rights = page.get(f"v1/views/rights?namespace={namespace}").json()
        assert rights["approvals.decide"]["allowed"] is False
        assert rights["approvals.decide"]["command"].startswith("titan approve ")
        assert page.post(f"v1/namespaces/{namespace}/dags/{dag}/cancel").status == 403
        assert real.get("tdag", dag, "-n", namespace)["spec"].get("cancel", False) is False


def _phase(real: RealCluster, namespace: str, dag: str) -> str:
    return str(real.get("tdag", dag, "-n", namespace).get("status", {}).get("phase", ""))


def _job_phase(real: RealCluster, namespace: str, job: str) -> str:
    return str(real.get("tjob", job, "-n", namespace).get("status", {}).get("phase", ""))


def _waiting(page: Page, namespace: str) -> dict[str, object] | None:
    items = page.get(f"v1/views/approvals?namespace={namespace}&phase=Pending").json()["items"]
    return dict(items[0]) if items else None
