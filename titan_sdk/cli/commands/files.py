"""``titan files``: what jobs published, and what they shall find."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, make_console, print_columns, say
from titan_sdk.runs.workspaces import Workspace

Report = Callable[[int, int | None], None]
"""Called with the bytes moved so far, and all bytes where they are known."""

FILE_HEADERS = ("NAME", "SIZE", "AGE")
LEFT_HEADERS = ("PATH", "SIZE")

OfDag = Annotated[
    str | None,
    typer.Option("--dag", help="Files left in the workspaces of this DAG's jobs.", show_default=False),
]
OfJob = Annotated[str | None, typer.Option("--job", help="Files left in this job's workspace.", show_default=False)]


def build_group() -> typer.Typer:
    """The commands under ``titan files``."""
    group = typer.Typer(help="Use the files that jobs and people share.", no_args_is_help=True, rich_markup_mode=None)
    group.command("ls")(ls)
    group.command("get")(get)
    group.command("put")(put)
    return group


def get(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the file in Titan.", show_default=False)],
    path: Annotated[
        Path | None, typer.Argument(help="Target file or folder. Default: the same name, here.", show_default=False)
    ] = None,
    dag: OfDag = None,
    job: OfJob = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Download a file. It appears under its name only once it is complete and its SHA-256 is right.

    Example: titan files get report.md /tmp/report.md
    """
    target = path or Path()
    target = target / Path(name).name if target.is_dir() else target
    client = client_of(ctx, namespace, context)
    with showing_progress(name, as_json) as report:
        if dag or job:
            client.workspace(_target(dag, job)).download(name, target, report)
        else:
            client.files.download(name, target, progress=report)
    if as_json:
        emit_json({"name": name, "path": str(target), "size": target.stat().st_size})
    else:
        say(str(target))


def put(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The file to upload.", show_default=False)],
    name: Annotated[
        str | None, typer.Option("--name", help="Name in Titan. Default: the file's own name.", show_default=False)
    ] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Upload a file. A file of the same name is replaced in one step.

    Example: titan files put data/input.csv --name input.csv
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    client = client_of(ctx, namespace, context)
    stored = name or path.name
    with showing_progress(stored, as_json) as report:
        client.files.upload(path, name=stored, progress=report)
    if as_json:
        emit_json({"name": stored, "size": path.stat().st_size})
    else:
        say(stored)


@contextmanager
def showing_progress(title: str, as_json: bool) -> Iterator[Report | None]:
    """A bar on stdout if that is a terminal and a person reads it; else nothing at all."""
    console = make_console()
    if as_json or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def ls(
    ctx: typer.Context,
    prefix: Annotated[str, typer.Argument(help="Only names that begin with this.", show_default=False)] = "",
    dag: OfDag = None,
    job: OfJob = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """List the files, sorted by name.

    Example: titan files ls report
    """
    client = client_of(ctx, namespace, context)
    if dag or job:
        _list_left(client.workspace(_target(dag, job)), prefix, as_json)
        return
    files = client.files.list(prefix)
    if as_json:
        emit_json(files)
    elif not files:
        say("No files here.")
    else:
        now = datetime.now(UTC)
        print_columns(
            FILE_HEADERS, [(file.name, format_size(file.size), format_span(file.updated, None, now)) for file in files]
        )


def _list_left(workspace: Workspace, prefix: str, as_json: bool) -> None:
    files = workspace.list(prefix)
    if as_json:
        emit_json(files)
    elif not files:
        say("No files here.")
    else:
        print_columns(LEFT_HEADERS, [(file.path, format_size(file.size)) for file in files])


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
