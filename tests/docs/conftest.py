"""The cluster that readers of the docs use: one for all pages."""

from collections.abc import Iterator

import pytest
from builders.kubernetes.clusters import RunningCluster, make_env
from titan_local.clusters import LocalCluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """An embedded cluster on free ports in a TITAN_HOME of its own."""
    home = tmp_path_factory.mktemp("titan-home")
    local = LocalCluster(home / "local")
    local.up(api_port=0, store_port=0)
    try:
        yield RunningCluster(home / "local", make_env(home) | local.env())
    finally:
        local.down()
