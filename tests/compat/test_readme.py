"""README.md is the table of promises: each has its test, each test its promise, each program its test."""

import ast
import re
from pathlib import Path

FOLDER = Path(__file__).parent
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`(test_\w+\.py::test_\w+)`")
DEFECTS = {f"D{number}" for number in range(1, 15)}
CALLS = [
    "submit_dag",
    "submit_job",
    "submit_yaml",
    "get_job_status",
    "fetch_logs",
    "upload_file",
    "upload_project_folder",
    "fetch_artifact",
    "publish_artifact",
    "get_artifact",
    "deploy_script",
    "store_put",
    "store_get",
    "store_sadd",
    "store_smembers",
    "stop_service",
    "wait",
    "cancel",
    "retry",
    "stream_logs",
    "list_dags",
    "pending_approvals",
    "approve",
    "reject",
    "delete_key",
    "list_keys",
    "increment",
    "compare_and_set",
]


def read_rows() -> list[tuple[str, str, list[str]]]:
    rows = ROW.findall((FOLDER / "README.md").read_text())
    return [(row, promise, NAME.findall(tests)) for row, promise, tests in rows]


def find_tests() -> set[str]:
    files = [file for file in FOLDER.glob("test_*.py") if file != Path(__file__)]
    functions = [(file, node) for file in files for node in ast.parse(file.read_text()).body]
    return {f"{file.name}::{node.name}" for file, node in functions if getattr(node, "name", "").startswith("test_")}


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    rows = read_rows()
    assert [row for row, _, tests in rows if not tests] == []
    assert {test for _, _, tests in rows for test in tests} == find_tests()


def test_rows_are_counted_once_and_all_defects_and_calls_are_among_them() -> None:
    rows = [row for row, _, _ in read_rows()]
    assert len(rows) == len(set(rows))
    assert {row for row in rows if row.startswith("D")} == DEFECTS
    promises = " ".join(promise for row, promise, _ in read_rows() if row.startswith("C"))
    assert [call for call in CALLS if f"`{call}`" not in promises] == []


def test_every_program_is_run_by_a_test() -> None:
    texts = "".join(file.read_text() for file in FOLDER.glob("test_*.py"))
    programs = {file.name for file in (FOLDER / "programs").glob("*.py")} - {"habits.py"}
    assert {name for name in programs if f'"{name}"' not in texts} == set()
