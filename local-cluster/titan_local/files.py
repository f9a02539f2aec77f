"""Files that are complete or absent, even if the writing process is killed."""

import os
from pathlib import Path


def write_atomically(path: Path, text: str, *, mode: int = 0o644, durably: bool = True) -> None:
    """Replace a file's content: temporary file, fsync, rename. Without ``durably`` it survives all but power loss."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if durably:
            os.fsync(file.fileno())
    temporary.replace(path)
