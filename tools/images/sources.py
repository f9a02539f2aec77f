"""What the images are made of: the files that count, their digest, and the directory that a build gets to see."""

import hashlib
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.dashboard.sources import PAGE, has_sources, list_sources
from tools.images.errors import ImageError

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
PACKAGES = (
    "titan_api",
    "titan_kube",
    "titan_sdk",
    "operator/titan_operator",
    "store/titan_store",
    "runner-image/titan_runner",
    "local-cluster/titan_local",
)
"""Everything that is in Titan's wheel."""
PYTHON = (3, 11)
"""Of the images, and so of the wheels."""


def version() -> str:
    """The version in pyproject.toml, which is the images' tag."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def fingerprint(base: str, root: Path = ROOT, here: Path = HERE) -> str:
    """A digest of the name of the base image and of all files from which the images are made."""
    digest = hashlib.sha256(base.encode())
    for file in _source_files(root, here):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def make_context(directory: Path) -> None:
    """Fill a directory with the Dockerfile and the wheels that it installs. Raises ImageError."""
    if sys.version_info[:2] != PYTHON:
        raise ImageError("wheels for the images are made by Python 3.11: set PYTHON=/path/to/python3.11")
    for name in ("Dockerfile", "install.sh"):
        shutil.copy(HERE / name, directory / name)
    wheels = directory / "wheels"
    constraints = str(ROOT / "constraints.txt")
    _pip("wheel", "--wheel-dir", str(wheels), "--constraint", constraints, f"{ROOT}[operator,store]", "pip")
    portable = ["--requirement", str(HERE / "portable.txt"), "--no-deps", "--python-version", "3.9"]
    _pip("download", "--dest", str(wheels / "portable"), "--only-binary", ":all:", *portable)


def _source_files(root: Path, here: Path) -> Iterator[Path]:
    yield from (root / name for name in ("pyproject.toml", "constraints.txt"))
    # The page counts by what it is made of: it is built again with the wheel, and need not come out the same.
    yield from list_sources(root) if has_sources(root) else ()
    for directory in (here, *(root / package for package in PACKAGES)):
        files = (file for file in sorted(directory.rglob("*")) if file.is_file() and root / PAGE not in file.parents)
        yield from (file for file in files if "__pycache__" not in file.parts)


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as error:
        raise ImageError(f"pip {arguments[0]} failed; its words are above") from error
