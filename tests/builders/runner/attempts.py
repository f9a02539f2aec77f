"""Attempts of one job against a real store: each is a runner with an empty workspace of its own.

The attempts stand for different jobs: the store tells them apart all the same, and knows a token for each.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from builders.runner.runner_process import Ending, RunnerProcess, inline
from builders.store.process import StoreProcess, answering_api, running_process
from builders.store.reviewers import CLIENT, JOB, NAMESPACE

from titan_api import names


@dataclass(frozen=True)
class Ran:
    """An attempt that has ended."""

    ending: Ending
    workspace: Path

    @property
    def lines(self) -> list[str]:
        """What it printed."""
        return self.ending.stdout.decode().splitlines()


class Attempts:
    """A store, and what ran against it."""

    def __init__(self, directory: Path, store: StoreProcess, session: aiohttp.ClientSession, base: int) -> None:
        self._directory = directory
        self._session = session
        self._base = base
        self.store = store

    def beside(self, directory: Path, base: int) -> "Attempts":
        """The same store, with other attempts: theirs are numbered from ``base`` on."""
        return Attempts(directory, self.store, self._session, base)

    def start(
        self,
        number: int,
        program: str | dict[str, Any],
        *parents: int,
        mode: str = "Sync",
        environment: dict[str, str] | None = None,
    ) -> RunnerProcess:
        """A runner that finds what its parents left."""
        directory = self.workspace(number).parent
        directory.mkdir(exist_ok=True)
        terms = {"mode": mode, "parents": [{"job": JOB, "attempt": self._base + parent} for parent in parents]}
        source = inline(program) if isinstance(program, str) else program
        own = {names.ENV_JOB_UID: JOB, names.ENV_ATTEMPT: str(self._base + number)} | (environment or {})
        token = f"runner-{self._base + number}"
        return RunnerProcess(directory, self.store, source, environment=own, workspace=terms, token=token)

    def workspace(self, number: int) -> Path:
        """Where an attempt runs."""
        return self._directory / f"attempt-{number}" / "workspace"

    async def run(self, number: int, program: str | dict[str, Any], *parents: int, mode: str = "Sync") -> Ran:
        """Start, and wait for the end."""
        runner = self.start(number, program, *parents, mode=mode)
        return Ran(await asyncio.to_thread(runner.finish), runner.workspace)

    async def succeed(self, number: int, program: str | dict[str, Any], *parents: int) -> Ran:
        """As ``run``, for a program that must succeed."""
        ran = await self.run(number, program, *parents)
        assert ran.ending.code == 0, (ran.lines, ran.ending.stderr)
        return ran

    async def files(self, number: int) -> dict[str, Any]:
        """The workspace as an attempt left it: entries by path."""
        async with self._ask("GET", "/workspace/files", self._query(number)) as answer:
            assert answer.status == 200, await answer.text()
            return dict((await answer.json())["files"])

    async def outcome(self, number: int) -> dict[str, Any]:
        """What an attempt recorded."""
        async with self._ask("GET", "/outcome", self._query(number)) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def log(self, number: int) -> str:
        """The log of an attempt."""
        async with self._ask("GET", "/log", self._query(number)) as answer:
            return await answer.text()

    async def add_blob(self, content: bytes, digest: str) -> None:
        """Put an archive or a script where runners find it."""
        async with self._ask("PUT", "/blob", {"digest": digest}, content) as answer:
            assert answer.status in (200, 201), await answer.text()

    def _query(self, number: int) -> dict[str, str]:
        return {"job": JOB, "attempt": str(self._base + number)}

    def _ask(
        self, method: str, path: str, query: dict[str, str], data: bytes | None = None
    ) -> "aiohttp.client._RequestContextManager":
        url = f"{self.store.url}/v1/namespaces/{NAMESPACE}{path}"
        headers = {"Authorization": f"Bearer {CLIENT}"}
        return self._session.request(method, url, params=query, headers=headers, data=data)


@asynccontextmanager
async def attempts_on_a_store(directory: Path) -> AsyncIterator[Attempts]:
    """A store process that tests may share."""
    data = directory / "data"
    async with (
        answering_api(directory) as kubeconfig,
        running_process(data, kubeconfig) as store,
        aiohttp.ClientSession() as session,
    ):
        yield Attempts(directory, store, session, 0)


def writes(**files: str) -> str:
    """A program that writes files; two underscores stand for a slash."""
    named = {name.replace("__", "/"): text for name, text in files.items()}
    return (
        "import json, pathlib\n"
        f"for path, text in json.loads({json.dumps(json.dumps(named))}).items():\n"
        "    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)\n"
        "    pathlib.Path(path).write_text(text)\n"
    )


SHOW = """
import pathlib
for path in sorted(pathlib.Path().rglob("*")):
    if path.is_file() and path.name != "job.py":
        print(path, path.read_text())
"""
"""A program that prints every file that it finds, and what is in it."""
