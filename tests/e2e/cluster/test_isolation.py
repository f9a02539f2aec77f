"""Namespaces do not see one another, and nothing in a namespace disturbs Titan."""

import json

from builders.kubernetes.real_cluster import RealCluster, wait_until

from titan_sdk import TitanClient, TitanJob

ASK_OTHER = """
import os, sys, urllib.error, urllib.parse, urllib.request, ssl
token = open(os.environ["TITAN_STORE_TOKEN_FILE"]).read()
url = os.environ["TITAN_STORE_URL"] + "/v1/namespaces/" + sys.argv[1] + "/value?key=secret"
context = ssl.create_default_context(cadata=os.environ.get("TITAN_STORE_CA") or None)
try:
    urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": "Bearer " + token}), context=context)
except urllib.error.HTTPError as error:
    print(error.code)
"""


def test_one_namespace_cannot_read_anothers_values(client: TitanClient, real: RealCluster) -> None:
    client.store_put("secret", "of the first")
    with real.namespace() as other:
        elsewhere = real.client(other)
        assert elsewhere.store_get("secret") == "NULL"
        spy = TitanJob("spy", script_content=ASK_OTHER, args=[client.namespace])
        assert elsewhere.wait(elsewhere.submit_dag("spying", [spy]), timeout=90).phase == "Succeeded"
        assert elsewhere.fetch_logs("spy") == "403\n"


def test_a_namespace_made_again_inherits_nothing(real: RealCluster) -> None:
    with real.namespace() as name:
        real.client(name).store_put("key", "of the former")
        real.do("delete", "namespace", name, "--wait=true", timeout=200)
        real.make_namespace(name)
        assert real.client(name).store_get("key") == "NULL"


def test_a_service_named_titan_does_not_disturb_jobs(client: TitanClient, real: RealCluster, namespace: str) -> None:
    real.do("create", "service", "clusterip", "titan", "--tcp=80:80", "-n", namespace)
    script = "from titan_sdk import TitanClient\nTitanClient().store_put('k', 'v')\nprint('fine')"
    dag = client.submit_dag("undisturbed", [TitanJob("plain", script_content=script)])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    assert client.store_get("k") == "v"


def test_every_pod_of_titan_passes_the_restricted_standard(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("strict", [TitanJob("strict", script_content="")])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    label = ("label", "namespace", "titan-system", "--dry-run=server", "--overwrite")
    warned = real.kubectl(*label, "pod-security.kubernetes.io/enforce=restricted")
    assert (warned.returncode, warned.stderr) == (0, "")


def test_a_new_namespace_works_at_once(real: RealCluster) -> None:
    with real.namespace("fresh") as name:
        client = real.client(name)
        dag = client.submit_dag("hello", [TitanJob("hello", script_content="print('hello')")])
        assert client.wait(dag, timeout=90).phase == "Succeeded"
        events = json.loads(real.do("get", "events", "-n", name, "-o", "json"))["items"]
        assert [event["message"] for event in events if event["type"] == "Warning"] == []
        wait_until("its log", lambda: client.fetch_logs("hello") == "hello\n")
