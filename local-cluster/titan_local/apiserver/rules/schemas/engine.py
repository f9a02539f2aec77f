"""The CEL engine: compiles a rule once, evaluates it often.

The package common-expression-language loads a command line (prompt_toolkit, typer, rich; 0.35 s) with its first
import. Only the compiled extension inside it is wanted, so that alone is loaded, in 0.03 s.
"""

import importlib.machinery
import importlib.util
from functools import cache, lru_cache
from typing import Any

_PACKAGE, _EXTENSION = "cel", "cel.cel"
_FAILURES = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
"""What the engine raises for rules and values that it cannot handle."""


class RuleError(Exception):
    """The text is no CEL, or cannot be evaluated for a value; the message says why."""


class Bindings:
    """Variables of rules. They are converted once, which costs a hundred times what a rule costs."""

    def __init__(self, variables: dict[str, Any]) -> None:
        self.converted = _engine().Context(variables=variables)


def check_syntax(rule: str) -> None:
    """Raise RuleError for what is no CEL."""
    _compile(rule)


def evaluate(rule: str, bindings: Bindings) -> Any:
    """The value of an expression. Raises RuleError."""
    program = _compile(rule)
    try:
        return program.execute(bindings.converted)
    except KeyError as error:
        raise RuleError(f"no such key: {error.args[0]}") from error
    except _FAILURES as error:
        raise RuleError(str(error)) from error


@lru_cache(maxsize=1024)
def _compile(rule: str) -> Any:
    try:
        return _engine().compile(rule)
    except _FAILURES as error:
        raise RuleError(str(error)) from error


@cache
def _engine() -> Any:
    package = importlib.util.find_spec(_PACKAGE)
    locations = package.submodule_search_locations if package is not None else None
    spec = importlib.machinery.PathFinder.find_spec(_EXTENSION, locations)
    if spec is None or spec.loader is None:
        raise ImportError("the package common-expression-language is not installed; reinstall titan-k8s[local]")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
