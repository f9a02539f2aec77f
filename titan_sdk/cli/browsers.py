"""The person's browser, where there is one to open."""

import os
import sys
from collections.abc import Mapping


def open_browser(url: str) -> bool:
    """Open an address; False if nobody would see it."""
    if not has_screen(sys.platform, os.environ):
        return False
    import webbrowser

    return webbrowser.open(url)


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a browser has a window: one that draws into the terminal would only be in the way."""
    return platform in ("darwin", "win32") or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
