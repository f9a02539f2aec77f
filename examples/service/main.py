"""A service: a program that runs until somebody stops it, and jobs that call it.

`inference_api` listens on its port; `ask`, its child, starts as soon as the port answers, and finds it by its address.
A DAG with a service does not end by itself: `wait` returns when nothing but services is left, and `stop_service` ends
them. On a terminal it would be

    titan services
    titan stop inference_api

    python examples/service/main.py
"""

from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()
dag = client.submit_dag(
    "service",
    [
        TitanJob("inference_api", str(HERE / "inference_api.py"), "SERVICE", port=18080, args="--scale 3"),
        TitanJob("ask", str(HERE / "ask.py"), parents=["inference_api"]),
    ],
)
view = client.wait(dag, timeout=120)
print(client.fetch_logs("ask").strip())
print("The service:", client.get_job_status("inference_api"))
print("The DAG:", view.phase)

print(client.stop_service("inference_api"))
view = client.wait(dag, timeout=120)
print("The DAG:", view.phase)
print("What the service printed:")
print(client.fetch_logs("inference_api").strip())
