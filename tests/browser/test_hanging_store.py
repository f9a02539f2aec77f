"""A store that hangs refuses nothing and closes nothing; its page must notice by itself, and come back by itself."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bench.clusters import component_pids
from builders.dashboard.dashboards import Dashboard
from playwright.sync_api import expect


@contextmanager
def hanging_store(dashboard: Dashboard) -> Iterator[None]:
    pid = component_pids(dashboard.cluster)["store"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_the_page_of_a_store_that_hangs_says_so_and_comes_back(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.reader)
    screen.page.clock.install()
    page = screen.visit("/dags")
    expect(page.get_by_role("heading", level=1, name="DAGs")).to_be_visible()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    with hanging_store(dashboard):
        page.get_by_role("button", name="Failed").click()
        page.clock.run_for(31_000)
        expect(page.get_by_role("alert")).to_contain_text("not answered for 30 seconds")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        page.clock.run_for(20_000)
        expect(page.get_by_text("reconnecting…")).to_be_visible()
    page.clock.run_for(5_000)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
