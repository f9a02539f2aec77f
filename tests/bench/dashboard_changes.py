"""From a write of the Kubernetes API to the moment when the page shows what it changed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from builders.dashboard.dashboards import Dashboard
from builders.dashboard.graphs import Statuses
from playwright.sync_api import Page

from titan_sdk.cluster.kube import Kube

OBSERVE = """
window.seenAt = {};
window.wanted = null;
const look = () => {
  const wanted = window.wanted;
  if (!wanted || wanted.word in window.seenAt) return;
  const place = wanted.place ? document.querySelector(wanted.place) : document.body;
  const text = `${place?.textContent} ${place?.getAttribute("aria-label")} ${place?.innerHTML.match(/aria-label="[^"]*"/g)}`;
  if (text.includes(wanted.text)) window.seenAt[wanted.word] = Date.now();
};
new MutationObserver(look).observe(document, {
  subtree: true, childList: true, characterData: true, attributes: true,
});
"""
PAUSE_SECONDS = 0.6
"""Between two changes, so that each is one of its own."""
SETTLE_SECONDS = 3.0


@dataclass(frozen=True)
class Wanted:
    """What the page will show: a text, in the element of a selector or anywhere."""

    word: str
    """Tells this change from all others."""
    text: str
    place: str = ""


def new_dag_delays(dashboard: Dashboard, kube: Kube, samples: int) -> list[float]:
    """Seconds from the POST of a TitanDAG to its name in the list of DAGs."""

    def create(wanted: Wanted) -> None:
        spec = {"name": wanted.text, "jobCount": 1, "suspend": True}
        body = {"apiVersion": "titan.io/v1alpha1", "kind": "TitanDAG", "metadata": {"name": wanted.word}, "spec": spec}
        kube.create("titandags", body)

    words = [f"appears-{number}" for number in range(samples)]
    return delays(dashboard, "/dags", [Wanted(word, word) for word in words], create)


def job_state_delays(dashboard: Dashboard, statuses: Statuses, dag: str, jobs: dict[str, str]) -> list[float]:
    """Seconds from the PATCH of a job's status to its word on the job's node in the graph; ``jobs``: name by id."""

    def succeed(wanted: Wanted) -> None:
        statuses.succeed(jobs[wanted.word])

    wanted = [Wanted(job_id, "Succeeded", f'[data-id="job:{job_id}"]') for job_id in jobs]
    return delays(dashboard, f"/dags/default/{dag}", wanted, succeed)


def delays(dashboard: Dashboard, route: str, wanted: Sequence[Wanted], write: Callable[[Wanted], None]) -> list[float]:
    """One after another, on one page that stays open."""
    screen = dashboard.open(dashboard.people.admin)
    screen.page.add_init_script(OBSERVE)
    page = screen.visit(route)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(SETTLE_SECONDS * 1000)
    fit = page.get_by_role("button", name="Fit View")
    if fit.count():
        fit.click()  # Only nodes in sight are drawn.
    found = [_delay(page, one, write) for one in wanted]
    dashboard.close_screens()
    return found


def _delay(page: Page, wanted: Wanted, write: Callable[[Wanted], None]) -> float:
    page.evaluate("(wanted) => { window.wanted = wanted; }", vars(wanted))
    begun = time.time()
    write(wanted)
    page.wait_for_function("(word) => word in window.seenAt", arg=wanted.word, polling=20)
    seen = float(page.evaluate("(word) => window.seenAt[word]", wanted.word)) / 1000
    page.wait_for_timeout(PAUSE_SECONDS * 1000)
    return seen - begun
