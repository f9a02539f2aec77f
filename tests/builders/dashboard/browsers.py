"""A real Chromium, and what it notices while it shows pages: dialogs, foreign requests, broken policies, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Request, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
"""Debian's; Playwright's own downloads are not used."""
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads out of this machine, so a page that asks elsewhere cannot get there by chance.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
LOCAL_SCHEMES = ("blob:", "data:", "about:")


@dataclass
class Witness:
    """What happened in one context that should not; a test that provokes something looks at the parts itself."""

    origin: str
    dialogs: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def complaints(self) -> list[str]:
        """All of it in sentences; empty if nothing happened."""
        return [
            *(f"a dialog opened: {text}" for text in self.dialogs),
            *(f"something elsewhere was asked for: {url}" for url in self.elsewhere),
            *(f"the content security policy was broken: {text}" for text in self.violations),
            *(f"a script failed: {text}" for text in self.errors),
        ]

    def watch(self, context: BrowserContext) -> None:
        """From now on, for all pages of the context."""
        context.expose_function("reportViolation", lambda text: self.violations.append(text))
        context.add_init_script(WATCH_POLICY)
        context.on("request", self._see_request)
        context.on("console", self._see_console)
        context.on("dialog", self._see_dialog)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, *LOCAL_SCHEMES)):
            self.elsewhere.append(request.url)

    def _see_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)

    def _see_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """One browser process, gone afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def close_quietly(context: BrowserContext) -> None:
    """Close a context that a test may have closed already."""
    try:
        context.close()
    except Error as error:
        if "closed" not in str(error):
            raise
