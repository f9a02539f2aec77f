"""Logging to stderr, without floods while a server is away."""

import logging
import re
import time

from titan_operator.cluster.audit import AUDIT_LOGGER

REPEAT_SECONDS = 30.0
SAME_BEGINNING = 60
"""Messages that begin with the same characters, numbers left out, count as repetitions."""
_NUMBERS = re.compile(r"\d+")


def set_up_logging(*, verbose: bool) -> None:
    """Warnings and errors; with ``verbose`` also what the operator does."""
    handler = logging.StreamHandler()
    handler.addFilter(OncePerWhile())
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", handlers=[handler]
    )
    logging.getLogger("titan_operator").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger(AUDIT_LOGGER).setLevel(logging.INFO)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


class OncePerWhile(logging.Filter):
    """Lets a repeated message through once in a while: kopf reports each of its endless retries as an error."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the message; audit lines are always logged."""
        if record.name == AUDIT_LOGGER:
            return True
        now = time.monotonic()
        beginning = f"{record.name}{record.levelno}{_NUMBERS.sub('', record.getMessage())[:SAME_BEGINNING]}"
        if now - self._told.get(beginning, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        self._told = {text: when for text, when in self._told.items() if now - when < REPEAT_SECONDS}
        self._told[beginning] = now
        return True
