"""The embedded cluster answers as the one in memory; tests/unit/sdk/test_same_answers.py asks that the same."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders.kubernetes.clusters import RunningCluster
from builders.sdk.same_answers import CASES
from builders.sdk.worlds import Deed

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections


@dataclass
class EmbeddedWorld:
    client: TitanClient
    folder: Path
    prefix: str

    def id(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    def job(self, name: str, deed: Deed, *parents: str, **more: Any) -> TitanJob:
        named = [self.id(parent) for parent in parents]
        return TitanJob(self.id(name), script_content=deed.script, parents=named, **more)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_embedded(case: Any, cluster: RunningCluster, tmp_path: Path) -> None:
    variables = {name: value for name, value in cluster.env.items() if name in ("KUBECONFIG", "TITAN_HOME")}
    surroundings = resolve(variables, (None, None), tmp_path)
    client = TitanClient(connections=Connections(surroundings=lambda: surroundings))
    prefix = re.sub("[^a-z]+", "-", case.__name__)[:20].strip("-")
    case(EmbeddedWorld(client, tmp_path, prefix))
