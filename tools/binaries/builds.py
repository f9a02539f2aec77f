"""Building programs into the user's cache, only if what they are made of has changed.

Beside each program lies NAME.build, the digest of everything it was built from. A program appears under its name only
when it is complete, so whoever finds one may run it.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.binaries.catalogue import Program

MODULES = Path(__file__).resolve().parent.parent / "modules"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "titan"
BIN = CACHE / "bin"


class BuildError(Exception):
    """A program could not be built; the sentence says what to do."""


def build(programs: Iterable[Program], target: Path = BIN) -> list[str]:
    """Builds those that are missing or made of something else, and returns their names.

    Programs of one module are built together: what they share is compiled once.
    """
    stale: dict[tuple[str, str], list[Program]] = defaultdict(list)
    for program in programs:
        if not is_current(program, target):
            stale[program.module, program.link_flags].append(program)
    if stale and shutil.which("go") is None:
        names = ", ".join(program.name for group in stale.values() for program in group)
        raise BuildError(f"building {names} needs Go on the PATH (1.26 or newer)")
    target.mkdir(parents=True, exist_ok=True)
    for group in stale.values():
        _build_group(group, target)
    return [program.name for group in stale.values() for program in group]


def is_current(program: Program, target: Path = BIN) -> bool:
    """Whether the program is there and was built from what the tree holds now."""
    record = _record_of(program, target)
    return (target / program.name).exists() and record.exists() and record.read_text() == fingerprint(program)


def fingerprint(program: Program) -> str:
    """A digest of the module's files and of how the program is built."""
    digest = hashlib.sha256(repr(program).encode())
    for file in sorted((MODULES / program.module).iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _record_of(program: Program, target: Path) -> Path:
    return target / f"{program.name}.build"


def _build_group(group: list[Program], target: Path) -> None:
    # In the target's own file system, so that the last step is a rename and nothing half-written is ever found.
    with tempfile.TemporaryDirectory(dir=target, prefix=".building-") as directory:
        for packages in _invocations(group):
            _run_go(packages, Path(directory))
        for program in group:
            built = Path(directory) / _name_given_by_go(program)
            _record_of(program, target).unlink(missing_ok=True)
            built.rename(target / program.name)
            _record_of(program, target).write_text(fingerprint(program))


def _invocations(group: list[Program]) -> Iterator[list[Program]]:
    """One for packages of dependencies together; Go names a module's own program after the module, so it comes alone."""
    dependencies = [program for program in group if program.package != "."]
    if dependencies:
        yield dependencies
    yield from ([program] for program in group if program.package == ".")


def _run_go(programs: list[Program], directory: Path) -> None:
    command = ["go", "build", "-trimpath", "-ldflags", programs[0].link_flags, "-o", f"{directory}/"]
    try:
        subprocess.run(
            [*command, *(program.package for program in programs)],
            cwd=MODULES / programs[0].module,
            # The Go that is there is used, not one that it might download; static programs run in any image.
            env=os.environ | {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"},
            check=True,
        )
    except subprocess.CalledProcessError as error:
        names = ", ".join(program.name for program in programs)
        raise BuildError(f"go build failed for {names}; its words are above") from error


def _name_given_by_go(program: Program) -> str:
    """The last part of the package's path that is not a version: `server` for etcd."""
    if program.package == ".":
        return program.module
    parts = [part for part in program.package.split("/") if part != "v3"]
    return parts[-1]
