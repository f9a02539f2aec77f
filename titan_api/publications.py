"""Under which keys the files that jobs publish are registered: SDK and store read and write the same ones. Pure.

A key's value is the file's name, as programs expect it. Because two runs may publish files of one name, a second value
has the digest of the content as well.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath

from titan_api.defaults import LONGEST_KEY

DIGEST_PREFIX = "titan:artifact:"
RUN_PREFIX = "titan:agent-run-artifacts:"
"""In front of an agent run's id: the set of the keys under which its jobs published files."""


def digest_key(key: str) -> str:
    """The key of the value with name and digest."""
    whole = DIGEST_PREFIX + key
    return whole if len(whole) <= LONGEST_KEY else DIGEST_PREFIX + hashlib.sha256(key.encode()).hexdigest()


def keys_prefix(run_id: str) -> str:
    """Begins the digest keys of those keys that name a run themselves, ``run:<id>:...``."""
    return digest_key(f"run:{run_id}:")


def write_record(name: str, digest: str) -> str:
    """The value of the digest key."""
    return json.dumps({"name": name, "digest": digest})


def read_name(text: str) -> str | None:
    """The file's name in the value of a key; None: it names no file."""
    name = PurePosixPath(text).name
    return name if name not in ("", ".", "..") else None


def read_digest(record: str | None, name: str) -> str | None:
    """The digest in the value of the digest key; None: only the name was registered, or another one since then."""
    try:
        known = json.loads(record) if record else {}
    except ValueError:
        return None
    digest = known.get("digest") if isinstance(known, dict) and known.get("name") == name else None
    return digest if isinstance(digest, str) else None
