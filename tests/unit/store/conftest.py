from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from builders.store.reviewers import FakeReviewer
from builders.store.stores import FakeClock, Store, running_store


@pytest.fixture
def reviewer() -> FakeReviewer:
    return FakeReviewer()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(tmp_path: Path, reviewer: FakeReviewer, clock: FakeClock) -> AsyncIterator[Store]:
    async with running_store(tmp_path / "data", reviewer, clock) as running:
        yield running
