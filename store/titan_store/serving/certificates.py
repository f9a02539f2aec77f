"""The store's own certificate: read again whenever its files change, and never a reason to end.

The listening socket has a context without a certificate; each handshake is handed the newest one that works. So a
wrong pair of files leaves the old certificate in service, and while there is none yet, handshakes are refused: the
store's readiness probe fails, and passes as soon as the files are right.
"""

import asyncio
import logging
import ssl
from datetime import timedelta
from pathlib import Path

from titan_store.serving.handshakes import InvalidCertificate, last_day
from titan_store.settings import Certificate
from titan_store.times import Clock

LOOK_SECONDS = 5.0
"""How soon a renewed certificate is in use. Kubernetes itself needs up to a minute to renew a mounted file."""
SOON = timedelta(days=14)
"""How long before its end the log warns."""
OPTIONS = "--tls-cert-file and --tls-key-file"

log = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int, int], ...]


class Certificates:
    """The certificate in use. ``look`` takes what the files hold now; ``look_for_ever`` does so again and again."""

    def __init__(self, files: Certificate, clock: Clock) -> None:
        self._files = files
        self._clock = clock
        self._current: ssl.SSLContext | None = None
        self._stamp: Stamp = ()
        self._said = ""
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        """For the listening socket."""
        self.context.sni_callback = self._choose

    def look(self) -> None:
        """Load the files if they have changed, and log once what is wrong with them."""
        try:
            stamp = tuple(_stamp(path) for path in (self._files.cert_file, self._files.key_file))
        except OSError as error:
            self._say(f"{OPTIONS}: {error.filename} cannot be read: {error.strerror}", self._consequence())
            return
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self._files.cert_file, self._files.key_file)
            ends = last_day(context, self._files.cert_file)
        except InvalidCertificate as error:
            # Clients will refuse it, and say so; whoever does not check is served all the same.
            self._current = context
            self._say(f"{OPTIONS}: {self._files.cert_file} is not valid: {error}", "clients will refuse it")
        except (OSError, ssl.SSLError) as error:
            self._say(f"{OPTIONS}: {self._files.cert_file} cannot be used: {_words(error)}", self._consequence())
        else:
            self._current = context
            if ends - self._clock() < SOON:
                self._say(f"{OPTIONS}: {self._files.cert_file} is valid only until {ends:%Y-%m-%d %H:%M}", "renew it")
            else:
                log.info("the certificate %s is in use; it is valid until %s", self._files.cert_file, ends.date())
                self._said = ""

    async def look_for_ever(self) -> None:
        """Look again and again, while the server runs."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def _choose(self, connection: ssl.SSLObject, _: str, __: ssl.SSLContext) -> int | None:
        if self._current is None:
            return int(ssl.AlertDescription.ALERT_DESCRIPTION_INTERNAL_ERROR)
        connection.context = self._current
        return None

    def _consequence(self) -> str:
        return "nobody is served until it can be" if self._current is None else "the previous one stays in use"

    def _say(self, what: str, consequence: str) -> None:
        if what != self._said:
            log.error("%s; %s", what, consequence)
            self._said = what


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _words(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        if error.reason == "KEY_VALUES_MISMATCH":
            return "the key belongs to another certificate"
        return f"it holds no certificate with its key ({error.reason or 'unknown form'})"
    return str(error.strerror or error)
