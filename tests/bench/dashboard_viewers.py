"""What people who only look cost the store: processor time of its process while twenty overviews are open."""

import time

from bench.clusters import component_pids
from bench.operator_cost import cpu_seconds
from builders.dashboard.dashboards import Dashboard

SETTLE_SECONDS = 5.0


def idle_share(dashboard: Dashboard, viewers: int, seconds: float) -> tuple[float, float]:
    """The share of one core that the store uses, without any viewer and with so many that watch nothing happen."""
    pid = component_pids(dashboard.cluster)["store"]
    alone = _share(pid, seconds / 2)
    for _ in range(viewers):
        screen = dashboard.open(dashboard.people.admin)
        screen.visit("/").get_by_role("heading", level=1).wait_for()
    time.sleep(SETTLE_SECONDS)
    watched = _share(pid, seconds)
    dashboard.close_screens()
    return alone, watched


def _share(pid: int, seconds: float) -> float:
    before, begun = cpu_seconds(pid), time.monotonic()
    time.sleep(seconds)
    return (cpu_seconds(pid) - before) / (time.monotonic() - begun)
