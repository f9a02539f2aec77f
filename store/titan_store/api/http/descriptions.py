"""The docstrings of models' fields, read from their source: only the OpenAPI document needs them."""

import ast
import functools
import inspect
import sys

from pydantic import BaseModel


def describe_fields(model: type[BaseModel]) -> dict[str, str]:
    """Docstrings by the names that fields have outside."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        found |= _read_module(base.__module__).get(base.__qualname__, {})
    aliases = {name: field.alias or name for name, field in model.model_fields.items()}
    return {aliases[name]: text for name, text in found.items() if name in aliases}


@functools.cache
def _read_module(module: str) -> dict[str, dict[str, str]]:
    """By class, then by field."""
    if not module.startswith("titan_store."):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _read_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _read_class(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, text in zip(node.body, node.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = inspect.cleandoc(words)
    return found
