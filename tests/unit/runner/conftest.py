from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess


@pytest.fixture
def store() -> Iterator[LogStore]:
    store = LogStore()
    yield store
    store.close()


@pytest.fixture
def start(tmp_path: Path, store: LogStore) -> Iterator[Callable[..., RunnerProcess]]:
    """Start a runner for a source; whatever still runs at the end of the test is killed."""
    started: list[RunnerProcess] = []

    def start(source: dict[str, Any], *args: str, **options: Any) -> RunnerProcess:
        started.append(RunnerProcess(tmp_path, store, source, *args, **options))
        return started[-1]

    yield start
    for runner in started:
        runner.process.kill()
        runner.process.communicate()
