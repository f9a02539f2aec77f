"""The settings of one store process: frozen, read once, each with its unit and its consequence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from titan_api.defaults import VALUE_BYTES
from titan_api.profiles import DEFAULT_PROFILES, Profile

MIB = 2**20


@dataclass(frozen=True)
class Quotas:
    """What one namespace may hold; what would go beyond is refused with 507. None: no limit but the disk."""

    value_bytes: int | None = 1024 * MIB
    """Of keys and values, and of members of sets, together."""
    value_count: int | None = 1_000_000
    """Values and members of sets, together."""
    file_bytes: int | None = None
    """Of files and blobs, together."""


@dataclass(frozen=True)
class S3Settings:
    """A bucket for the bytes."""

    endpoint: str
    """``https://host[:port]``."""
    bucket: str
    """Made by somebody else; a store that may not make buckets is one right safer."""
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    prefix: str = ""
    """Of all keys, so that stores can share a bucket."""
    region: str = "us-east-1"
    """Part of every signature; servers other than AWS rarely care."""

    @property
    def location(self) -> str:
        """Names the place for people, and is remembered by the data directory."""
        return f"{self.endpoint.rstrip('/')}/{self.bucket}/{self.prefix.strip('/')}".rstrip("/")


@dataclass(frozen=True)
class Certificate:
    """What proves to clients that the store is the store."""

    cert_file: Path
    """PEM: the certificate, then those between it and its authority."""
    key_file: Path


GENERIC, SLACK = "generic", "slack"
"""The forms that a webhook can want."""


@dataclass(frozen=True)
class Webhook:
    """Somebody who is told when a gate opens and when it is decided."""

    url: str = field(repr=False)
    """Often a secret itself."""
    form: str = GENERIC
    token_file: Path | None = None
    """Holds a bearer token; read for each message, so it can be replaced at any time."""


@dataclass(frozen=True)
class TrustedProxy:
    """A proxy that signs people in, and says in a header who they are."""

    user_header: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    """Where it connects from. Whoever else sends these headers is not believed; who is in here can be anybody."""
    groups_header: str | None = None
    """Names of groups, with commas between them."""


@dataclass(frozen=True)
class Settings:
    """Only the directory has no default."""

    data_directory: Path
    """Holds everything; one process at a time, on a file system whose fsync means it."""
    s3: S3Settings | None = None
    """Where files, blobs and ended logs are kept. None: in the data directory."""
    host: str = "127.0.0.1"
    port: int = 9090
    """0 picks a free one."""
    certificate: Certificate | None = None
    """Serve https with it; both files are read again when they change. None: http."""
    anonymous_namespace: str | None = None
    """Callers without any token may use values, sets and files of this namespace. None: nobody may."""
    trusted_proxy: TrustedProxy | None = None
    """None: people sign in with a token."""
    max_value_bytes: int = VALUE_BYTES
    """Of one value, and of one member of a set; more is 413."""
    max_append_bytes: int = 8 * MIB
    """Of one append to a log; it is held in memory, so a runner sends a big output in pieces."""
    max_json_bytes: int = 8 * MIB
    """Of a JSON body. A member of a set may grow sixfold by escapes."""
    max_memory_bytes: int = 256 * MIB
    """Of all request bodies together; what comes on top is sent away with 503."""
    idle_seconds: float = 60.0
    """An upload of which nothing arrives for so long is given up with 408."""
    reserve_bytes: int = 32 * MIB
    """Below so much free space everything that grows is refused with 507, while outcomes and deletions still fit."""
    quotas: Quotas = field(default_factory=Quotas)
    retention: timedelta = timedelta(days=30)
    """Logs without an append, and outcomes, are removed after so long."""
    webhooks: tuple[Webhook, ...] = ()
    public_url: str | None = None
    """Where people reach the store; links in messages begin with it. None: the address that it listens on."""
    sweep_seconds: float = 60.0
    """How often expired values, old logs and leftovers are looked for; an expired value is invisible at once."""
    bookmark_seconds: float = 10.0
    """Longest silence of the stream of outcomes; its reader takes a longer one for a dead connection."""
    idle_views_seconds: float = 900.0
    """The cluster is watched for so long after somebody last looked at it; the next one waits for a new list."""
    changes_seconds: float = 300.0
    """A stream of changes ends after so long; the page connects again, and its rights are looked up anew."""
    heartbeat_seconds: float = 20.0
    """Longest silence of a stream of changes; a viewer who is gone is noticed after so long. After 45 seconds without a
    sign the page takes the stream for broken."""
    profiles: Mapping[str, Profile] = field(default_factory=lambda: DEFAULT_PROFILES)
    """What requirements mean, as the operator's settings have it; shown as capacity, and nothing depends on it."""
    shutdown_seconds: float = 5.0
    """How long SIGTERM waits for requests that are being answered."""
