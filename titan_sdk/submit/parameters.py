"""Functions that are told their parameters, for libraries that make an interface of a function's signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
GIVEN = "given"


def declare(function: Callable[..., T], parameters: Iterable[inspect.Parameter]) -> Callable[..., T]:
    """The function itself, which from now on says that it takes these parameters, each by its name."""
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    # typing.get_type_hints reads the annotations, and inspect the signature.
    function.__annotations__ = {one.name: one.annotation for one in named}
    vars(function)["__signature__"] = inspect.Signature(named)
    return function


def take_one_by_one(function: Callable[..., T], parameters: Iterable[inspect.Parameter]) -> Callable[..., T]:
    """The function with these parameters in place of its own parameter ``given``.

    It gets them there as a dict, without those that are None: what nobody said keeps TitanJob's default.
    """
    added = list(parameters)
    names = {one.name for one in added}

    @functools.wraps(function)
    def taking(*args: Any, **kwargs: Any) -> T:
        given = {name: value for name, value in kwargs.items() if name in names and value is not None}
        others = {name: value for name, value in kwargs.items() if name not in names}
        return function(*args, **others, **{GIVEN: given})

    together: list[inspect.Parameter] = []
    for one in inspect.signature(function).parameters.values():
        together.extend(added if one.name == GIVEN else [one])
    return declare(taking, together)
