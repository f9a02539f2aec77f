"""`python3 -m tools.old_python`: fetch Python 3.9 from Debian's bullseye into the user's cache, unless it is there.

The packages are unpacked, not installed, so nothing on this machine changes and no root is needed. The tree lies in
``TREE`` as it would below ``/``; ``LAUNCHER`` runs its interpreter on this machine, and `tools.test_images` makes an
image of it.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.binaries.builds import CACHE
from tools.images.bases import find_mirror

SUITE = "bullseye"
PACKAGES = ("python3.9-minimal", "libpython3.9-minimal", "libpython3.9-stdlib", "libssl1.1", "libffi7", "libmpdec3")
"""The interpreter, its standard library, and those libraries that newer Debians have in other versions only."""
HOME = CACHE / "python3.9"
TREE = HOME / "tree"
LAUNCHER = HOME / "python3.9"
SCRIPT = """#!/bin/sh
LD_LIBRARY_PATH="$(echo "{tree}"/usr/lib/*-linux-gnu)" exec "{tree}/usr/bin/python3.9" "$@"
"""


class OldPythonError(Exception):
    """It cannot be had here; the sentence says why."""


def main() -> int:
    """Fetches it, and prints where it is."""
    try:
        fetch()
    except OldPythonError as error:
        print(error, file=sys.stderr)
        return 1
    print(LAUNCHER)
    return 0


def fetch(home: Path = HOME) -> None:
    """Makes the directory if it is not there, whole or not at all. Raises OldPythonError."""
    if home.exists():
        return
    missing = [program for program in ("apt-get", "dpkg-deb") if shutil.which(program) is None]
    if missing:
        raise OldPythonError(f"Python 3.9 comes from Debian's packages, and this machine has no {missing[0]}")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".python3.9-") as temporary:
        work = Path(temporary)
        # As root, apt downloads as a user of its own, who must reach the directory.
        work.chmod(0o755)
        for package in _download(work):
            _run(["dpkg-deb", "--extract", str(package), str(work / "home/tree")])
        launcher = work / "home" / LAUNCHER.name
        launcher.write_text(SCRIPT.format(tree=home / "tree"))
        launcher.chmod(0o755)
        (work / "home").rename(home)


def _download(work: Path) -> list[Path]:
    """The packages, checked by apt against Debian's signatures; lists and cache are this directory's own."""
    for name in ("lists/partial", "cache/archives/partial", "packages", "home/tree"):
        (work / name).mkdir(parents=True)
    mirror = find_mirror()
    if mirror is None:
        raise OldPythonError("Python 3.9 comes from Debian's packages, and this machine's apt knows no mirror of them")
    (work / "sources.list").write_text(f"deb {mirror} {SUITE} main\n")
    places = {"Etc::SourceList": "sources.list", "State::Lists": "lists", "Cache": "cache"}
    options = [f"--option=Dir::{name}={work / place}" for name, place in places.items()]
    apt = ["apt-get", "--quiet=2", "--option=Dir::Etc::SourceParts=/dev/null", *options]
    _run([*apt, "update"])
    _run([*apt, "--option=APT::Sandbox::User=root", "download", *PACKAGES], work / "packages")
    return sorted((work / "packages").glob("*.deb"))


def _run(command: list[str], directory: Path | None = None) -> None:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OldPythonError(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


if __name__ == "__main__":
    sys.exit(main())
