"""A page of the docs as a list of blocks, and what each block asks a reader to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ANYTHING = "…"
"""In shown output: whatever may differ from run to run. Alone on a line it stands for any number of lines."""
PROMPT = "$ "
FILE_KINDS = frozenset({"python", "yaml", "json", "sh", "toml", "text"})
"""Kinds that become a file where a title names one."""
SHOWN_KINDS = frozenset({"dockerfile", "text", "mermaid"})
"""Kinds that are only looked at."""

_FENCE = re.compile(r"(?P<indent>\s*)```(?P<kind>\w*)(?P<rest>.*)")
_TITLE = re.compile(r'title="([^"]+)"')
_OTHER = re.compile(r"<!-- other product: (.+) -->")


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    kind: str
    text: str
    line: int
    title: str | None = None
    other: str | None = None
    """The product whose code it is: such a block is not run here."""
    is_indented: bool = False


@dataclass(frozen=True)
class Step:
    """One command of a console block."""

    command: str
    shown: str | None
    """What the page shows as its output; None if it shows nothing."""
    may_fail: bool
    """The page goes on to show the exit code."""


def read_blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    return list(_blocks(page.read_text(encoding="utf-8").splitlines()))


def has_own_cluster(page: Path) -> bool:
    """Whether the page starts and stops a cluster, so that it must not be the one that others use."""
    return "<!-- cluster: own -->" in page.read_text(encoding="utf-8")


def read_steps(block: Block) -> list[Step]:
    """The commands of a console block with their outputs."""
    parts = re.split(rf"^{re.escape(PROMPT)}", block.text, flags=re.MULTILINE)
    assert not parts[0], f"line {block.line}: a console block begins with a command"
    commands = [part.partition("\n") for part in parts[1:]]
    following = [command for command, _, _ in commands[1:]] + [""]
    return [
        Step(command, shown.rstrip("\n") or None, after == "echo $?")
        for (command, _, shown), after in zip(commands, following, strict=True)
    ]


def matches(shown: str, printed: str) -> bool:
    """Whether a program printed what the page shows. Columns may be of other widths."""
    pattern = "\n".join(_line_pattern(line) for line in shown.rstrip().splitlines())
    pattern = pattern.replace("ANY_LINES\n", r"(?:.*\n)*").replace("\nANY_LINES", r"(?:\n.*)*")
    pattern = pattern.replace("ANY_LINES", r"(?:.|\n)*")
    cleaned = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, cleaned) is not None


def _line_pattern(line: str) -> str:
    if line.strip() == ANYTHING:
        return "ANY_LINES"
    pieces = [re.sub(r"(?:\\ )+", r"[ ]+", re.escape(piece)) for piece in line.rstrip().split(ANYTHING)]
    return ".*".join(pieces)


def _blocks(lines: list[str]) -> Iterator[Block]:
    opened: Block | None = None
    content: list[str] = []
    remark = ""
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.fullmatch(line)
        if opened is not None and fence is not None and not fence["kind"] and not fence["rest"].strip():
            yield Block(**(vars(opened) | {"text": "\n".join(content) + "\n"}))
            opened, content, remark = None, [], ""
        elif opened is not None:
            content.append(line)
        elif fence is not None:
            title, other = _TITLE.search(fence["rest"]), _OTHER.fullmatch(remark)
            opened = Block(
                fence["kind"], "", number, title and title[1], other and other[1], is_indented=bool(fence["indent"])
            )
        elif line.strip():
            remark = line.strip()
    assert opened is None, f"the block of line {opened and opened.line} has no end"
