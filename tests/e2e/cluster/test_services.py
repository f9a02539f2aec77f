"""Services in a real cluster: reached by name from jobs, restarted by Kubernetes, near their users."""

from builders.kubernetes.real_cluster import RealCluster, wait_until

from titan_sdk import TitanClient, TitanJob

PORT = 8080
SERVER = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/die":
            os._exit(1)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"pong")
    def log_message(self, *_):
        pass
http.server.HTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""
CALL = """
import sys, urllib.request
from titan_sdk import TitanClient
address = TitanClient().service_address("api")
print(urllib.request.urlopen(f"http://{address}/", timeout=10).read().decode())
"""
KILL = """
import http.client
from titan_sdk import TitanClient
host, port = TitanClient().service_address("api").split(":")
connection = http.client.HTTPConnection(host, int(port), timeout=10)
connection.request("GET", "/die")
try:
    connection.getresponse()
except http.client.RemoteDisconnected:
    print("it died")
"""


def test_a_child_reaches_a_service_by_name_near_it_and_stopping_it_ends_the_dag(
    client: TitanClient, real: RealCluster, namespace: str
) -> None:
    service = TitanJob("api", job_type="SERVICE", script_content=SERVER, port=PORT)
    caller = TitanJob("caller", script_content=CALL, parents=["api"], affinity=True)
    dag = client.submit_dag("serving", [service, caller])
    wait_until("the caller's end", lambda: client.get_job_status("caller") == "COMPLETED")
    assert client.fetch_logs("caller") == "pong\n"
    assert ".svc" in client.service_address("api")
    pod = real.get("pods", "-n", namespace, "-l", "titan.io/job-id=caller")["items"][0]
    terms = pod["spec"]["affinity"]["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert terms[0]["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"
    client.stop_service("api")
    assert client.wait(dag, timeout=60).phase == "Succeeded"
    wait_until("the end of its Deployment", lambda: not real.get("deployments,services", "-n", namespace)["items"])


def test_kubernetes_restarts_a_service_that_dies(client: TitanClient, real: RealCluster, namespace: str) -> None:
    dag = client.submit_dag("fragile", [TitanJob("api", job_type="SERVICE", script_content=SERVER, port=PORT)])
    wait_until("the service", lambda: client.get_dag(dag.name).is_serving)
    killer = client.submit_dag("killer", [TitanJob("killer", script_content=KILL)])
    assert client.wait(killer, timeout=60).phase == "Succeeded"

    def restarts() -> int:
        pods = real.get("pods", "-n", namespace, "-l", "titan.io/job-id=api")["items"]
        return sum(state["restartCount"] for pod in pods for state in pod["status"].get("containerStatuses", []))

    wait_until("its restart", lambda: restarts() == 1)
    wait_until("it to serve again", lambda: client.get_dag(dag.name).is_serving)
    client.cancel(dag.name)
    assert client.wait(dag, timeout=60).phase == "Cancelled"
