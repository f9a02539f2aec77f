"""The command line, from the tree of commands that ``titan`` itself runs."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer

from reference_pages.tables import code, prose, render_table
from titan_sdk.cli.app import build_app
from titan_sdk.cli.exits import ExitCode

Command = Any
"""Of click, or of the copy of click inside typer: whichever this version of typer is built on."""

INTRODUCTION = """# Command line

`titan --help` and `titan COMMAND --help` say the same as this page. Every command that talks to the cluster takes
`--namespace`/`-n` and `--context`. Answers go to stdout, errors to stderr as one sentence. `titan --install-completion`
sets up completion for your shell. With `TITAN_DEBUG=1` an internal error shows its traceback.
"""


def render_page() -> str:
    """The whole page."""
    root: Command = typer.main.get_command(build_app())
    context = typer.Context(root, info_name="titan")
    sections = [_describe(command, path) for command, path in _walk(root, context)]
    codes = render_table(["code", "meaning"], _exit_codes())
    return "\n".join([INTRODUCTION, "## Exit codes\n", codes, *sections])


def render_summary() -> str:
    """The README's table: a line for each command, and for each group of commands."""
    root: Command = typer.main.get_command(build_app())
    return render_table(["", ""], [_summarise(name, one) for name, one in root.commands.items() if not one.hidden])


def _summarise(name: str, command: Command) -> tuple[str, str]:
    sentence = prose(inspect.cleandoc(command.help or "")).split(". ")[0].rstrip(".")
    if hasattr(command, "commands"):
        first, *others = (code(child) for child in command.commands)
        return ", ".join([code(f"titan {name} {first.strip('`')}"), *others]), sentence
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    return code(" ".join(["titan", name, *map(_show, arguments)])), sentence


def _show(argument: Any) -> str:
    name = f"{_name(argument).strip('[]')}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _walk(command: Command, context: typer.Context) -> Iterator[tuple[Command, typer.Context]]:
    """Every command that does something, with its place in the tree."""
    if not hasattr(command, "commands"):
        yield command, context
        return
    for name, one in command.commands.items():
        if not one.hidden:
            yield from _walk(one, typer.Context(one, info_name=name, parent=context))


def _describe(command: Command, context: typer.Context) -> str:
    text, _, example = inspect.cleandoc(command.help or "").partition("Example:")
    parameters = [one for one in command.get_params(context) if one.name != "help"]
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name != "argument"]
    usage = [context.command_path, *(piece for one in parameters for piece in one.get_usage_pieces(context))]
    return "\n".join(
        [
            f"## `{context.command_path}`\n",
            f"{prose(text)}\n",
            f"Usage: `{' '.join(_usage(usage, bool(options)))}`\n",
            f"Example: `{example.strip()}`\n" if example.strip() else "",
            render_table(["argument", ""], [(code(_name(one)), _help(one)) for one in arguments]),
            render_table(["option", "", "default"], [_option(one) for one in options]),
        ]
    )


def _usage(pieces: list[str], has_options: bool) -> list[str]:
    """click gives no piece for options."""
    return [pieces[0], "[OPTIONS]", *pieces[1:]] if has_options else pieces


def _option(option: Any) -> tuple[str, str, str]:
    names = ", ".join(code(name) for name in [*option.opts, *option.secondary_opts])
    shown = option.default
    has_default = shown not in (None, False, "", ()) and not callable(shown) and isinstance(shown, str | int | float)
    return names, _help(option), code(shown) if has_default and shown is not True else ""


def _name(argument: Any) -> str:
    return str(argument.metavar or (argument.name or "").upper())


def _help(parameter: Any) -> str:
    return prose(getattr(parameter, "help", None) or "")


def _exit_codes() -> list[tuple[str, str]]:
    """Each code with the sentence under it; an enumeration does not keep its members' docstrings."""
    source = inspect.getsource(ExitCode)
    found = re.findall(r'(\w+) = (\d+)\n\s+"""(.+?)"""', source, re.DOTALL)
    return [(number, prose(sentence)) for _, number, sentence in found]
