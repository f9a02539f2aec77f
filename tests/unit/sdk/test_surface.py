"""What programs may rely on, name by name: the recorded list changes only together with the code, and on purpose.

``python tests/unit/sdk/test_surface.py`` writes ``surface.txt`` anew. Whoever removes or changes a line there breaks
programs of users; a new name, or a new argument with a default, is a new line and breaks nobody.
"""

import dataclasses
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import titan_sdk
from titan_sdk import TitanJob, titan_mcp_server, titan_yaml_parser
from titan_sdk import titan_sdk as legacy_module
from titan_sdk.dashboards import Way
from titan_sdk.testing import FakeCluster

RECORDED = Path(__file__).with_name("surface.txt")


def test_the_public_surface_is_the_recorded_one() -> None:
    assert RECORDED.read_text().splitlines() == list(surface())


def surface() -> Iterator[str]:
    """Every public name; of what can be called also its arguments and what it returns, each on a line."""
    for name in titan_sdk.__all__:
        yield from _class(f"titan_sdk.{name}", getattr(titan_sdk, name))
    yield from (f"titan_sdk.TitanJob.{name}" for name in vars(TitanJob("a", script_content="1")))
    with FakeCluster() as cluster:
        client = cluster.client()
    for name in ("dags", "files", "store"):
        yield from _members(f"client.{name}", type(getattr(client, name)))
    for owner, name in ((client.store, "Value"), (client.files, "FileView")):
        yield from _class(name, getattr(sys.modules[type(owner).__module__], name))
    yield from _class("Way", Way)
    for name in legacy_module.__all__:
        yield f"titan_sdk.titan_sdk.{name}: {type(getattr(legacy_module, name)).__name__}"
    yield from _class("titan_yaml_parser.TitanYAMLParser", titan_yaml_parser.TitanYAMLParser)
    for name, tool in sorted(vars(titan_mcp_server).items()):
        if name in ("build_server", "main") or (name.startswith("_") and name.endswith("_impl")):
            yield from _call(f"titan_mcp_server.{name}", tool)


def _class(name: str, kind: type) -> Iterator[str]:
    if dataclasses.is_dataclass(kind):
        yield from (f"{name}.{field.name}: {field.type}" for field in dataclasses.fields(kind))
    elif issubclass(kind, Exception):
        yield f"{name}({', '.join(base.__name__ for base in kind.__mro__[1:-2])})"
    else:
        yield from _call(name, kind)
        annotations = inspect.get_annotations(kind).items()
        yield from (f"{name}.{member}: {annotation}" for member, annotation in annotations if member[0] != "_")
    yield from _members(name, kind)


def _members(name: str, kind: type) -> Iterator[str]:
    """The public methods and properties of a class, those of its bases included."""
    builtin = {member for base in kind.__mro__ if base.__module__ == "builtins" for member in vars(base)}
    for member in sorted(set(dir(kind)) - builtin):
        value = getattr(kind, member)
        if member.startswith("_"):
            continue
        if inspect.isfunction(value):
            yield from _call(f"{name}.{member}", value)
        elif isinstance(value, property) and value.fget is not None:
            yield f"{name}.{member}: {inspect.signature(value.fget).return_annotation}"


def _call(name: str, call: Callable[..., object]) -> Iterator[str]:
    signature = inspect.signature(call)
    yield f"{name}() -> {_shown(signature.return_annotation)}"
    for place, argument in enumerate(signature.parameters.values()):
        default = "" if argument.default is argument.empty else f" = {argument.default!r}"
        by_name_alone = argument.kind in (argument.KEYWORD_ONLY, argument.VAR_KEYWORD)
        if argument.name != "self":
            where = "by name" if by_name_alone else f"{place}"
            yield f"{name}({where}) {argument.name}: {_shown(argument.annotation)}{default}"


def _shown(annotation: object) -> str:
    return (
        annotation.__name__ if isinstance(annotation, type) and annotation.__module__ == "builtins" else f"{annotation}"
    )


if __name__ == "__main__":
    RECORDED.write_text("".join(f"{line}\n" for line in surface()))
