"""What the page is made of, where it goes, and how one sees that it was made of just that."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

SOURCES = "dashboard"
PAGE = Path("store/titan_store/dashboard")
"""Where the store looks for its page; not in git, but in the wheel."""
STAMP = ".made-of"
"""In PAGE, written last: the digest of the sources."""
PARTS = (
    ".npmrc",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "public",
    "src",
)
"""All that the build reads; tests and the linter's settings make no other page."""


def list_sources(root: Path) -> Iterator[Path]:
    """The files of which the page is made, in the same order everywhere."""
    for part in (root / SOURCES / name for name in PARTS):
        yield from sorted(file for file in part.rglob("*") if file.is_file()) if part.is_dir() else (part,)


def digest_of(root: Path) -> str:
    """A digest of the sources."""
    digest = hashlib.sha256()
    for file in list_sources(root):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def has_sources(root: Path) -> bool:
    """Whether this tree can build the page; one that was packed without can only pass on what it holds."""
    return (root / SOURCES / "package.json").is_file()


def is_current(root: Path) -> bool:
    """Whether the page is there and made of what the tree holds now."""
    stamp = root / PAGE / STAMP
    return stamp.is_file() and stamp.read_text() == digest_of(root)
