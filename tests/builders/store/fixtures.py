"""Fixtures of tests that want a store in a cluster, and somebody who is signed in: a folder's conftest imports them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, FakeReviewer
from builders.store.sign_ins import Browser
from builders.store.stores import Store, running_store


@pytest.fixture
def cluster() -> FakeCluster:
    """An empty one."""
    return FakeCluster()


@pytest.fixture
async def store(tmp_path: Path, reviewer: FakeReviewer, cluster: FakeCluster) -> AsyncIterator[Store]:
    """A store in the cluster."""
    async with running_store(tmp_path / "data", reviewer, cluster=cluster) as running:
        yield running


@pytest.fixture
async def browser(store: Store) -> Browser:
    """Alice's, signed in."""
    browser = Browser(store)
    await browser.sign_in(token=ALICE)
    return browser
