"""A real store process, and the few answers of an API server that it needs, so that it can be killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from builders.store.reviewers import CLIENT, JOB, NAMESPACE_UID, OPERATOR

from titan_api import names

POD = "authentication.kubernetes.io/pod-"


async def _review_token(request: web.Request) -> web.Response:
    """``runner-N`` is bound to the pod of attempt N."""
    token = (await request.json())["spec"]["token"]
    user: dict[str, object] = {"username": token}
    if token.startswith("runner-"):
        user["username"] = "system:serviceaccount:team:titan-job"
        user["extra"] = {f"{POD}name": [token], f"{POD}uid": [f"uid-of-{token}"]}
    is_known = token in (CLIENT, OPERATOR) or token.startswith("runner-")
    status = {"authenticated": is_known, "user": user, "audiences": ["titan-store"]}
    return web.json_response({"status": status}, status=201)


async def _review_access(_: web.Request) -> web.Response:
    return web.json_response({"status": {"allowed": True}}, status=201)


async def _get_namespace(_: web.Request) -> web.Response:
    return web.json_response({"metadata": {"uid": NAMESPACE_UID}})


async def _get_pod(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    labels = {names.LABEL_JOB_UID: JOB, names.LABEL_ATTEMPT: name.removeprefix("runner-")}
    return web.json_response({"metadata": {"uid": f"uid-of-{name}", "labels": labels}})


@asynccontextmanager
async def answering_api(directory: Path) -> AsyncIterator[Path]:
    """The API server; yields a kubeconfig for it."""
    app = web.Application()
    app.router.add_post("/apis/authentication.k8s.io/v1/tokenreviews", _review_token)
    app.router.add_post("/apis/authorization.k8s.io/v1/subjectaccessreviews", _review_access)
    app.router.add_get("/api/v1/namespaces/{namespace}", _get_namespace)
    app.router.add_get("/api/v1/namespaces/{namespace}/pods/{name}", _get_pod)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield write_kubeconfig(directory, f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()


def write_kubeconfig(directory: Path, server: str) -> Path:
    path = directory / "kubeconfig"
    content = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "c", "user": {"token": "own"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }
    path.write_text(json.dumps(content))
    return path


class StoreProcess:
    """A store that runs."""

    def __init__(self, process: Process, url: str) -> None:
        self.process = process
        self.url = url

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(20):
            return await self.process.wait()


async def launch(data: Path, kubeconfig: Path, port: int = 0, *more: str) -> Process:
    arguments = ("-m", "titan_store", "--data-dir", str(data), "--port", str(port), "--reserve-mib", "1", *more)
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=PIPE, stderr=PIPE)


@asynccontextmanager
async def running_process(data: Path, kubeconfig: Path, port: int = 0, *more: str) -> AsyncIterator[StoreProcess]:
    """A store process that accepts connections; it is killed at the end unless the test ended it."""
    process = await launch(data, kubeconfig, port, *more)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
        assert "://" in line, f"the store did not start: {await explain(process)}"
        yield StoreProcess(process, line.split()[-1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def explain(process: Process) -> str:
    """What a process wrote to stderr until its end."""
    assert process.stderr is not None
    async with asyncio.timeout(20):
        return (await process.stderr.read()).decode()
