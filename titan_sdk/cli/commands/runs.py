"""``titan run``: one script as one job, its log on the terminal, its result as the exit code."""

from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any

import typer

from titan_api.job_fields import FIELDS, JobField, Shape
from titan_sdk.cli.calls import Call
from titan_sdk.cli.commands.waits import finish
from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.hints import hinting
from titan_sdk.cli.output import emit_json
from titan_sdk.submit.parameters import take_one_by_one

TYPES: dict[Shape, tuple[object, str]] = {
    Shape.TEXT: (str | None, ""),
    Shape.INTEGER: (int | None, ""),
    Shape.FLAG: (bool | None, ""),
    Shape.TEXTS: (list[str] | None, " Repeatable."),
    Shape.PAIRS: (list[str] | None, " NAME=VALUE; repeatable."),
}
"""What typer makes of an option, and what its help adds."""


def run(
    call: Call,
    script: Annotated[str, typer.Argument(help="The script, a .py or .sh file.", show_default=False)],
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Arguments for the script, passed on unchanged.", show_default=False)
    ] = None,
    *,
    given: dict[str, Any],
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Show the log until the job ends.")] = True,
) -> None:
    """Run one script as a job, whose id is the file's name unless --name says otherwise.

    Put options before the script: everything after it is passed to the script.

    Example: titan run --requirement GPU --env SEED=7 train.py --epochs 3
    """
    from titan_sdk.submit.jobs import TitanJob

    described = {"job_id": Path(script).stem, "filename": script, "args": arguments or []}
    job = TitanJob(**described | {name: parse(name, value) for name, value in given.items()})
    accepted = call.client.dags.submit_job(job)
    document = {"name": accepted.name, "jobID": job.job_id, "namespace": accepted.namespace}
    call.answer({"type": "submitted"} | document, *([] if follow else [accepted.name]))
    if follow:
        _follow(call, accepted.name)


def option_of(field: JobField) -> Parameter | None:
    """The option that sets a field; None for a field without one."""
    if field.option is None:
        return None
    kind, repeated = TYPES[field.shape]
    words = sentence_of(field) + repeated
    option = typer.Option(field.option, min=field.low, max=field.high, help=words, show_default=False)
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option])


def sentence_of(field: JobField) -> str:
    """What the help says of a field."""
    words = field.option_help or field.help.replace("`", "")
    default = f"; default: {field.default}" if field.default else ""
    return f"{words[0].upper()}{words[1:]}{default}."


def parse(name: str, value: Any) -> Any:
    """What was given for a field, as TitanJob takes it. Raises CommandFailed."""
    field = FIELDS[name]
    return parse_pairs(str(field.option), value) if field.shape is Shape.PAIRS else value


def parse_pairs(option: str, settings: list[str]) -> dict[str, str]:
    """NAME=VALUE pairs as a dict; the later of two equal names wins."""
    pairs = {}
    for setting in settings:
        variable, equals, value = setting.partition("=")
        if not equals or not variable:
            raise CommandFailed(f"{option} {setting!r} is not of the form NAME=VALUE", ExitCode.USAGE)
        pairs[variable] = value
    return pairs


def _follow(call: Call, name: str) -> None:
    """Pass the log on as it comes, then end as the job ended."""
    from rich.console import Console

    with hinting(call.client, name, Console(stderr=True)) as stop_hinting:
        for line in call.client.stream_logs(name):
            stop_hinting()
            call.answer({"type": "log", "line": line}, line)
    view = call.client.wait(name)
    if call.as_json:
        emit_json({"type": "finished", "job": view})
    finish(view)


COMMAND = take_one_by_one(run, filter(None, map(option_of, FIELDS.values())))
"""``run`` with an option for each field that has one."""
