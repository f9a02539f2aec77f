"""Who builds: docker where its engine answers, else buildah, which needs no engine but root."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Protocol

from tools.images.bases import make_base
from tools.images.errors import ImageError

PUBLIC_BASE = "python:3.11-slim"
OWN_BASE = "titan-base:bookworm"


class Engine(Protocol):
    """Builds a target of a Dockerfile and writes it as a docker-archive."""

    base: str

    def prepare(self) -> None:
        """See that the base image is there. Raises ImageError."""

    def build(self, context: Path, target: str, image: str, version: str) -> None:
        """Build the target under the image's name. Raises ImageError."""

    def save(self, image: str, archive: Path) -> None:
        """Write the image into a file. Raises ImageError."""


class Docker:
    """The engine of this machine."""

    def __init__(self, base: str) -> None:
        self.base = base

    def prepare(self) -> None:
        """The engine fetches the base itself."""

    def build(self, context: Path, target: str, image: str, version: str) -> None:
        """See Engine."""
        run("docker", "build", *build_arguments(context, target, image, version, self.base))

    def save(self, image: str, archive: Path) -> None:
        """See Engine."""
        run("docker", "save", "--output", str(archive), image)


class Buildah:
    """No daemon, no namespaces: RUN is a chroot. Its store lies in Titan's cache, apart from anybody else's."""

    def __init__(self, base: str, storage: Path) -> None:
        self.base = base
        self._storage = storage

    def prepare(self) -> None:
        """Make our own base with debootstrap if that is the one wanted and it is not there."""
        if self.base == OWN_BASE and not self._has(OWN_BASE):
            with make_base(self._storage) as directory:
                (directory.parent / "Dockerfile").write_text('FROM scratch\nCOPY . /\nCMD ["python3"]\n')
                self._bud("--quiet", "--tag", OWN_BASE, "--file", str(directory.parent / "Dockerfile"), str(directory))

    def build(self, context: Path, target: str, image: str, version: str) -> None:
        """See Engine."""
        base = f"localhost/{self.base}" if self.base == OWN_BASE else self.base
        self._bud("--quiet", *build_arguments(context, target, image, version, base))

    def save(self, image: str, archive: Path) -> None:
        """See Engine."""
        self._buildah("push", "--quiet", image, f"docker-archive:{archive}:{image}")

    def _has(self, image: str) -> bool:
        command = ["buildah", *self._places(), "inspect", "--type", "image", image]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _bud(self, *arguments: str) -> None:
        self._buildah("bud", "--isolation", "chroot", "--layers", *arguments)

    def _buildah(self, command: str, *arguments: str) -> None:
        run("buildah", *self._places(), command, *arguments)

    def _places(self) -> list[str]:
        return ["--root", str(self._storage / "store"), "--runroot", str(self._storage / "run")]


def find_engine(storage: Path) -> Engine:
    """The engine of this machine; BASE_IMAGE chooses another base image. Raises ImageError."""
    base = os.environ.get("BASE_IMAGE", "")
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
        return Docker(base or PUBLIC_BASE)
    missing = [program for program in ("buildah", "debootstrap") if shutil.which(program) is None]
    if missing:
        raise ImageError(f"building images needs a docker engine, or buildah and debootstrap (missing: {missing})")
    if os.geteuid() != 0:
        raise ImageError("building images without a docker engine needs root")
    return Buildah(base or OWN_BASE, storage)


def build_arguments(context: Path, target: str, image: str, version: str, base: str) -> list[str]:
    """What docker and buildah understand alike."""
    values = [part for value in (f"BASE_IMAGE={base}", f"VERSION={version}") for part in ("--build-arg", value)]
    return ["--target", target, "--tag", image, *values, "--file", str(context / "Dockerfile"), str(context)]


def run(*command: str) -> None:
    """Run a program whose words go to the terminal. Raises ImageError."""
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise ImageError(f"{command[0]} failed; its words are above") from error
