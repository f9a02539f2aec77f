"""A reader who does what a page says, block by block, in an empty directory."""

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml
from builders.docs.pages import FILE_KINDS, SHOWN_KINDS, Block, Step, matches, read_steps

INTERPRETER = Path(__file__).with_name("interpreter.py")
LIMIT_SECONDS = 100


class Reader:
    """Keeps one Python session and one directory for a whole page. A context manager."""

    def __init__(self, directory: Path, env: Mapping[str, str]) -> None:
        self._directory = directory
        self._env = dict(env)
        self._printed: str | None = None
        self._errors = directory.with_name("errors.txt")
        command = [sys.executable, str(INTERPRETER)]
        with self._errors.open("w") as errors:
            self._python = subprocess.Popen(
                command,
                cwd=directory,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._python.kill()
        self._python.communicate()

    def follow(self, block: Block) -> None:
        """Do what the block says. Raises AssertionError where the page is not true."""
        printed, self._printed = self._printed, None
        if block.other is not None:
            return
        if block.kind == "output":
            assert printed is not None, f"line {block.line}: an output must follow a program"
            assert matches(block.text, printed), _difference(block.line, block.text, printed)
        elif block.title is not None and block.kind in FILE_KINDS:
            target = self._directory / block.title
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.kind == "python":
            self._printed = self._run(block)
        elif block.kind == "console":
            self._type(block)
        elif block.kind == "yaml":
            list(yaml.safe_load_all(block.text))
        else:
            assert block.kind in SHOWN_KINDS, (
                f"line {block.line}: nobody knows how to run a block of kind {block.kind!r}"
            )

    def _run(self, block: Block) -> str:
        assert self._python.stdin is not None and self._python.stdout is not None
        asked = {"source": block.text, "name": f"<line {block.line}>"}
        self._python.stdin.write(json.dumps(asked) + "\n")
        self._python.stdin.flush()
        answer = self._python.stdout.readline()
        assert answer, f"line {block.line}:\n{self._errors.read_text()}"
        return str(json.loads(answer))

    def _type(self, block: Block) -> None:
        """All commands of a block in one shell, so that exports and ``$?`` are what a reader would have."""
        steps = read_steps(block)
        folder = self._directory / ".console"
        folder.mkdir(exist_ok=True)
        script = "\n".join(_captured(step, folder, number) for number, step in enumerate(steps))
        command = ["bash", "-c", script]
        subprocess.run(command, cwd=self._directory, env=self._env, timeout=LIMIT_SECONDS, stdin=subprocess.DEVNULL)
        for number, step in enumerate(steps):
            printed = (folder / f"{number}.out").read_text(encoding="utf-8", errors="replace")
            code = int((folder / f"{number}.code").read_text())
            assert code == 0 or step.may_fail, f"line {block.line}: {step.command}: exit code {code}\n{printed}"
            shown = step.shown
            assert shown is None or matches(shown, printed), _difference(block.line, shown, printed, step.command)


def _captured(step: Step, folder: Path, number: int) -> str:
    """The command with its output and exit code in files; the code is also left behind for the next command."""
    out, code = (shlex.quote(str(folder / f"{number}.{ending}")) for ending in ("out", "code"))
    return f"{{ {step.command}\n}} >{out} 2>&1\n__code=$?; echo $__code >{code}; (exit $__code)"


def _difference(line: int, shown: str, printed: str, command: str = "") -> str:
    return f"line {line}: {command}\n--- the page shows\n{shown}\n--- but this was printed\n{printed}"
