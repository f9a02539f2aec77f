"""The settings of one store process: frozen, read once, each with its unit and its consequence."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True)
class Settings:
    """Only the directory has no default."""

    data_directory: Path
    """Holds everything; one process at a time, on a file system whose fsync means it."""
    host: str = "127.0.0.1"
    port: int = 9090
    """0 picks a free one."""
    anonymous_namespace: str | None = None
    """Callers without any token may use values, sets and files of this namespace. None: nobody may."""
    max_value_bytes: int = MIB
    """Of one value, and of one member of a set; more is 413."""
    max_append_bytes: int = 8 * MIB
    """Of one append to a log; it is held in memory, so a runner sends a big output in pieces."""
    max_json_bytes: int = 8 * MIB
    """Of a JSON body. A member of a set may grow sixfold by escapes."""
    reserve_bytes: int = 32 * MIB
    """Below so much free space everything that grows is refused with 507, while outcomes and deletions still fit."""
    retention: timedelta = timedelta(days=30)
    """Logs without an append, and outcomes, are removed after so long."""
    sweep_seconds: float = 60.0
    """How often expired values, old logs and leftovers are looked for; an expired value is invisible at once."""
    bookmark_seconds: float = 10.0
    """Longest silence of the stream of outcomes; its reader takes a longer one for a dead connection."""
    shutdown_seconds: float = 5.0
    """How long SIGTERM waits for requests that are being answered."""
