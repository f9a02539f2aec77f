"""What a command gets beside its own arguments, and how typer learns of all of them.

A command is a function of a call and of its arguments. The fields of the call are the options that many commands share;
through the call a command reaches the cluster and answers.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from titan_sdk.cli.edge import Edge
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, print_columns, say
from titan_sdk.submit.parameters import declare

if TYPE_CHECKING:
    from titan_sdk.client import TitanClient

T = TypeVar("T")
Command = Callable[..., None]
CONTEXT = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


@dataclass(frozen=True)
class Reach:
    """A call of a command that needs the cluster."""

    edge: Edge
    namespace: Namespace = None
    context: Context = None

    @functools.cached_property
    def client(self) -> "TitanClient":
        """The client, made on first use."""
        return self.edge.connect(self.namespace, self.context)


class Answers:
    """A call of a command that answers either people or machines."""

    as_json: bool

    def answer(self, document: object, *lines: str) -> None:
        """The document for machines, the lines for people."""
        if self.as_json:
            emit_json(document)
            return
        for line in lines:
            say(line)

    def answer_with_table(
        self,
        found: Sequence[T],
        headers: Sequence[str],
        row: Callable[[T, datetime], Sequence[str]],
        nothing: str,
    ) -> None:
        """A list for machines; for people a line for each item, as ``row`` makes it now, or that there is nothing."""
        if not found or self.as_json:
            self.answer(found, nothing)
            return
        now = datetime.now(UTC)
        print_columns(headers, [row(one, now) for one in found])


@dataclass(frozen=True)
class Call(Reach, Answers):
    """A call of a command that asks the cluster and answers."""

    as_json: AsJson = False


def as_command(function: Command) -> Command:
    """The function as typer takes it: after its own arguments come the fields of the call that it takes first."""
    first, *own = inspect.signature(function).parameters.values()
    _, *shared = inspect.signature(first.annotation).parameters.values()

    @functools.wraps(function)
    def command(ctx: typer.Context, **given: Any) -> None:
        options = {one.name: given.pop(one.name) for one in shared}
        function(first.annotation(ctx.obj, **options), **given)

    return declare(command, [CONTEXT, *own, *shared])
