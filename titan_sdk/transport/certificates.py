"""TLS as a kubeconfig asks for it."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from titan_api import names
from titan_sdk.errors import TitanNotConfigured


def trust(authority: str) -> ssl.SSLContext:
    """TLS for a store whose authority the environment holds. Raises TitanNotConfigured if that is not PEM."""
    try:
        return Certificates(authority).make_context()
    except (ssl.SSLError, ValueError) as error:
        raise TitanNotConfigured(f"{names.ENV_STORE_CA} holds no certificate in PEM: {error}") from error


@dataclass(frozen=True)
class Certificates:
    """PEM texts; None where the kubeconfig has none."""

    authority: str | None = None
    """The authority to trust; None: the machine's own authorities."""
    certificate: str | None = None
    key: str | None = field(default=None, repr=False)
    insecure: bool = False
    """The user explicitly gave up knowing who answers."""

    def make_context(self) -> ssl.SSLContext:
        """The settings of every connection to this cluster."""
        context = ssl.create_default_context(cadata=self.authority)
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate is not None:
            self._load_identity(context)
        return context

    def _load_identity(self, context: ssl.SSLContext) -> None:
        """The ssl module reads a key only from a file, so it is on disk, for the owner alone, for a moment."""
        with tempfile.TemporaryDirectory(prefix="titan-") as directory:
            path = Path(directory) / "identity.pem"
            path.touch(mode=0o600)
            path.write_text(f"{self.certificate}\n{self.key or ''}")
            context.load_cert_chain(path)
