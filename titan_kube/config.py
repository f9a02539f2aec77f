"""Where an API server is, and what proves to it who we are: a value, without any I/O but reading the files it names."""

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class Plugin:
    """A program that a kubeconfig names as the source of a user's credentials."""

    user: str
    api_version: str
    command: str
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    wants_cluster: bool = False


@dataclass(frozen=True)
class Config:
    """One context of a kubeconfig, or a pod's account. Certificates, keys and tokens are texts, or files to read."""

    server: str
    """URL, without a slash at the end."""
    authority: str | Path | None = None
    """PEM of the certificates to trust; None: those of the system."""
    verify: bool = True
    """False: any certificate of the server is accepted."""
    server_name: str | None = None
    """The name that the server's certificate must have, if it is not the host's."""
    proxy: str | None = None
    namespace: str = "default"
    token: str | Path | None = field(default=None, repr=False)
    """A file is read again for each use, because the kubelet rotates it."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    certificate: str | Path | None = field(default=None, repr=False)
    key: str | Path | None = field(default=None, repr=False)
    plugin: Plugin | None = None

    def read_token(self) -> str | None:
        """The token to send now. Raises OSError if its file cannot be read."""
        return self.token.read_text().strip() if isinstance(self.token, Path) else self.token

    def read_authority(self) -> str | None:
        """The certificates to trust, as PEM. Raises OSError."""
        return self.authority.read_text() if isinstance(self.authority, Path) else self.authority

    def headers(self) -> dict[str, str]:
        """What authenticates a request now, beside a client certificate. Raises OSError."""
        if token := self.read_token():
            return {"Authorization": f"Bearer {token}"}
        if self.username is not None:
            pair = f"{self.username}:{self.password or ''}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    def without_certificate(self) -> "Config":
        """For requests with somebody else's token: a client certificate would win over it."""
        return replace(self, certificate=None, key=None)
