"""The certificate authority of the store: ``storeCAFile``, read again when the file changes."""

import logging
import ssl
from pathlib import Path

from titan_operator.clocks import Clock

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often the file is looked at."""


class StoreAuthority:
    """Trusted for requests to the store. A file that cannot be used is logged, and the last good one stays in use."""

    def __init__(self, file: Path | None, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._look_at = clock.monotonic()
        self._said = ""
        self._pem = ""
        self._context: ssl.SSLContext | None = None

    def pem(self) -> str:
        """As text, for pods; empty: the machine's own authorities."""
        self._look()
        return self._pem

    def context(self) -> ssl.SSLContext | bool:
        """For requests of our own; True: the machine's own authorities."""
        self._look()
        return self._context or True

    def _look(self) -> None:
        if self._file is None or self._clock.monotonic() < self._look_at:
            return
        self._look_at = self._clock.monotonic() + LOOK_SECONDS
        try:
            pem = self._file.read_text()
            if not pem.strip():
                raise ValueError("it is empty")
            if pem != self._pem:
                self._context = ssl.create_default_context(cadata=pem)
                self._pem = pem
            self._said = ""
        except (OSError, ValueError) as error:
            # ssl.SSLError is an OSError, and text that is no PEM at all a ValueError.
            words = f"storeCAFile: {self._file} holds no usable certificate: {error}"
            if words != self._said:
                log.error("%s", words)
            self._said = words
