"""One embedded cluster, one Chromium and the people of both for a whole session: `make test-dashboard`.

Screens are closed after each test, and what their witnesses noticed fails it. A failed test leaves pictures of its
screens in build/browser.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.clusters import private_cluster
from builders.dashboard.browsers import running_chromium
from builders.dashboard.dashboards import Dashboard, Screen, screens_of
from builders.dashboard.people import People, invite
from builders.kubernetes.clusters import RunningCluster
from playwright.sync_api import Browser, Error
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube
from titan_sdk.connections import Connections

PICTURES = Path(__file__).parents[2] / "build" / "browser"


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    with private_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def client(cluster: LocalCluster) -> TitanClient:
    """The administrator's; the first job also makes the namespace's accounts."""
    client = TitanClient()
    assert client.wait(client.submit_dag("warm-up", [TitanJob("warm", script_content="")]), timeout=60).phase
    return client


@pytest.fixture(scope="session")
def kube(client: TitanClient) -> Kube:
    """The Kubernetes API, by which every action is checked."""
    return Connections().kube()


@pytest.fixture(scope="session")
def people(cluster: LocalCluster, client: TitanClient) -> People:
    return invite(cluster)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def dashboard(cluster: LocalCluster, chromium: Browser, people: People) -> Iterator[Dashboard]:
    with screens_of(Dashboard(cluster, cluster.env()["TITAN_STORE_URL"], chromium, people)) as dashboard:
        yield dashboard


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put what the screens showed, and the ends of the components' logs, under a failed test."""
    report = yield
    dashboard = getattr(item, "funcargs", {}).get("dashboard")
    if report.failed and isinstance(dashboard, Dashboard):
        for number, screen in enumerate(dashboard.screens):
            report.sections.append((f"screen {number}", describe(screen, f"{item.name}-{number}")))
        report.sections.extend(RunningCluster(dashboard.cluster.state_dir, {}).read_log_tails())
    return report


def describe(screen: Screen, name: str) -> str:
    """What a screen shows in words, and where its picture is."""
    picture = PICTURES / f"{name.replace('/', '-')}.png"
    try:
        screen.page.screenshot(path=picture)
        return f"{picture.relative_to(PICTURES.parents[1])}\n{screen.page.url}\n{screen.page.locator('body').aria_snapshot()}"
    except Error as error:
        return f"{screen.page.url} shows nothing any more: {error}"
