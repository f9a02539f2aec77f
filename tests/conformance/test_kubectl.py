"""kubectl against the server. `make binaries` builds one; without it, or one on the PATH, these tests skip."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conformance.api import Api, until
from conformance.conftest import Cluster
from conformance.embedded import EmbeddedServer
from conformance.objects import gadget, pod
from conformance.stubs import serving

from titan_api.json_types import Json

SECONDS = 30
Kubectl = Callable[..., subprocess.CompletedProcess[str]]
DAG: Json = {"apiVersion": "titan.io/v1alpha1", "kind": "TitanDAG", "metadata": {"name": "d"}, "spec": {"name": "d"}}


def find_kubectl() -> str | None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "titan" / "bin" / "kubectl"
    return str(built) if os.access(built, os.X_OK) else shutil.which("kubectl")


@pytest.fixture(scope="session")
def binary() -> str:
    found = find_kubectl()
    if found is None:
        pytest.skip("no kubectl: run `python3 -m tools.binaries kubectl`, or put one on the PATH")
    return found


@pytest.fixture
def kubectl(binary: str, cluster: Cluster, api: Api, namespace: str, tmp_path: Path) -> Kubectl:
    """Runs kubectl in the test's namespace; a failure fails the test unless ``code`` says that it should."""

    def run(*arguments: str, stdin: Json | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command_of(binary, cluster, namespace, *arguments),
            input=json.dumps(stdin) if stdin is not None else None,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


def command_of(binary: str, cluster: Cluster, namespace: str, *arguments: str) -> list[str]:
    return [binary, "--kubeconfig", str(cluster.kubeconfig), "--namespace", namespace, *arguments]


def rows(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}|\s+$", line.strip()) for line in text.strip().splitlines()]


def test_get_prints_the_columns_of_the_kind(api: Api, namespace: str, kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=DAG)
    status = {"status": {"phase": "Running", "progress": "3/7", "counts": {"running": 2, "failed": 0}}}
    api.patch(f"/apis/titan.io/v1alpha1/namespaces/{namespace}/titandags/d/status", status)
    for name in ("titandags", "titandag", "tdag", "TitanDAG", "titandags.titan.io", "titandags.v1alpha1.titan.io"):
        header, row = kubectl("get", name).stdout.strip().splitlines()
        assert header.split() == ["NAME", "PHASE", "DONE", "RUNNING", "FAILED", "APPROVAL", "AGE"]
        assert row.split()[:5] == ["d", "Running", "3/7", "2", "0"]


def test_get_of_the_category_prints_all_of_titans_kinds(api: Api, namespace: str, kubectl: Kubectl) -> None:
    base = f"/apis/titan.io/v1alpha1/namespaces/{namespace}"
    source = {"inline": {"fileName": "a.py", "content": ""}}
    head = {"apiVersion": "titan.io/v1alpha1"}
    api.post(f"{base}/titandags", DAG)
    job = {"kind": "TitanJob", "metadata": {"name": "j"}, "spec": {"dag": "d", "jobID": "j", "source": source}}
    assert api.post(f"{base}/titanjobs", head | job).status == 201
    subject = {"job": "j", "jobID": "j", "uid": "1"}
    gate = {"kind": "TitanApproval", "metadata": {"name": "g"}, "spec": {"subject": subject}}
    assert api.post(f"{base}/titanapprovals", head | gate).status == 201
    shown = kubectl("get", "titan").stdout
    assert {"titandag.titan.io/d", "titanjob.titan.io/j", "titanapproval.titan.io/g"} <= set(shown.split())


def test_get_knows_yaml_names_jsonpath_wide_and_selectors(
    api: Api, namespace: str, pods: str, kubectl: Kubectl
) -> None:
    api.post(pods, pod("p", labels={"a": "b", "of": namespace}))
    assert yaml.safe_load(kubectl("get", "pod", "p", "-o", "yaml").stdout)["metadata"]["name"] == "p"
    assert kubectl("get", "pods", "-o", "name", "-l", "a=b").stdout == "pod/p\n"
    assert kubectl("get", "pods", "-o", "jsonpath={.items[*].status.phase}").stdout == "Pending"
    assert "NODE" in kubectl("get", "po", "-o", "wide").stdout
    assert kubectl("get", "pods", "--field-selector", "status.phase=Running").stderr.startswith("No resources found")
    assert kubectl("get", "pods", "-A", "--no-headers", "-l", f"of={namespace}").stdout.split()[1] == "p"


def test_get_watch_goes_on_printing(binary: str, cluster: Cluster, api: Api, namespace: str, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    command = command_of(binary, cluster, namespace, "get", "gadgets", "-w")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        try:
            assert watching.stdout is not None
            lines = [watching.stdout.readline().split() for _ in range(2)]
            api.patch(f"{gadgets}/a", {"spec": {"mode": "fast"}})
            lines.append(watching.stdout.readline().split())
        finally:
            watching.terminate()
    assert [line[:2] for line in lines] == [["NAME", "MODE"], ["a", "slow"], ["a", "fast"]]


def test_describe_shows_the_object_and_its_events(api: Api, namespace: str, gadgets: str, kubectl: Kubectl) -> None:
    made = api.post(gadgets, gadget("a", labels={"x": "y"})).body
    involved = {"kind": "Gadget", "name": "a", "namespace": namespace, "apiVersion": made["apiVersion"]}
    body = {"metadata": {"name": "e"}, "involvedObject": involved | {"uid": made["metadata"]["uid"]}, "type": "Normal",
            "reason": "Polished", "message": "It shines.", "source": {"component": "tests"}}  # fmt: skip
    assert api.post(f"/api/v1/namespaces/{namespace}/events", body).status == 201
    shown = kubectl("describe", "gadget", "a").stdout
    assert "Labels:" in shown and "x=y" in shown and re.search(r"Mode:\s+slow", shown)
    assert re.search(r"Normal\s+Polished\s+\S+\s+tests\s+It shines\.", shown)
    assert "Polished" in kubectl("events", "--for", "gadget/a").stdout
    assert "gadget/a" in kubectl("get", "events").stdout


def test_describe_shows_pods(api: Api, pods: str, kubectl: Kubectl) -> None:
    api.post(pods, pod("p"))
    assert re.search(r"Status:\s+Pending", kubectl("describe", "pod", "p").stdout)


def test_apply_creates_changes_and_leaves_alone(kubectl: Kubectl) -> None:
    assert kubectl("apply", "-f", "-", stdin=DAG).stdout == "titandag.titan.io/d created\n"
    assert kubectl("apply", "-f", "-", stdin=DAG).stdout == "titandag.titan.io/d unchanged\n"
    kubectl("diff", "-f", "-", stdin=DAG)
    more = DAG | {"spec": {"name": "d", "jobCount": 3}}
    assert "jobCount: 3" in kubectl("diff", "-f", "-", stdin=more, code=1).stdout
    assert kubectl("apply", "-f", "-", stdin=more).stdout == "titandag.titan.io/d configured\n"
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "b"}}
    assert [kubectl("apply", "-f", "-", stdin=config).stdout.split()[1] for _ in range(2)] == ["created", "unchanged"]


def test_apply_on_the_server_says_whose_field_it_is(kubectl: Kubectl) -> None:
    one = DAG | {"spec": {"name": "d", "jobCount": 3}}
    kubectl("apply", "--server-side", "--field-manager=one", "-f", "-", stdin=one)
    two = DAG | {"spec": {"name": "d", "jobCount": 4}}
    refused = kubectl("apply", "--server-side", "--field-manager=two", "-f", "-", stdin=two, code=1).stderr
    assert 'conflict with "one"' in refused and ".spec.jobCount" in refused
    forced = kubectl("apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", "-", stdin=two).stdout
    assert forced == "titandag.titan.io/d serverside-applied\n"


def test_mistakes_are_told_in_the_servers_words(kubectl: Kubectl) -> None:
    wrong = kubectl("create", "-f", "-", stdin=DAG | {"spec": {"name": "d", "jobCount": 0}}, code=1).stderr
    assert 'The TitanDAG "d" is invalid: spec.jobCount: Invalid value: 0' in wrong
    unknown = kubectl("create", "-f", "-", stdin=DAG | {"spec": {"name": "d", "jobCuont": 1}}, code=1).stderr
    assert 'strict decoding error: unknown field "spec.jobCuont"' in unknown
    assert (
        'Error from server (NotFound): titandags.titan.io "none" not found'
        in kubectl("get", "tdag", "none", code=1).stderr
    )
    assert 'the server doesn\'t have a resource type "nonsense"' in kubectl("get", "nonsense", code=1).stderr
    kubectl("create", "-f", "-", stdin=DAG)
    assert "AlreadyExists" in kubectl("create", "-f", "-", stdin=DAG, code=1).stderr
    forbidden = kubectl("get", "pods", "--as", "bob", code=1).stderr
    assert 'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods"' in forbidden


def test_patch_edit_label_and_annotate(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=DAG)
    assert kubectl("patch", "tdag", "d", "--type=merge", "-p", '{"spec":{"run":2}}').stdout.endswith("patched\n")
    assert kubectl("patch", "tdag", "d", "--type=merge", "-p", '{"spec":{"run":2}}').stdout.endswith("(no change)\n")
    refused = kubectl("patch", "tdag", "d", "--type=merge", "-p", '{"spec":{"run":1}}', code=1).stderr
    assert 'The TitanDAG "d" is invalid: spec: Invalid value: "object": spec.run may only grow' in refused
    kubectl("label", "tdag", "d", "a=b")
    kubectl("annotate", "tdag", "d", "c=d")
    assert kubectl("get", "tdag", "-l", "a=b", "-o", "name").stdout == "titandag.titan.io/d\n"
    shown = yaml.safe_load(kubectl("get", "tdag", "d", "-o", "yaml").stdout)
    kubectl("replace", "-f", "-", stdin=shown | {"spec": shown["spec"] | {"suspend": True}})
    assert kubectl("get", "tdag", "d", "-o", "jsonpath={.spec.suspend}").stdout == "true"


def test_wait_ends_with_the_condition(binary: str, cluster: Cluster, api: Api, namespace: str, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    command = command_of(
        binary, cluster, namespace, "wait", "gadget/a", "--for=condition=Ready", f"--timeout={SECONDS}s"
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as waiting:
        time.sleep(0.3)
        assert waiting.poll() is None
        api.patch(f"{gadgets}/a/status", {"status": {"conditions": [{"type": "Ready", "status": "True"}]}})
        assert waiting.communicate(timeout=SECONDS)[0] == "gadget.conformance.titan.io/a condition met\n"


def test_delete_waits_for_finalizers(binary: str, cluster: Cluster, api: Api, namespace: str, gadgets: str) -> None:
    api.post(gadgets, gadget("a", finalizers=["a.b/c"]))
    command = command_of(binary, cluster, namespace, "delete", "gadget", "a", f"--timeout={SECONDS}s")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as deleting:
        until(lambda: "deletionTimestamp" in api.get(f"{gadgets}/a").body["metadata"])
        assert deleting.poll() is None
        api.patch(f"{gadgets}/a", {"metadata": {"finalizers": None}})
        assert 'gadget.conformance.titan.io "a" deleted' in deleting.communicate(timeout=SECONDS)[0]
        assert deleting.returncode == 0


def test_delete_by_label_and_in_the_foreground(api: Api, gadgets: str, kubectl: Kubectl) -> None:
    for name in ("a", "b"):
        api.post(gadgets, gadget(name, labels={"x": "y"}))
    assert kubectl("delete", "gadgets", "-l", "x=y").stdout.count("deleted") == 2
    api.post(gadgets, gadget("c"))
    kubectl("delete", "gadget", "c", "--cascade=foreground")
    kubectl("delete", "gadget", "c", "--ignore-not-found")


def test_explain_shows_the_documentation_of_fields(kubectl: Kubectl) -> None:
    shown = kubectl("explain", "titanjob.spec.source").stdout
    assert "What runs: exactly one of the four." in shown
    assert re.search(r"inline\s+<Object>", shown) and re.search(r"container\s+<Object>", shown)
    assert "Longest time of one attempt." in kubectl("explain", "tjob.spec.activeDeadlineSeconds").stdout


def test_typed_creates_are_understood(api: Api, namespace: str, kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "m", "--from-literal=a=b")
    kubectl("create", "secret", "generic", "s", "--from-literal=k=v")
    kubectl("create", "serviceaccount", "sa")
    kubectl("create", "role", "r", "--verb=get,list", "--resource=pods,titandags.titan.io", "--resource-name=x")
    kubectl("create", "rolebinding", "b", "--role=r", f"--serviceaccount={namespace}:sa", "--user=ann", "--group=g")
    kubectl("create", "namespace", f"{namespace}-2")
    base = f"/api/v1/namespaces/{namespace}"
    assert api.get(f"{base}/configmaps/m").body["data"] == {"a": "b"}
    assert api.get(f"{base}/secrets/s").body["data"] == {"k": "dg=="}
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    rules = api.get(f"{rbac}/roles/r").body["rules"]
    assert {
        "apiGroups": ["titan.io"],
        "resources": ["titandags"],
        "resourceNames": ["x"],
        "verbs": ["get", "list"],
    } in rules
    binding = api.get(f"{rbac}/rolebindings/b").body
    assert sorted(subject["kind"] for subject in binding["subjects"]) == ["Group", "ServiceAccount", "User"]
    assert binding["roleRef"]["name"] == "r"
    assert kubectl("create", "token", "sa", "--audience=titan-store", "--duration=20m").stdout.count(".") == 2
    assert kubectl("delete", "namespace", f"{namespace}-2", "--wait=false").stdout.count("deleted") == 1


def test_cluster_wide_typed_creates_are_understood(api: Api, namespace: str, kubectl: Kubectl) -> None:
    kubectl("create", "clusterrole", namespace, "--verb=get", "--non-resource-url=/healthz")
    kubectl("create", "clusterrolebinding", namespace, f"--clusterrole={namespace}", "--user=ann")
    kubectl("create", "priorityclass", namespace, "--value=7", "--description=seven")
    assert api.get(f"/apis/scheduling.k8s.io/v1/priorityclasses/{namespace}").body["value"] == 7
    role = api.get(f"/apis/rbac.authorization.k8s.io/v1/clusterroles/{namespace}").body
    assert role["rules"] == [{"verbs": ["get"], "nonResourceURLs": ["/healthz"]}]
    for kind in ("clusterrole", "clusterrolebinding", "priorityclass"):
        kubectl("delete", kind, namespace)


def test_auth_says_who_one_is_and_what_one_may(api: Api, kubectl: Kubectl) -> None:
    assert kubectl("auth", "can-i", "create", "titandags.titan.io").stdout == "yes\n"
    assert kubectl("auth", "can-i", "delete", "pods", "--as", "bob", code=1).stdout == "no\n"
    assert "bob" in kubectl("auth", "whoami", "--as", "bob").stdout
    assert "selfsubjectaccessreviews" in kubectl("auth", "can-i", "--list", "--as", "bob").stdout


def test_resources_and_versions_are_listed(kubectl: Kubectl) -> None:
    listed = {line.split()[0]: line.split() for line in kubectl("api-resources").stdout.splitlines()}
    assert listed["titandags"][1:] == ["tdag", "titan.io/v1alpha1", "true", "TitanDAG"]
    assert "titan.io/v1alpha1" in kubectl("api-versions").stdout.split()
    assert "Server Version: v1." in kubectl("version").stdout
    assert kubectl("get", "--raw", "/readyz").stdout == "ok"
    assert "kind: TitanDAGList" not in kubectl("get", "crd", "-o", "name").stdout
    assert re.search(r"titandags\.titan\.io\s+20", kubectl("get", "crd").stdout)
    assert kubectl("cluster-info").returncode == 0


def test_logs_come_from_the_kubelet(
    binary: str, cluster: Cluster, embedded: EmbeddedServer, api: Api, namespace: str, pods: str, kubectl: Kubectl
) -> None:
    (embedded.directory / "kubelet.token").write_text("secret")
    node = f"node-{namespace}"
    with serving("secret") as (port, go_on):
        api.post("/api/v1/nodes", {"metadata": {"name": node}})
        api.patch(f"/api/v1/nodes/{node}/status", {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}})
        api.post(pods, pod("p"))
        api.post(f"{pods}/p/binding", {"metadata": {"name": "p"}, "target": {"name": node}})
        assert kubectl("logs", "p").stdout == f"first line of /containerLogs/{namespace}/p/main\n"
        command = command_of(binary, cluster, namespace, "logs", "-f", "p")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:
            assert following.stdout is not None
            assert following.stdout.readline().startswith("first line")
            go_on.set()
            assert following.communicate(timeout=SECONDS)[0] == "second line\n"
    api.delete(f"/api/v1/nodes/{node}")
