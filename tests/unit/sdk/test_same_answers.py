"""The cluster in memory answers as the embedded one; tests/e2e/test_same_answers.py asks that the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders.sdk.same_answers import CASES
from builders.sdk.worlds import Deed

from titan_sdk import TitanClient, TitanJob
from titan_sdk.testing import FakeCluster


@dataclass
class FakeWorld:
    cluster: FakeCluster
    client: TitanClient
    folder: Path

    def id(self, name: str) -> str:
        return f"Case_1.{name}"

    def job(self, name: str, deed: Deed, *parents: str, **more: Any) -> TitanJob:
        self.cluster.on(self.id(name), *deed.behaviours)
        return TitanJob(self.id(name), script_content="1", parents=[self.id(parent) for parent in parents], **more)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_in_memory(case, tmp_path):
    with FakeCluster() as cluster:
        case(FakeWorld(cluster, cluster.client(), tmp_path))
