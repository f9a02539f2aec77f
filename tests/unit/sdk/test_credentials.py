"""Finding a cluster: kubeconfigs of every ordinary kind, the pod's own account, a running ``titan local``."""

import base64
import json
import sys
from pathlib import Path

import pytest
import yaml

from titan_sdk.cluster.credentials import find_access
from titan_sdk.cluster.environment import resolve
from titan_sdk.errors import TitanNotConfigured

IN_CLUSTER = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "6443"}


def kubeconfig(
    user=None, *, server="https://cluster.test:6443/", name="here", namespace=None, current=True, cluster=None
):
    context = {"cluster": name, "user": name} | ({"namespace": namespace} if namespace else {})
    content = {
        "clusters": [{"name": name, "cluster": {"server": server} | (cluster or {})}],
        "users": [{"name": name, "user": user or {"token": "secret"}}],
        "contexts": [{"name": name, "context": context}],
    }
    return content | ({"current-context": name} if current else {})


def write(path: Path, content, form=yaml.safe_dump):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(form(content))
    return path


def find(tmp_path, variables=None, context=None):
    variables = variables or {}
    surroundings = resolve(variables, (None, None), tmp_path)
    return find_access(surroundings, variables, context=context, service_account=tmp_path / "account")


def service_account(tmp_path):
    folder = tmp_path / "account"
    folder.mkdir()
    (folder / "token").write_text("pod-token\n")
    (folder / "namespace").write_text("pod-namespace")
    return folder


USERS = {
    "a token": ({"token": "secret"}, "Bearer secret"),
    "name and password": ({"username": "anna", "password": "pw"}, f"Basic {base64.b64encode(b'anna:pw').decode()}"),
    "a client certificate": ({}, None),
}


@pytest.mark.parametrize(("user", "authorization"), USERS.values(), ids=USERS.keys())
@pytest.mark.parametrize("form", [yaml.safe_dump, json.dumps], ids=["YAML", "JSON"])
def test_an_ordinary_kubeconfig_is_read(tmp_path, user, authorization, form):
    content = kubeconfig(user or None, namespace="team")
    content["users"][0]["user"] = user
    path = write(tmp_path / "k", content, form)
    access = find(tmp_path, {"KUBECONFIG": str(path)})
    assert (access.server, access.namespace) == ("https://cluster.test:6443", "team")
    assert access.authorization() == authorization


def test_a_token_in_a_file_is_read_each_time(tmp_path):
    (tmp_path / "token").write_text("one\n")
    path = write(tmp_path / "k", kubeconfig({"tokenFile": "token"}))
    access = find(tmp_path, {"KUBECONFIG": str(path)})
    assert access.authorization() == "Bearer one"
    (tmp_path / "token").write_text("two\n")
    assert access.authorization() == "Bearer two"


def test_several_files_are_merged_and_the_first_wins(tmp_path):
    first = write(tmp_path / "1", kubeconfig({"token": "first"}, current=False))
    second = write(tmp_path / "2", kubeconfig({"token": "second"}))
    third = write(tmp_path / "3", kubeconfig({"token": "third"}, name="there"))
    variables = {"KUBECONFIG": f"{first}:{second}:{tmp_path / 'none'}:{third}"}
    assert find(tmp_path, variables).authorization() == "Bearer first"
    assert find(tmp_path, variables, context="there").authorization() == "Bearer third"


def test_what_is_looked_at_comes_in_this_order(tmp_path):
    service_account(tmp_path)
    write(tmp_path / ".kube/config", kubeconfig({"token": "home"}))
    write(tmp_path / ".titan/local/kubeconfig", kubeconfig({"token": "local"}), json.dumps)
    named = write(tmp_path / "named", kubeconfig({"token": "named"}))
    found = []
    for variables in (IN_CLUSTER | {"KUBECONFIG": str(named)}, IN_CLUSTER, {}):
        found.append(find(tmp_path, variables).authorization())
    (tmp_path / ".kube/config").unlink()
    found.append(find(tmp_path).authorization())
    assert found == ["Bearer named", "Bearer pod-token", "Bearer home", "Bearer local"]


def test_a_pod_knows_its_namespace_and_server(tmp_path):
    service_account(tmp_path)
    access = find(tmp_path, IN_CLUSTER)
    assert (access.server, access.namespace) == ("https://10.0.0.1:6443", "pod-namespace")
    assert find(tmp_path, IN_CLUSTER | {"KUBERNETES_SERVICE_HOST": "fd00::1"}).server == "https://[fd00::1]:6443"


def broken(tmp_path, content, form=yaml.safe_dump):
    return {"KUBECONFIG": str(write(tmp_path / "k", content, form))}


def without(section):
    return {key: value for key, value in kubeconfig().items() if key != section}


MISTAKES = {
    "nothing at all": (lambda path: {}, "no Kubernetes credentials"),
    "a file that is not there": (lambda path: {"KUBECONFIG": str(path / "none")}, "none does not exist or is empty"),
    "an empty file": (lambda path: broken(path, "", str), "does not exist or is empty"),
    "no YAML": (lambda path: broken(path, "a: [", str), "is no YAML"),
    "no JSON": (lambda path: broken(path, "{a", str), "is no JSON"),
    "a list": (lambda path: broken(path, [1]), "is no mapping"),
    "no current context": (lambda path: broken(path, kubeconfig(current=False)), "no current-context"),
    "no such context": (lambda path: broken(path, without("contexts")), "no context 'here'"),
    "no such user": (lambda path: broken(path, without("users")), "no user 'here'"),
    "no server": (lambda path: broken(path, kubeconfig(server="")), "has no server"),
    "no such certificate": (
        lambda path: broken(path, kubeconfig(cluster={"certificate-authority": "ca.pem"})), "ca.pem cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence(tmp_path, make, words):
    with pytest.raises(TitanNotConfigured, match=words):
        find(tmp_path, make(tmp_path))


def test_a_credential_plugin_is_run_by_the_official_client(tmp_path):
    reply = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "minted"}}
    program = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", f"print({json.dumps(json.dumps(reply))})"],
        "interactiveMode": "Never",
    }
    path = write(tmp_path / "k", kubeconfig({"exec": program}, namespace="team"))
    access = find(tmp_path, {"KUBECONFIG": str(path)})
    assert access.server == "https://cluster.test:6443"
    assert access.authorization() == "Bearer minted"
    assert access.namespace == "team"
