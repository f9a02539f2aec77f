"""Bringing image archives into containerd. There is no registry: what is not imported does not exist."""

import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.cluster.archives import write_archive
from tools.cluster.layouts import PAUSE_IMAGE, Layout
from tools.cluster.namespaces import Namespaces


@dataclass(frozen=True)
class Imported:
    """An archive as it was when it was imported, and the images that it held."""

    stamp: str
    images: tuple[str, ...]


def find_stale(archives: Mapping[str, str], imported: Mapping[str, Imported], present: frozenset[str]) -> list[str]:
    """The archives, given as name to stamp, that were not imported as they are now, or whose images have gone."""
    return [
        name
        for name, stamp in sorted(archives.items())
        if name not in imported or imported[name].stamp != stamp or not present.issuperset(imported[name].images)
    ]


def import_images(layout: Layout, namespaces: Namespaces) -> list[str]:
    """Imports the archives of the images directory that are new or have changed; the names of the images."""
    layout.images.mkdir(parents=True, exist_ok=True)
    _write_pause(layout)
    files = {file.name: file for file in layout.images.glob("*.tar")}
    record = layout.containerd_root / "imported.json"
    imported = _read(record)
    stale = find_stale({name: _stamp(file) for name, file in files.items()}, imported, _present(layout, namespaces))
    images: list[str] = []
    for name in stale:
        names = _import(layout, namespaces, files[name])
        imported[name] = Imported(_stamp(files[name]), names)
        images += names
        _write(record, imported)
    return images


def _write_pause(layout: Layout) -> None:
    archive, program = layout.images / "pause.tar", layout.bin / "pause"
    if not archive.exists() or archive.stat().st_mtime < program.stat().st_mtime:
        write_archive(archive, PAUSE_IMAGE, program, platform.machine())


def _ctr(layout: Layout, *arguments: str) -> list[str]:
    return ["ctr", f"--address={layout.containerd_socket}", "--namespace=k8s.io", *arguments]


def _present(layout: Layout, namespaces: Namespaces) -> frozenset[str]:
    return frozenset(namespaces.run(*_ctr(layout, "images", "list", "--quiet")).split())


def _import(layout: Layout, namespaces: Namespaces, archive: Path) -> tuple[str, ...]:
    command = namespaces.enter(_ctr(layout, "images", "import", str(archive)))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{archive} cannot be imported: {done.stderr.strip()}")
    words = [line.split() for line in done.stdout.splitlines()]
    return tuple(line[1] for line in words if line and line[0] == "unpacking")


def _stamp(archive: Path) -> str:
    status = archive.stat()
    return f"{status.st_mtime_ns}.{status.st_size}"


def _read(record: Path) -> dict[str, Imported]:
    saved = json.loads(record.read_text()) if record.exists() else {}
    return {name: Imported(entry["stamp"], tuple(entry["images"])) for name, entry in saved.items()}


def _write(record: Path, imported: Mapping[str, Imported]) -> None:
    saved = {name: {"stamp": entry.stamp, "images": entry.images} for name, entry in imported.items()}
    record.write_text(json.dumps(saved, indent=1))
