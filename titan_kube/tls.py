"""The TLS side of credentials: whom we trust, and our client certificate if there is one."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from titan_kube.config import Config
from titan_kube.errors import ConfigurationError


def build_context(config: Config) -> ssl.SSLContext:
    """A context for new connections. Raises ConfigurationError."""
    try:
        context = ssl.create_default_context(cadata=config.read_authority())
        if not config.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if config.certificate is not None and config.key is not None:
            with _as_file(config.certificate) as certificate, _as_file(config.key) as key:
                context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"The certificates for {config.server} cannot be used: {error}.") from error
    return context


@contextmanager
def _as_file(content: str | Path) -> Iterator[str | Path]:
    """ssl takes certificates of our own out of files only."""
    if isinstance(content, Path):
        yield content
        return
    with NamedTemporaryFile("w") as file:
        file.write(content)
        file.flush()
        yield file.name
