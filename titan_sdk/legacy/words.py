"""Outcomes in the words that programs of the earlier Titan expect: they look at text and know no exceptions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from titan_sdk.errors import TitanError, TitanUnavailable

T = TypeVar("T", bound=str)
UNREACHABLE = "CONNECTION_ERROR: "
OK = "OK"
log = logging.getLogger("titan_sdk")


def in_words(call: Callable[[], T], refusals: tuple[type[TitanError], ...] = ()) -> T | str:
    """The call's text, an outage as ``"CONNECTION_ERROR: ..."``, or one of the refusals as ``"ERROR: ..."``."""
    try:
        return call()
    except TitanUnavailable as error:
        return f"{UNREACHABLE}{error}"
    except refusals as error:
        return f"ERROR: {error}"


def succeeds(what: str, call: Callable[[], None]) -> bool:
    """Whether the call ended well; if not, why is logged, because the caller's answer has no room for it."""
    try:
        call()
    except (TitanError, OSError, ValueError) as error:
        log.warning("%s failed: %s", what, error)
        return False
    return True
