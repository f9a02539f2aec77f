"""Image archives without an image builder: one program, one layer, in the format of `docker save`."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write_archive(target: Path, image: str, program: Path, machine: str) -> None:
    """Writes an image that holds and starts a static program."""
    layer = _tar({program.name: program.read_bytes()}, mode=0o755)
    configuration = json.dumps(
        {
            "architecture": ARCHITECTURES.get(machine, machine),
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
            "config": {"Entrypoint": [f"/{program.name}"], "User": "65535:65535", "WorkingDir": "/"},
        }
    ).encode()
    name = f"{hashlib.sha256(configuration).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [image], "Layers": ["layer.tar"]}]).encode()
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(_tar({name: configuration, "manifest.json": manifest, "layer.tar": layer}, mode=0o644))
    unfinished.rename(target)


def _tar(files: dict[str, bytes], mode: int) -> bytes:
    """Without times, so that the same content is the same image."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
