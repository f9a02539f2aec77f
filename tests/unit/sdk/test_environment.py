"""Where the store is, from variables and from what old programs change."""

import subprocess
import sys
from pathlib import Path

import pytest

from titan_sdk.cluster.environment import resolve

HOME = Path("/home/anna")
UNCHANGED = (None, None)

ADDRESSES = {
    "nothing": ({}, UNCHANGED, None),
    "a URL": ({"TITAN_STORE_URL": "https://store.example/"}, UNCHANGED, "https://store.example"),
    "a URL wins over host and port": (
        {"TITAN_STORE_URL": "http://a:1", "TITAN_HOST": "b", "TITAN_PORT": "2"}, UNCHANGED, "http://a:1",
    ),
    "a host alone": ({"TITAN_HOST": "titan.lan"}, UNCHANGED, "http://titan.lan:9090"),
    "host and port": ({"TITAN_HOST": "titan.lan", "TITAN_PORT": "99"}, UNCHANGED, "http://titan.lan:99"),
    "a port alone": ({"TITAN_PORT": "99"}, UNCHANGED, "http://127.0.0.1:99"),
    "an IPv6 host": ({"TITAN_HOST": "::1"}, UNCHANGED, "http://[::1]:9090"),
    "an empty host": ({"TITAN_HOST": "", "TITAN_STORE_URL": ""}, UNCHANGED, None),
    "a changed global host": ({"TITAN_STORE_URL": "http://a:1"}, ("b", None), "http://b:9090"),
    "a changed global port": ({"TITAN_HOST": "a"}, (None, 77), "http://a:77"),
    "both globals changed": ({}, ("b", 77), "http://b:77"),
}  # fmt: skip


@pytest.mark.parametrize(("variables", "changed", "url"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_the_address_of_the_store_is_found(variables, changed, url):
    assert resolve(variables, changed, HOME).store_url == url


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"TITAN_HOST": "a", "TITAN_PORT": "tcp://10.0.0.1:9090"}, "http://a:9090"),
        ({"TITAN_HOST": "a", "TITAN_PORT": "0"}, "http://a:9090"),
        ({"TITAN_PORT": "tcp://10.0.0.1:9090"}, None),
    ],
    ids=["what Kubernetes injects", "a number that is no port", "alone it names no store"],
)
def test_a_port_that_is_none_is_ignored_with_a_warning(variables, url):
    with pytest.warns(RuntimeWarning, match="is no port number"):
        assert resolve(variables, UNCHANGED, HOME).store_url == url


def test_everything_else_comes_from_variables_too():
    found = resolve(
        {"TITAN_STORE_TOKEN_FILE": "/run/token", "TITAN_NAMESPACE": "team", "KUBECONFIG": "/k", "TITAN_HOME": "/t"},
        UNCHANGED,
        HOME,
    )
    assert (found.store_token_file, found.namespace) == (Path("/run/token"), "team")
    assert (found.kubeconfig, found.titan_home) == ("/k", Path("/t"))
    assert resolve({}, UNCHANGED, HOME).titan_home == HOME / ".titan"


def test_the_legacy_globals_are_read_at_each_call_and_win_when_changed():
    program = """
import titan_sdk.titan_sdk as legacy
from titan_sdk.cluster.environment import read_environment
print(legacy.TITAN_HOST, legacy.TITAN_PORT, read_environment().store_url)
legacy.TITAN_HOST, legacy.TITAN_PORT = "other", 1234
print(read_environment().store_url)
"""
    environment = {"TITAN_HOST": "first", "TITAN_PORT": "99", "PATH": ""}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["first 99 http://first:99", "http://other:1234"]
