"""Functions that take the fields of a job one by one, for libraries that make an interface of a function's signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
GIVEN = "given"


def take_one_by_one(function: Callable[..., T], parameters: Iterable[inspect.Parameter]) -> Callable[..., T]:
    """The function with these parameters in place of its own parameter ``given``.

    It gets them there as a dict, without those that are None: what nobody said keeps TitanJob's default.
    """
    added = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    names = {one.name for one in added}

    @functools.wraps(function)
    def taking(*args: Any, **kwargs: Any) -> T:
        given = {name: value for name, value in kwargs.items() if name in names and value is not None}
        others = {name: value for name, value in kwargs.items() if name not in names}
        return function(*args, **others, **{GIVEN: given})

    own = inspect.signature(function)
    kept = [one for one in own.parameters.values() if one.name != GIVEN]
    before = [one for one in kept if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    after = [one for one in kept if one.kind is inspect.Parameter.KEYWORD_ONLY]
    together = [*before, *added, *after]
    annotations = {one.name: one.annotation for one in together} | {"return": own.return_annotation}
    # typing.get_type_hints reads the annotations, and inspect the signature.
    taking.__annotations__ = annotations
    vars(taking)["__signature__"] = own.replace(parameters=together)
    return taking
