"""Who the operator is to the API server: credentials by kopf's own login (KUBECONFIG, else the pod's account)."""

import logging
import os
import ssl
from collections.abc import Mapping, Sequence

import aiohttp
import kopf

from titan_operator.errors import ConfigurationError

log = logging.getLogger(__name__)


class Access:
    """Address and credentials, read again when the server does not accept them any more (tokens rotate)."""

    def __init__(self) -> None:
        self._info = _log_in()
        self._ssl = self._info.as_ssl_context()

    @property
    def server(self) -> str:
        """URL of the API server, without a slash at the end."""
        return self._info.server.rstrip("/")

    def headers(self) -> Mapping[str, str]:
        """What authenticates a request."""
        return self._info.as_http_headers()

    def tls(self) -> ssl.SSLContext:
        """Whom we trust, and our client certificate if there is one."""
        return self._ssl

    def renew(self) -> None:
        """Read the credentials again; the old ones stay when they cannot be read."""
        try:
            self._info = _log_in()
        except ConfigurationError as error:
            log.warning("the credentials cannot be read again: %s", error)

    def open_session(
        self,
        *,
        timeout: aiohttp.ClientTimeout,
        traces: Sequence[aiohttp.TraceConfig] = (),
        middlewares: Sequence[aiohttp.ClientMiddlewareType] = (),
    ) -> aiohttp.ClientSession:
        """A pooled session; the caller closes it."""
        connector = aiohttp.TCPConnector(ssl=self._ssl, limit=0, keepalive_timeout=60)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            trace_configs=list(traces),
            middlewares=middlewares,
            proxy=self._info.proxy_url,
            headers={"User-Agent": "titan-operator"},
        )


def _log_in() -> kopf.ConnectionInfo:
    settings = kopf.OperatorSettings()
    try:
        info = None
        if not os.environ.get("KUBECONFIG"):
            info = kopf.login_with_service_account(settings=settings)
        if info is None:
            info = kopf.login_with_kubeconfig(settings=settings)
    except (OSError, ValueError, kopf.LoginError) as error:
        raise ConfigurationError(f"the kubeconfig cannot be used: {error}") from error
    if info is None:
        raise ConfigurationError("no credentials: set KUBECONFIG, or run in a pod with a service account")
    return info
