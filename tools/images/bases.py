"""A base image without a registry: Debian's smallest system with Python, from the mirrors that this machine uses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.images.errors import ImageError

SUITE = "bookworm"
"""Its Python is 3.11."""
PACKAGES = "python3,ca-certificates"
UNWANTED = (
    "var/cache/apt",
    "var/lib/apt/lists",
    "var/log",
    "usr/share/doc",
    "usr/share/info",
    "usr/share/locale",
    "usr/share/man",
    "etc/hostname",
    "etc/resolv.conf",
)
"""Nobody reads these in a container, or the container's engine writes them."""


@contextmanager
def make_base(parent: Path) -> Iterator[Path]:
    """The files of a base image, below a directory of ours and as long as they are needed. Raises ImageError."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".base-") as temporary:
        root = Path(temporary) / "root"
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root)]
        if mirror := find_mirror():
            command.append(mirror)
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError as error:
            raise ImageError("debootstrap failed; the end of its words is above") from error
        for name in UNWANTED:
            _empty(root / name)
        yield root


def _empty(path: Path) -> None:
    """Remove a file, or what is in a directory; the directory itself stays, because programs expect it."""
    if path.is_file() or path.is_symlink():
        path.unlink()
        return
    for child in path.iterdir() if path.is_dir() else ():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()


def find_mirror() -> str | None:
    """Where this machine gets its packages from; None: nobody said, or in a way that is not understood."""
    for file in (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources")):
        lines = file.read_text().splitlines() if file.exists() else []
        # Options in brackets may stand between a line's first word and the address.
        for words in (re.sub(r"\[.*?\]", "", line).split() for line in lines):
            if len(words) > 2 and words[0] == "deb" and words[2].isalpha():
                return words[1]
            if len(words) > 1 and words[0] == "URIs:":
                return words[1]
    return None
