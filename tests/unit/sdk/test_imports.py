"""Importing the SDK costs a program next to nothing, and every public name is there."""

import subprocess
import sys

import pytest

import titan_sdk
from titan_sdk import errors

HEAVY = ("kubernetes", "pydantic", "aiohttp", "urllib3", "rich", "typer", "yaml")


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
