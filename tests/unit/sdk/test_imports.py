"""Importing the SDK costs a program next to nothing, and every public name is there."""

import subprocess
import sys
from importlib import import_module

import pytest

import titan_sdk
from titan_sdk import errors

HEAVY = ("kubernetes", "pydantic", "aiohttp", "urllib3", "rich", "typer", "yaml", "mcp", "titan_sdk.testing")


@pytest.mark.parametrize(
    "program",
    [
        "import titan_sdk",
        "from titan_sdk import TitanClient, TitanJob; TitanClient()",
        "from titan_sdk.titan_sdk import TitanClient, TitanJob, TITAN_HOST, TITAN_PORT",
    ],
    ids=["the package", "a client that nobody used yet", "the legacy module"],
)
def test_no_heavy_package_is_loaded_before_it_is_needed(program):
    check = f"{program}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_cluster_in_memory_needs_none_of_them_either():
    program = (
        "from titan_sdk import TitanJob\nfrom titan_sdk.testing import FakeCluster\n"
        "with FakeCluster() as cluster:\n"
        "    client = cluster.client()\n"
        "    assert client.wait(client.submit_dag('x', [TitanJob('a', script_content='1')])).succeeded"
    )
    check = f"{program}\nimport sys\nprint([name for name in {HEAVY[:-1]!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["titan_sdk.titan_yaml_parser", "titan_sdk.titan_mcp_server"])
def test_the_other_modules_of_the_earlier_titan_are_there(module):
    assert import_module(module)


def test_every_public_name_can_be_had():
    for name in titan_sdk.__all__:
        assert getattr(titan_sdk, name).__name__ == name
    assert set(titan_sdk.__all__) <= set(dir(titan_sdk))


def test_a_name_that_does_not_exist_is_refused_as_python_does():
    with pytest.raises(AttributeError, match="no attribute 'TitanKlient'"):
        getattr(titan_sdk, "Titan" + "Klient")


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.TitanUnavailable, OSError),
        (errors.TitanNotConfigured, OSError),
        (errors.TitanTimeout, TimeoutError),
        (errors.TitanNotFound, LookupError),
        (errors.TitanInvalid, ValueError),
        (errors.TitanForbidden, errors.TitanError),
        (errors.TitanConflict, errors.TitanError),
    ],
)
def test_every_error_is_a_titan_error_and_what_python_programs_expect(kind, builtin):
    error = kind("why")
    assert isinstance(error, errors.TitanError)
    assert isinstance(error, builtin)
    assert str(error) == "why"
