"""Credentials that stay fresh: tokens and certificates rotate while a service runs."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from pathlib import Path

from titan_kube.config import Config, Plugin
from titan_kube.errors import ConfigurationError
from titan_kube.plugins import ask_plugin
from titan_kube.tls import build_context

log = logging.getLogger(__name__)


class Credentials:
    """Token files are read for each request, certificate files when they have changed, all the rest by ``renew``."""

    def __init__(self, load: Callable[[], Config]) -> None:
        """Raises ConfigurationError, as ``load`` does."""
        self._load = load
        self._loaded = self._current = load()
        self._expires: datetime | None = None
        """Until when what a plug-in gave can be used."""
        self._is_asked = False
        self._asking: asyncio.Task[None] | None = None
        self._contexts: dict[bool, tuple[Hashable, ssl.SSLContext]] = {}

    @property
    def config(self) -> Config:
        """As it is now."""
        return self._current

    async def headers(self) -> dict[str, str]:
        """What authenticates a request now. Raises ConfigurationError, OSError."""
        await self.prepare()
        return self._current.headers()

    async def prepare(self) -> None:
        """Let the plug-in tell credentials, if there is one and those that it told are too old. Raises ConfigurationError."""
        plugin = self._loaded.plugin
        if plugin is None:
            return
        is_stale = not self._is_asked or (self._expires is not None and self._expires <= datetime.now(UTC))
        if is_stale and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask(plugin), name="credentials")
        if is_stale and self._asking is not None:
            # A request that gives up leaves the plug-in running: a slow one serves the next request.
            await asyncio.shield(self._asking)

    async def _ask(self, plugin: Plugin) -> None:
        self._current, self._expires = await asyncio.to_thread(ask_plugin, self._loaded, plugin)
        self._is_asked = True

    def context(self, *, with_certificate: bool = True) -> ssl.SSLContext:
        """For new connections; another one once a certificate has changed. Raises ConfigurationError."""
        config = self._current if with_certificate else self._current.without_certificate()
        parts = (config.authority, config.certificate, config.key, config.verify)
        key = (parts, *(_changed_at(part) for part in parts if isinstance(part, Path)))
        known = self._contexts.get(config.certificate is not None)
        if known is not None and known[0] == key:
            return known[1]
        try:
            context = build_context(config)
        except ConfigurationError as error:
            if known is None:
                raise
            log.warning("%s; those that were read before stay in use", error)
            context = known[1]
        self._contexts[config.certificate is not None] = (key, context)
        return context

    def renew(self) -> None:
        """Read the configuration again; the old one stays when it cannot be read."""
        try:
            self._loaded = self._current = self._load()
        except ConfigurationError as error:
            log.warning("the credentials cannot be read again: %s", error)
        self._is_asked = False


def _changed_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
