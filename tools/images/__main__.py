"""`python3 -m tools.images [--force]`: build the images, unless they are there and made of what the tree holds now."""

import sys
import tempfile
import time
from pathlib import Path

from tools.binaries.builds import CACHE
from tools.images.engines import Engine, find_engine
from tools.images.errors import ImageError
from tools.images.sources import fingerprint, make_context, version

TARGETS = ("operator", "store", "runner")
IMAGES = CACHE / "images"
STAMP = "titan-images.build"


def main(arguments: list[str]) -> int:
    """Builds, and prints what is there."""
    started = time.monotonic()
    try:
        engine = find_engine(CACHE / "buildah")
        wanted = fingerprint(f"{type(engine).__name__} {engine.base}")
        if "--force" not in arguments and is_current(wanted):
            print("the images are up to date")
        else:
            build(engine, wanted)
            print(f"built in {time.monotonic() - started:.0f} s")
    except ImageError as error:
        print(error, file=sys.stderr)
        return 1
    for target in TARGETS:
        size = archive_of(target).stat().st_size / 1_000_000
        print(f"  titan-{target}:{version()}  {size:.0f} MB  {archive_of(target)}")
    return 0


def is_current(wanted: str) -> bool:
    """Whether all archives are there and were made of what the digest stands for."""
    stamp = IMAGES / STAMP
    return all(archive_of(target).exists() for target in TARGETS) and stamp.exists() and stamp.read_text() == wanted


def build(engine: Engine, wanted: str) -> None:
    """Build all images and put their archives into the cache. Raises ImageError."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / STAMP).unlink(missing_ok=True)
    engine.prepare()
    # In the cache's own file system, so that an archive appears whole under its name or not at all.
    with tempfile.TemporaryDirectory(dir=IMAGES, prefix=".building-") as directory:
        context = Path(directory) / "context"
        context.mkdir()
        make_context(context)
        for target in TARGETS:
            image = f"titan-{target}:{version()}"
            engine.build(context, target, image, version())
            archive = Path(directory) / f"{target}.tar"
            engine.save(image, archive)
            archive.rename(archive_of(target))
    (IMAGES / STAMP).write_text(wanted)


def archive_of(target: str) -> Path:
    """Where the image of a target is kept."""
    return IMAGES / f"titan-{target}.tar"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
