"""``titan files``: what jobs published, and what they shall find."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.calls import Call
from titan_sdk.cli.output import make_console
from titan_sdk.data.files import FileView
from titan_sdk.runs.workspaces import WorkspaceFile

Report = Callable[[int, int | None], None]
"""Called with the bytes moved so far, and all bytes where they are known."""

NOTHING = "No files here."

OfDag = Annotated[
    str | None,
    typer.Option("--dag", help="Files left in the workspaces of this DAG's jobs.", show_default=False),
]
OfJob = Annotated[str | None, typer.Option("--job", help="Files left in this job's workspace.", show_default=False)]


def get(
    call: Call,
    name: Annotated[str, typer.Argument(help="Name of the file in Titan.", show_default=False)],
    path: Annotated[
        Path | None, typer.Argument(help="Target file or folder. Default: the same name, here.", show_default=False)
    ] = None,
    dag: OfDag = None,
    job: OfJob = None,
) -> None:
    """Download a file. It appears under its name only once it is complete and its SHA-256 is right.

    Example: titan files get report.md /tmp/report.md
    """
    target = path or Path()
    target = target / Path(name).name if target.is_dir() else target
    with showing_progress(call, name) as report:
        if dag or job:
            call.client.workspace(_target(dag, job)).download(name, target, report)
        else:
            call.client.files.download(name, target, progress=report)
    call.answer({"name": name, "path": str(target), "size": target.stat().st_size}, str(target))


def put(
    call: Call,
    path: Annotated[Path, typer.Argument(help="The file to upload.", show_default=False)],
    name: Annotated[
        str | None, typer.Option("--name", help="Name in Titan. Default: the file's own name.", show_default=False)
    ] = None,
) -> None:
    """Upload a file. A file of the same name is replaced in one step.

    Example: titan files put data/input.csv --name input.csv
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    stored = name or path.name
    with showing_progress(call, stored) as report:
        call.client.files.upload(path, name=stored, progress=report)
    call.answer({"name": stored, "size": path.stat().st_size}, stored)


@contextmanager
def showing_progress(call: Call, title: str) -> Iterator[Report | None]:
    """A bar on stdout if that is a terminal and a person reads it; else nothing at all."""
    console = make_console()
    if call.as_json or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def ls(
    call: Call,
    prefix: Annotated[str, typer.Argument(help="Only names that begin with this.", show_default=False)] = "",
    dag: OfDag = None,
    job: OfJob = None,
) -> None:
    """List the files, sorted by name.

    Example: titan files ls report
    """
    if dag or job:
        left = call.client.workspace(_target(dag, job)).list(prefix)
        call.answer_with_table(left, ("PATH", "SIZE"), left_row, NOTHING)
    else:
        call.answer_with_table(call.client.files.list(prefix), ("NAME", "SIZE", "AGE"), file_row, NOTHING)


def file_row(file: FileView, now: datetime) -> tuple[str, ...]:
    """One line of the list of files."""
    return file.name, format_size(file.size), format_span(file.updated, None, now)


def left_row(file: WorkspaceFile, now: datetime) -> tuple[str, ...]:
    """One line of the list of what jobs left, of which nobody knows when."""
    return file.path, format_size(file.size)


def _target(dag: str | None, job: str | None) -> str:
    if dag and job:
        raise ValueError("use --dag or --job, not both")
    return dag or job or ""


def format_size(size: float) -> str:
    """Bytes as people say them: ``512 B``, ``3.4 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
