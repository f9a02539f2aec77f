"""How soon the page shows something useful, and how much JavaScript it loads for that."""

import gzip
import re
from dataclasses import dataclass
from statistics import median

from builders.dashboard.dashboards import Dashboard
from playwright.sync_api import Response

NOTE = """
const wanted = %r;
const look = () => {
  if (window.usefulAt === undefined && document.querySelector("h1") && document.body.textContent.includes(wanted)) {
    window.usefulAt = performance.now();
  }
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True)
class Paint:
    """Of one visit with an empty cache, in seconds from the start of the navigation."""

    first: float
    useful: float
    """Heading and data are there."""
    script_bytes: int
    """All JavaScript that was loaded until then, compressed."""


def visit(dashboard: Dashboard, shows: str) -> Paint:
    """Open the overview as somebody who is signed in but was never here; ``shows``: data that must be on it."""
    screen = dashboard.open(dashboard.people.admin)
    page, scripts = screen.page, []

    def see(response: Response) -> None:
        if re.search(r"\.js$", response.url):
            scripts.append(response)

    page.on("response", see)
    page.add_init_script(NOTE % shows)
    page.goto(f"{dashboard.origin}/#/")
    page.wait_for_function("() => window.usefulAt !== undefined")
    page.wait_for_function(FIRST_PAINT)
    useful = page.evaluate("() => window.usefulAt")
    sizes = [len(gzip.compress(response.body(), 9)) for response in scripts]
    paint = Paint(page.evaluate(FIRST_PAINT) / 1000, useful / 1000, sum(sizes))
    dashboard.close_screens()
    return paint


def paints(dashboard: Dashboard, shows: str, visits: int) -> Paint:
    """The medians of so many visits, after one that warms nothing but the store's cache of records."""
    visit(dashboard, shows)
    seen = [visit(dashboard, shows) for _ in range(visits)]
    return Paint(
        median(paint.first for paint in seen),
        median(paint.useful for paint in seen),
        max(paint.script_bytes for paint in seen),
    )
