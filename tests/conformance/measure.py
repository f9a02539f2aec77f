"""What the API server of the embedded cluster can do on this machine: `python tests/conformance/measure.py`.

A script, not a test: numbers depend on the machine. Each line is one figure; the clients are asyncio tasks in one other
process, so that they cost the server as little as possible.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml

from titan_api.json_types import Json

sys.path.insert(0, str(Path(__file__).parents[1]))

from conformance.embedded import EmbeddedServer

from titan_kube.client import Client
from titan_kube.credentials import Credentials
from titan_kube.informer import inform
from titan_kube.kubeconfigs import read_kubeconfig

OBJECTS = 1_000
IN_FLIGHT = 32
SINGLE_EVENTS = 200
JOBS = "/apis/titan.io/v1alpha1/namespaces/default/titanjobs"
PODS = "/api/v1/namespaces/default/pods"
ROOT = Path(__file__).parents[2]


def job(name: str) -> Json:
    source = {"inline": {"fileName": "main.py", "content": "print('hello')\n" * 8}}
    spec = {"dag": "bench", "jobID": name, "source": source, "args": ["a", "b"], "parents": [{"jobID": "first"}]}
    labels = {"titan.io/dag": "bench", "titan.io/job-id": name}
    return {
        "apiVersion": "titan.io/v1alpha1",
        "kind": "TitanJob",
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
    }


def pod(name: str) -> Json:
    container = {"name": "main", "image": "titan", "env": [{"name": f"E{n}", "value": "x" * 20} for n in range(10)]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}


def job_status(number: int) -> Json:
    attempt = {"number": 1, "pod": f"j{number}-1", "startTime": "2030-01-01T00:00:00.000000Z"}
    return {"status": {"phase": "Running", "attempt": 1, "attempts": [attempt], "startTime": attempt["startTime"]}}


async def rate(title: str, act: Callable[[int], Awaitable[Any]]) -> None:
    numbers = iter(range(OBJECTS))

    async def worker() -> None:
        for number in numbers:
            await act(number)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    print(f"{title:42} {OBJECTS / (time.perf_counter() - began):8.0f} /s")


async def event_latency(kube: Client) -> None:
    seen: dict[str, asyncio.Future[float]] = {}
    synced = asyncio.Event()

    def handle(_: str, obj: Json) -> None:
        waiting = seen.get(obj["metadata"]["name"])
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())

    follower = asyncio.create_task(inform(kube, "/api/v1/namespaces/default/configmaps", handle, synced=synced))
    await synced.wait()
    delays = []
    for number in range(SINGLE_EVENTS):
        name = f"event-{number}"
        seen[name] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await kube.create("/api/v1/namespaces/default/configmaps", {"metadata": {"name": name}})
        delays.append(await seen[name] - began)
    follower.cancel()
    delays.sort()
    print(f"{'create -> watch event, p50':42} {statistics.median(delays) * 1000:8.2f} ms")
    print(f"{'create -> watch event, p99':42} {delays[int(len(delays) * 0.99)] * 1000:8.2f} ms")


async def measure(server: EmbeddedServer) -> None:
    credentials = Credentials(lambda: read_kubeconfig(server.kubeconfig))
    async with Client(credentials, agent="titan-measure") as kube:
        crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        for path in sorted((ROOT / "crds").glob("*.yaml")):
            await kube.create(crds, yaml.safe_load(path.read_text()))
        began = time.perf_counter()
        await kube.create(JOBS, job("first"))
        print(f"{'first TitanJob (loads the CEL engine)':42} {(time.perf_counter() - began) * 1000:8.1f} ms")
        await rate("TitanJob creates", lambda n: kube.create(JOBS, job(f"j{n}")))
        await rate("TitanJob status patches", lambda n: kube.patch(f"{JOBS}/j{n}/status", job_status(n)))
        await rate(
            "TitanJob spec patches (transition rules)", lambda n: kube.patch(f"{JOBS}/j{n}", {"spec": {"cancel": True}})
        )
        await rate("TitanJob gets", lambda n: kube.get(f"{JOBS}/j{n}"))
        await rate("Pod creates", lambda n: kube.create(PODS, pod(f"p{n}")))
        await rate("Pod status patches", lambda n: kube.patch(f"{PODS}/p{n}/status", {"status": {"phase": "Running"}}))
        began = time.perf_counter()
        await kube.get(JOBS)
        print(f"{'list of 1,001 TitanJobs':42} {(time.perf_counter() - began) * 1000:8.1f} ms")
        await event_latency(kube)
        await rate("Pod deletes", lambda n: kube.delete(f"{PODS}/p{n}"))


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer(Path(directory)) as server:
        print(f"{'process start -> /readyz, new directory':42} {server.start_seconds * 1000:8.0f} ms")
        server.kill()
        server.start()
        print(f"{'process start -> /readyz, again':42} {server.start_seconds * 1000:8.0f} ms")
        asyncio.run(measure(server))
        status = Path(f"/proc/{server.pid}/status").read_text()
        resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"{'resident memory':42} {int(resident) / 1024:8.0f} MiB")
        stat = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
        print(json.dumps({"cpuSeconds": (int(stat[11]) + int(stat[12])) / 100}))


if __name__ == "__main__":
    main()
