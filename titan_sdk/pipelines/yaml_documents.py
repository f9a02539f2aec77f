"""Reading YAML so that every complaint names file, line and key.

The document is kept as nodes, which know where they stand; values are made of them one by one, each with the type
that its key asks for. A key that nobody knows is refused: a misspelled ``depends_on`` must not run a job too early.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from titan_sdk.transport.installations import needing

with needing("PyYAML", "a pipeline in YAML"):
    import yaml

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
T = TypeVar("T")


class Mappings:
    """One mapping of a YAML file."""

    def __init__(self, path: Path, what: str, node: yaml.MappingNode, nodes: Mapping[str, yaml.Node]) -> None:
        self._path = path
        self._what = what
        self._node = node
        self._nodes = nodes

    @property
    def keys(self) -> Collection[str]:
        """The keys that are there."""
        return self._nodes.keys()

    def refuse(self, problem: str, key: str | None = None) -> ValueError:
        """The error that names file, line and key."""
        node = self._nodes.get(key, self._node) if key is not None else self._node
        about = f"{self._what}, {key}" if key is not None else self._what
        return ValueError(f"{self._path}, line {node.start_mark.line + 1}: {about}: {problem}")

    def check_keys(self, known: Collection[str]) -> None:
        """Raise ValueError for a key that is not known; keys that begin with ``x-`` are the author's own."""
        for key in self._nodes:
            if key not in known and not key.startswith("x-"):
                close = difflib.get_close_matches(key, known, 1)
                raise self.refuse(f"this key is not known{f'; is {close[0]!r} meant?' if close else ''}", key)

    def text(self, key: str) -> str | None:
        """A text, or a number as its text; None if the key is absent or empty."""
        value = self._value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise self.refuse(f"must be a text, not {_shown(value)}", key)
        return str(value)

    def number(self, key: str) -> float | None:
        """A number; None if the key is absent or empty."""
        value = self._value(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or value != value):
            raise self.refuse(f"must be a number, not {_shown(value)}", key)
        return value

    def integer(self, key: str) -> int | None:
        """A whole number; None if the key is absent or empty."""
        value = self.number(key)
        if value is not None and (value in (float("inf"), float("-inf")) or int(value) != value):
            raise self.refuse(f"must be a whole number, not {_shown(value)}", key)
        return None if value is None else int(value)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(f"must be true or false, not {_shown(value)}", key)
        return value

    def texts(self, key: str) -> list[str] | None:
        """A list of texts; one text alone stands for a list of one. None if the key is absent or empty."""
        value = self._value(key)
        items = value if isinstance(value, list) else [value]
        if value is None:
            return None
        if any(isinstance(item, bool) or not isinstance(item, (str, int, float)) for item in items):
            raise self.refuse(f"must be a list of texts, not {_shown(value)}", key)
        return [str(item) for item in items]

    def is_list(self, key: str) -> bool:
        """Whether the key has a list."""
        return isinstance(self._value(key), list)

    def mapping(self, key: str) -> dict[str, Any] | None:
        """A mapping from texts to texts, numbers or further mappings; None if the key is absent or empty."""
        value = self._value(key)
        if value is not None and (not isinstance(value, dict) or not all(isinstance(name, str) for name in value)):
            raise self.refuse(f"must be a mapping with texts as keys, not {_shown(value)}", key)
        return value

    def mappings(self, key: str, what: str) -> list[Mappings]:
        """The list of mappings under a key, each called by ``what`` and its number."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse("must be a list", key)
        return [_read_mapping(self._path, f"{what} {number}", item) for number, item in enumerate(node.value, start=1)]

    def renamed(self, what: str) -> Mappings:
        """The same mapping under a name that says more."""
        return Mappings(self._path, what, self._node, self._nodes)

    def _value(self, key: str) -> Any:
        node = self._nodes.get(key)
        if node is None:
            return None
        try:
            _check_depth(node)
            return yaml.SafeLoader("").construct_object(node, deep=True)
        except (yaml.YAMLError, _TooDeepError) as error:
            raise self.refuse(_words_of(error), key) from error
        except ValueError as error:
            # PyYAML lets a date such as 2026-13-45 through to Python's own error.
            raise self.refuse(str(error), key) from error


def read_mapping(path: Path, what: str) -> Mappings:
    """The mapping that a file holds. Raises FileNotFoundError, and ValueError naming file and line."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path}: {len(content)} bytes are too many for a pipeline, {MAX_BYTES} is the limit")
    try:
        node = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: the file is no UTF-8 (byte {error.start})") from error
    except RecursionError as error:
        raise ValueError(f"{path}: the file is nested too deeply") from error
    except yaml.YAMLError as error:
        raise ValueError(f"{path}{_line_of(error)}: {_words_of(error)}") from error
    if node is None:
        raise ValueError(f"{path}: the file is empty")
    return _read_mapping(path, what, node)


def _read_mapping(path: Path, what: str, node: yaml.Node) -> Mappings:
    line = f"{path}, line {node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        raise ValueError(f"{line}: {what} must be a mapping of keys to values")
    _check_keys(path, what, node)
    try:
        _check_depth(node)
        yaml.SafeLoader("").flatten_mapping(node)
    except (yaml.YAMLError, _TooDeepError) as error:
        raise ValueError(f"{line}: {what}: {_words_of(error)}") from error
    # Where keys were merged in, the mapping's own come last and win.
    return Mappings(path, what, node, {str(key.value): value for key, value in node.value})


class _TooDeepError(Exception):
    """A value within a value within a value."""


def _check_depth(node: yaml.Node) -> None:
    """Bound the nesting, which making values of nodes follows recursively; an alias to itself is endless."""
    frontier, seen = [(node, 0)], set()
    while frontier:
        current, level = frontier.pop()
        if level > MAX_DEPTH:
            raise _TooDeepError("is nested too deeply")
        for child in _children(current):
            if (id(child), level) not in seen:
                # Aliases are shared, so each node is visited once a level at most.
                seen.add((id(child), level))
                frontier.append((child, level + 1))


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _check_keys(path: Path, what: str, node: yaml.MappingNode) -> None:
    """PyYAML takes the last of two equal keys without a word, which hides mistakes."""
    seen: set[str] = set()
    for key, _ in node.value:
        line = f"{path}, line {key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise ValueError(f"{line}: {what}: keys must be texts")
        if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
            raise ValueError(f"{line}: {what}, {key.value}: given twice")
        seen.add(key.value)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _shown(value: object) -> str:
    """A value in an error; only its beginning, and nothing of what is nested in it."""
    return f"a {type(value).__name__}" if isinstance(value, (dict, list)) else repr(value)[:80]


def _line_of(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark is not None else ""


def _words_of(error: Exception) -> str:
    return " ".join(str(getattr(error, "problem", None) or error).split())
