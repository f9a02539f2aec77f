"""`python3 -m tools.test_images`: build the tests' images, unless they are there and as the Dockerfile says."""

import hashlib
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.images.__main__ import IMAGES
from tools.images.engines import Docker, Engine, find_engine
from tools.images.errors import ImageError
from tools.old_python.__main__ import TREE, OldPythonError
from tools.old_python.__main__ import fetch as fetch_old_python

DOCKERFILE = Path(__file__).with_name("Dockerfile")
STORAGE = IMAGES.parent / "buildah"
"""Where the engine without a daemon keeps the base image, which these images share with Titan's."""
STAMP = "titan-test-images.build"
TARGETS = ("python", "python39", "shell")
OLD_PYTHON = "python39"
OLD_BASE = "python:3.9-slim"
"""Of that target, where an engine fetches images."""


@dataclass(frozen=True)
class OldPython:
    """Who builds the image with the old Python, and the files that are laid upon the base if that is a newer one."""

    engine: Engine
    tree: Path | None = None


def main() -> int:
    """Builds what is missing, and says which images there are."""
    try:
        engine = find_engine(STORAGE)
        wanted = hashlib.sha256(f"{type(engine).__name__} {engine.base}".encode() + DOCKERFILE.read_bytes()).hexdigest()
        if not is_current(IMAGES, wanted):
            build(engine, IMAGES, find_old_python(engine))
            (IMAGES / STAMP).write_text(wanted)
    except ImageError as error:
        print(error, file=sys.stderr)
        return 1
    for target in TARGETS:
        print(f"  {image_of(target)}  {archive_of(IMAGES, target)}")
    return 0


def is_current(images: Path, wanted: str) -> bool:
    """Whether the archives are there and were made of what the digest stands for."""
    stamp = images / STAMP
    has_all = all(archive_of(images, target).exists() for target in TARGETS)
    return has_all and stamp.exists() and stamp.read_text() == wanted


def build(engine: Engine, images: Path, old_python: OldPython) -> None:
    """Puts the archives into a directory, each whole or not at all. Raises ImageError."""
    images.mkdir(parents=True, exist_ok=True)
    (images / STAMP).unlink(missing_ok=True)
    engine.prepare()
    with tempfile.TemporaryDirectory(dir=images, prefix=".building-") as directory:
        context = Path(directory) / "context"
        (context / "old-python").mkdir(parents=True)
        shutil.copy(DOCKERFILE, context)
        if old_python.tree is not None:
            shutil.copytree(old_python.tree, context / "old-python", symlinks=True, dirs_exist_ok=True)
        for target in TARGETS:
            builder = old_python.engine if target == OLD_PYTHON else engine
            builder.build(context, target, image_of(target), "1")
            archive = Path(directory) / f"{target}.tar"
            engine.save(image_of(target), archive)
            archive.rename(archive_of(images, target))


def find_old_python(engine: Engine) -> OldPython:
    """How this machine makes the image with the old Python. Raises ImageError."""
    if isinstance(engine, Docker):
        return OldPython(Docker(OLD_BASE))
    try:
        fetch_old_python()
    except OldPythonError as error:
        raise ImageError(str(error)) from error
    return OldPython(engine, TREE)


def image_of(target: str) -> str:
    """Its name, which no registry knows."""
    return f"titan-test-{target}:1"


def archive_of(images: Path, target: str) -> Path:
    """Where the image of a target is kept."""
    return images / f"titan-test-{target}.tar"


if __name__ == "__main__":
    sys.exit(main())
