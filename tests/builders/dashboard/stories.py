"""A namespace as it looks on an ordinary day, for the dashboard's pictures: real jobs with believable words."""

import json
import socket
import tempfile
import time
from pathlib import Path

from builders.dashboard.dashboards import eventually

from titan_sdk import TitanClient, TitanJob

RUN = "market-brief-0417"
TOPICS = ("prices", "competitors", "regulation", "supply")
MESSAGE = """**Send this brief to the customer?**

The four topics were researched twice; the second round closed the gaps that the review found.

- `brief.md` has the text, `sources.json` what it rests on
- 14 sources, 2 of them older than a year

Please read the *summary* at least.
"""
BRIEF = """# Market brief

- Prices rose by 3.1 %
- Two competitors entered the market
- A draft of the new regulation is due in autumn
- Supply is stable

The **outlook** is good: see `sources.json`.
"""
WORK = """
import random, sys, time
steps, pause = int(sys.argv[1]), float(sys.argv[2])
random.seed(sys.argv[3])
for step in range(steps):
    loss = 2.4 / (step + 1) + random.random() / 20
    print(f"step {step + 1}/{steps}  loss={loss:.4f}  lr={0.001 * 0.97 ** step:.6f}", flush=True)
    time.sleep(pause)
print("done")
"""
FAILS = """
import sys, time
print("connecting to warehouse", flush=True)
print("copied 18,204 rows into staging.orders", flush=True)
sys.exit("IntegrityError: duplicate key 90817 in table orders")
"""
PLANS = """
from titan_sdk import TitanClient
client = TitanClient()
for topic in {topics!r}:
    print("topic:", topic)
    client.store_sadd("{run}:topics", topic)
"""
WRITES = """
import json
from pathlib import Path
from titan_sdk import TitanClient
Path("brief.md").write_text({brief!r})
Path("sources.json").write_text(json.dumps({{"sources": 14, "stale": 2}}, indent=1))
client = TitanClient()
client.publish_artifact("{run}:brief", "brief.md")
client.publish_artifact("{run}:sources", "sources.json")
print("brief.md: 148 words")
"""
SERVES = """
import http.server, os
print("model loaded in 0.8 s", flush=True)
http.server.HTTPServer(("", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def tell(client: TitanClient) -> dict[str, str]:
    """Make it all; names of DAGs by the word for them. What should run goes on for some minutes."""
    dags = {"etl": _nightly(client), "backfill": _backfill(client)}
    dags["synthesis"] = _agent_run(client)
    dags["service"] = _service(client)
    dags["corpus"] = _corpus(client)
    dags["training"] = _training(client)
    _data(client)
    time.sleep(4)  # Some of the corpus is embedded then, and some of it runs.
    return dags


def _work(
    job_id: str, steps: int = 3, pause: float = 0.1, parents: tuple[str, ...] = (), **options: object
) -> TitanJob:
    arguments = [steps, pause, job_id]
    return TitanJob(job_id, "work.py", args=arguments, script_content=WORK, parents=list(parents), **options)


def _nightly(client: TitanClient) -> str:
    jobs = [
        _work("extract-orders"),
        _work("extract-customers"),
        _work("clean", parents=("extract-orders", "extract-customers")),
        TitanJob("load", "load.py", script_content=FAILS, parents=["clean"], retries=1, backoff=0),
        _work("report", parents=("load",)),
    ]
    dag = client.submit_dag("nightly-etl", jobs)
    client.wait(dag, timeout=90)
    return dag.name


def _backfill(client: TitanClient) -> str:
    days = [_work(f"day-{day:02}", 400, 1.0) for day in range(1, 5)]
    dag = client.submit_dag("backfill-october", days, max_parallel=1)
    client.cancel(dag)
    client.wait(dag, timeout=90)
    return dag.name


def _agent_run(client: TitanClient) -> str:
    plan = TitanJob("planner", "planner.py", script_content=PLANS.format(topics=TOPICS, run=RUN))
    client.wait(client.submit_dag("PLAN", [plan], agent_run_id=RUN), timeout=60)
    for _ in range(2):
        research = [_work(f"research-{topic}", 6, 0.1) for topic in TOPICS]
        client.wait(client.submit_dag("RESEARCH", research, agent_run_id=RUN), timeout=90)
    writes = WRITES.format(brief=BRIEF, run=RUN)
    write = TitanJob("write-brief", "write.py", script_content=writes, hitl_message=MESSAGE)
    send = _work("send-brief", parents=("write-brief",))
    dag = client.submit_dag("SYNTHESIS", [write, send], agent_run_id=RUN)
    eventually(lambda: any(gate.dag == dag.name for gate in client.pending_approvals()), "the brief's gate")
    return dag.name


def _service(client: TitanClient) -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    job = TitanJob("inference-api", "serve.py", "SERVICE", port=port, script_content=SERVES)
    dag = client.submit_dag("inference", [job])
    client.wait(dag, timeout=60)
    return dag.name


def _corpus(client: TitanClient) -> str:
    parts = [f"embed-{part:03}" for part in range(60)]
    jobs = [
        _work("fetch-corpus"),
        _work("split", parents=("fetch-corpus",)),
        *(_work(part, 5, 0.3, parents=("split",)) for part in parts),
        _work("merge-index", parents=tuple(parts)),
        _work("evaluate-recall", parents=("merge-index",)),
        _work("evaluate-speed", parents=("merge-index",)),
        _work("publish-index", parents=("evaluate-recall", "evaluate-speed"), hitl_message="Publish the new index?"),
    ]
    return client.submit_dag("embed-corpus", jobs, max_parallel=4).name


def _training(client: TitanClient) -> str:
    models = ("small", "medium", "large")
    jobs = [
        _work("prepare"),
        *(_work(f"train-{model}", 600, 0.8, parents=("prepare",), requirement="GPU") for model in models),
        _work("compare", parents=tuple(f"train-{model}" for model in models)),
    ]
    dag = client.submit_dag("train-models", jobs)
    eventually(lambda: any(job.phase == "Running" for job in client.list_jobs(dag=dag.name)), "a training that runs")
    return dag.name


def _data(client: TitanClient) -> None:
    best = {"model": "medium", "recall": 0.914, "trained": "2026-11-23", "features": ["title", "body", "tags"]}
    client.store_put("models:best", json.dumps(best))
    client.store_put("models:previous", json.dumps(best | {"recall": 0.897}))
    for day in range(1, 6):
        client.store_put(f"etl:rows:2026-11-{day:02}", str(18_204 + 97 * day))
    for topic in TOPICS:
        client.store_sadd("brief:topics", topic)
    with tempfile.TemporaryDirectory() as place:
        for name, content in {
            "reports/2026-11/summary.md": BRIEF,
            "reports/2026-11/orders.csv": "id,total\n1,18.20\n2,7.15\n",
            "config/training.json": json.dumps({"epochs": 40, "batch": 64}, indent=1),
            "prompts/review.txt": "Read the brief as its most critical reader would.\n",
        }.items():
            path = Path(place) / "content"
            path.write_text(content)
            client.files.upload(path, name)
