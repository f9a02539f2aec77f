"""An agent in a pod cannot open a gate over any path, not even where somebody gave its account the role to decide."""

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import binding, dag_manifest, job_manifest

from titan_sdk import TitanClient

GATE = "guarded-draft"
AGENT = """
import json, os, ssl, urllib.error, urllib.request
from titan_sdk import TitanClient

client = TitanClient()
KUBERNETES = "https://" + os.environ["KUBERNETES_SERVICE_HOST"]
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
NAMESPACED = "/namespaces/" + client.namespace
GATE = KUBERNETES + "/apis/titan.io/v1alpha1" + NAMESPACED + "/titanapprovals/guarded-draft"
STORE = os.environ["TITAN_STORE_URL"] + "/v1" + NAMESPACED


def ask(method, url, body, token_file, media_type="application/json", **authority):
    with open(token_file) as file:
        headers = {"Authorization": "Bearer " + file.read(), "Content-Type": media_type}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    urllib.request.urlopen(request, context=ssl.create_default_context(**authority))


def kubernetes(method, url, body, media_type="application/json"):
    ask(method, url, body, ACCOUNT + "/token", media_type, cafile=ACCOUNT + "/ca.crt")


def patch(url, user):
    entry = {"op": "add", "path": "/spec/decisions/-", "value": {"user": user, "verdict": "Approve"}}
    kubernetes("PATCH", url, [entry], "application/json-patch+json")


def endpoint():
    authority = os.environ.get("TITAN_STORE_CA") or None
    body = {"verdict": "Approve"}
    ask("POST", STORE + "/approvals/guarded-draft/decision", body, os.environ["TITAN_STORE_TOKEN_FILE"], cadata=authority)


def run_as(account):
    container = {"name": "c", "image": "titan-runner:0.1.0"}
    pod = {"metadata": {"name": "other"}, "spec": {"serviceAccountName": account, "containers": [container]}}
    kubernetes("POST", KUBERNETES + "/api/v1" + NAMESPACED + "/pods", pod)


def become(account):
    url = KUBERNETES + "/api/v1" + NAMESPACED + "/serviceaccounts/" + account + "/token"
    kubernetes("POST", url, {"spec": {"audiences": ["titan-store"]}})


def write_status():
    kubernetes("PATCH", GATE + "/status", {"status": {"phase": "Approved"}}, "application/merge-patch+json")


PATHS = {
    "sdk": lambda: client.approve("draft"),
    "own name": lambda: patch(GATE, client.whoami()),
    "another's name": lambda: patch(GATE, "alice"),
    "status": lambda: write_status(),
    "endpoint": endpoint,
    "pod": lambda: run_as("titan-client"),
    "token": lambda: become("titan-client"),
}
for name, go in PATHS.items():
    try:
        go()
    except urllib.error.HTTPError as error:
        print(name, error.code)
    except Exception as error:
        print(name, type(error).__name__)
    else:
        print(name, "went through")
for key in ("hitl-gate-draft", "guarded-draft", "draft"):
    client.store_put("titan:hitl:status:" + key, "APPROVED")
"""
REFUSED = """\
sdk TitanForbidden
own name 403
another's name 403
status 403
endpoint 403
pod 403
token 403
"""


@pytest.mark.parametrize("has_role", [False, True], ids=["as-installed", "with-the-role-and-among-the-approvers"])
def test_an_agent_opens_no_gate(client: TitanClient, real: RealCluster, namespace: str, has_role: bool) -> None:
    account = f"system:serviceaccount:{namespace}:titan-job"
    approvers = ["alice", account] if has_role else ["alice"]
    if has_role:
        real.apply(binding("titan-approver", {"kind": "ServiceAccount", "name": "titan-job"}), namespace=namespace)
    requested = {"requestedBy": real.do("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")}
    real.apply(
        dag_manifest("guarded", jobCount=2, **requested),
        job_manifest("draft", dag="guarded", approval={"approvers": {"users": approvers}}, **requested),
        job_manifest("publish", dag="guarded", parents=[{"jobID": "draft"}], **requested),
        namespace=namespace,
    )
    wait_until("the open gate", lambda: _phase(real, namespace, "tapp", GATE) == "Pending")
    real.apply(job_manifest("agent", AGENT), namespace=namespace)
    wait_until("the agent's end", lambda: _phase(real, namespace, "tjob", "agent") == "Succeeded")
    assert client.fetch_logs("agent") == REFUSED
    assert _phase(real, namespace, "tapp", GATE) == "Pending"
    assert real.get("tapp", GATE, "-n", namespace)["spec"]["decisions"] == []
    assert real.do("get", "pods", "-n", namespace, "-l", "titan.io/job-id=publish", "-o", "name") == ""


def _phase(real: RealCluster, namespace: str, kind: str, name: str) -> str:
    return real.do("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "jsonpath={.status.phase}")
