"""The dashboard as people use it: a screen each, signed in with a token of their own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bench.clusters import component_pids
from builders.dashboard.browsers import Witness, close_quietly
from builders.dashboard.people import People, Viewer
from playwright.sync_api import Browser, BrowserContext, Page
from titan_local.clusters import LocalCluster
from titan_local.running.admin import answers_ok

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
WIDE, NARROW = 1280, 360


@dataclass(frozen=True)
class Screen:
    """One browser context with one page: what one person sees."""

    origin: str
    context: BrowserContext
    page: Page
    witness: Witness

    def visit(self, route: str) -> Page:
        """Open a route by its address, as a link from outside does: the page is loaded anew."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.origin}/#{route}")
        return self.page

    def get(self, path: str) -> Any:
        """What the store answers this person."""
        answer = self.context.request.get(f"{self.origin}/{path}")
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        return answer.json()


@dataclass
class Dashboard:
    """A store's page, with the browser and the people who open it."""

    cluster: LocalCluster
    origin: str
    browser: Browser
    people: People
    screens: list[Screen] = field(default_factory=list)

    def open(
        self, viewer: Viewer | None, *, width: int = WIDE, height: int = 800, scheme: str = "light", **options: Any
    ) -> Screen:
        """A new screen; ``viewer`` None is somebody who has not signed in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **options,
        )
        witness = Witness(self.origin)
        witness.watch(context)
        if viewer is not None:
            answer = context.request.post(f"{self.origin}/v1/session", data={"token": viewer.token})
            assert answer.ok, f"{viewer.name} cannot sign in: {answer.status} {answer.text()}"
        screen = Screen(self.origin, context, context.new_page(), witness)
        self.screens.append(screen)
        return screen

    def close_screens(self) -> list[str]:
        """Close them all; returns what their witnesses complain of."""
        complaints = [text for screen in self.screens for text in screen.witness.complaints()]
        for screen in self.screens:
            close_quietly(screen.context)
        self.screens.clear()
        return complaints

    def restart_store(self) -> None:
        """Kill the store as hard as can be; its supervisor starts it again at the same address."""
        pid = component_pids(self.cluster)["store"]
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: component_pids(self.cluster)["store"] != pid, "a new process of the store")
        eventually(lambda: answers_ok(f"{self.origin}/healthz"), "the store's answer")


def eventually(holds: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """The first answer that is true."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"there never was {what}"
        time.sleep(0.05)
    return found


@contextmanager
def screens_of(dashboard: Dashboard) -> Iterator[Dashboard]:
    """Closes the screens that are opened meanwhile, and lets nothing pass that their witnesses noticed."""
    try:
        yield dashboard
    finally:
        complaints = dashboard.close_screens()
    assert not complaints, "\n".join(complaints)
