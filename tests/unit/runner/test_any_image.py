"""Images with Python and nothing of Titan's: the runner and the SDK are brought along, and Python 3.9 is enough."""

import ast
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from builders.runner.log_store import LogStore
from builders.runner.old_pythons import NEWER, find_python39, make_tree, portable_modules
from builders.runner.runner_process import RunnerProcess, inline
from titan_operator.plan.runners import CARRIED_PATH, RUN_CARRIED

Start = Callable[..., RunnerProcess]
PYTHON = find_python39()
# Never skipped in CI, which fetches one: there the tests fail without it.
with_python39 = pytest.mark.skipif(
    PYTHON is None and not os.environ.get("CI"), reason="no Python 3.9: run `python3 -m tools.old_python`"
)

STORE_PART = """
from titan_sdk import TitanClient
from titan_sdk.connections import Connections

class Body:
    status, headers = 200, {"etag": '"1"'}
    def __init__(self, body): self.left = [body]
    def read(self): return self.left.pop() if self.left else b""
    def close(self): pass

class Store:
    values = {}
    def open(self, request):
        if request.method == "PUT":
            self.values[request.url] = request.body
        return Body(b"" if request.method == "PUT" else self.values[request.url])

client = TitanClient("team", connections=Connections("team", store_transport=Store()))
print(client.store_put("key", "a value"), client.store_get("key"))
"""
IMPORTS = f"""
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
for file in sorted([*root.glob("titan_sdk/**/*.py"), *root.glob("titan_api/**/*.py")], key=lambda file: file.stem):
    path = file.relative_to(root)
    if not path.as_posix().startswith({NEWER}):
        try:
            importlib.import_module(".".join(path.with_suffix("").parts))
        except OSError as error:
            print(error)
        except ModuleNotFoundError as error:
            print(file.stem, error)
"""


def run_carried(tree: Path) -> list[str]:
    """The operator's command with the machine's 3.9; the tree cannot be at the path that it has in a pod."""
    assert PYTHON is not None, "run `python3 -m tools.old_python`"
    return [PYTHON, *(word.replace(CARRIED_PATH, str(tree)) for word in RUN_CARRIED[1:])]


@pytest.mark.parametrize("module", portable_modules(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_modules_that_are_brought_along_are_written_for_python_3_9(module: Path) -> None:
    text = module.read_text()
    tree = ast.parse(text, feature_version=(3, 9))
    future = "from __future__ import annotations" in text
    assert future or not any(isinstance(node, ast.BinOp | ast.AnnAssign | ast.arg) for node in ast.walk(tree))
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert not any(call.func.id == "zip" and call.keywords for call in calls), "zip knows `strict` since 3.10"


@with_python39
def test_a_job_runs_on_python_3_9_and_its_program_can_import_the_sdk(
    start: Start, store: LogStore, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "titan")
    program = "import sys, titan_sdk; print(sys.version_info[:2], titan_sdk.TitanJob.__name__)"
    ending = start(inline(program), command=run_carried(tree)).finish()
    assert (ending.code, ending.stdout, ending.stderr) == (0, b"(3, 9) TitanJob\n", b"")
    assert bytes(store.content.log) == ending.stdout


@with_python39
def test_what_an_image_has_on_its_pythonpath_stays_in_front(start: Start, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "titan")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/mine.py").write_text("WORD = 'mine'\n")
    program = "import mine, titan_sdk; print(mine.WORD)"
    environment = {"PYTHONPATH": str(tmp_path / "own")}
    ending = start(inline(program), command=run_carried(tree), environment=environment).finish()
    assert (ending.code, ending.stdout) == (0, b"mine\n")


@with_python39
def test_values_are_stored_and_read_on_python_3_9_with_no_other_package(tmp_path: Path) -> None:
    assert _run(STORE_PART, tmp_path) == "OK a value\n"


@with_python39
def test_what_needs_more_packages_says_so_in_one_sentence(tmp_path: Path) -> None:
    assert _run(IMPORTS, tmp_path).splitlines() == [
        "carried No module named 'urllib3'",
        "a pipeline in YAML needs the package PyYAML, which this Python lacks: `pip install titan-k8s` brings it",
        "a kubeconfig with a credential plugin needs the package kubernetes, which this Python lacks: "
        "`pip install titan-k8s` brings it",
        "a pipeline in YAML needs the package PyYAML, which this Python lacks: `pip install titan-k8s` brings it",
        "a pipeline in YAML needs the package PyYAML, which this Python lacks: `pip install titan-k8s` brings it",
    ]


def _run(program: str, directory: Path) -> str:
    tree = make_tree(directory / "titan")
    assert PYTHON is not None
    # Isolated but for the tree: whatever else this Python has installed is no part of an image.
    before = f"import sys; sys.path.insert(0, {str(tree)!r})\n"
    command = [PYTHON, "-I", "-S", "-c", before + program, str(tree)]
    environment = {"TITAN_STORE_URL": "http://store:1", "TITAN_STORE_TOKEN_FILE": __file__}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout
