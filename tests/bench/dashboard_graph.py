"""How soon the graph of a DAG of thousands of jobs is there, and how fluidly it moves under the mouse."""

from dataclasses import dataclass
from itertools import pairwise

from builders.dashboard.dashboards import Dashboard
from playwright.sync_api import Page

NODES = ".react-flow__node"
NOTE_DRAWN = """
const look = () => {
  const node = document.querySelector(".react-flow__node");
  if (node && getComputedStyle(node).visibility === "visible") {
    requestAnimationFrame(() => { window.drawnAt = performance.now(); });
  } else {
    requestAnimationFrame(look);
  }
};
requestAnimationFrame(look);
"""
COUNT_FRAMES = """
window.frames_ = [];
const count = (now) => { window.frames_.push(now); window.counting = requestAnimationFrame(count); };
window.counting = requestAnimationFrame(count);
"""
STOP = "() => { cancelAnimationFrame(window.counting); return window.frames_; }"
SETTLE_SECONDS = 2.0
DRAG_SECONDS = 4.0
SWEEP = 260
"""Pixels to each side."""


@dataclass(frozen=True)
class Pan:
    """What was drawn while the mouse moved the graph."""

    frames_per_second: float
    longest_seconds: float
    """Between two frames."""
    nodes: int


def open_seconds(dashboard: Dashboard, dag: str) -> float:
    """From the start of the navigation, with an empty cache, until the nodes are drawn."""
    screen = dashboard.open(dashboard.people.admin)
    screen.page.add_init_script(NOTE_DRAWN)
    screen.page.goto(f"{dashboard.origin}/#/dags/default/{dag}")
    screen.page.wait_for_function("() => window.drawnAt !== undefined")
    seconds = float(screen.page.evaluate("() => window.drawnAt")) / 1000
    dashboard.close_screens()
    return seconds


def pan(dashboard: Dashboard, dag: str, opened: str = "") -> Pan:
    """Drag the graph, all of which is in sight, to and fro; ``opened``: ids of folds that are open."""
    screen = dashboard.open(dashboard.people.admin)
    page = screen.visit(f"/dags/default/{dag}?open={opened}")
    page.locator(NODES).first.wait_for()
    page.get_by_role("button", name="Fit View").click()
    page.wait_for_timeout(SETTLE_SECONDS * 1000)
    found = _drag(page)
    dashboard.close_screens()
    return found


def _drag(page: Page) -> Pan:
    box = page.locator(".react-flow__pane").bounding_box()
    assert box is not None
    middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] - 30
    page.mouse.move(middle, height)
    page.mouse.down()
    page.evaluate(COUNT_FRAMES)
    frames: list[float] = []
    side = 1
    while not frames or frames[-1] - frames[0] < DRAG_SECONDS * 1000:
        page.mouse.move(middle + side * SWEEP, height - SWEEP / 2, steps=40)
        side = -side
        frames = page.evaluate("() => window.frames_")
    frames = page.evaluate(STOP)
    page.mouse.up()
    gaps = [after - before for before, after in pairwise(frames)]
    return Pan(len(gaps) / sum(gaps) * 1000, max(gaps) / 1000, page.locator(NODES).count())
