"""Credentials that a program tells."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from titan_kube.config import Config, Plugin
from titan_kube.credentials import Credentials
from titan_kube.errors import ConfigurationError

VERSION = "client.authentication.k8s.io/v1"


def plugin(directory: Path, script: str, *arguments: str, wants_cluster: bool = False) -> Config:
    """A program that counts its runs and keeps what it was told."""
    program = directory / "plugin"
    program.write_text(f'#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> "{directory}/runs"\n{script}\n')
    program.chmod(0o700)
    environment = (("NAME", "team"),)
    found = Plugin("ann", VERSION, str(program), arguments, environment, wants_cluster)
    return Config("https://api", authority="PEM", plugin=found)


def runs(directory: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (directory / "runs").read_text().splitlines()]


def credential(**status: str) -> str:
    return f"cat <<END\n{json.dumps({'kind': 'ExecCredential', 'status': status})}\nEND"


async def test_a_token_is_asked_for_once_while_it_lasts(tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = plugin(tmp_path, credential(token="t", expirationTimestamp=later))
    credentials = Credentials(lambda: config)
    assert [await credentials.headers() for _ in range(3)] == [{"Authorization": "Bearer t"}] * 3
    assert runs(tmp_path) == [{"apiVersion": VERSION, "kind": "ExecCredential", "spec": {"interactive": False}}]


@pytest.mark.parametrize("seconds", [-3600, 5])
async def test_a_token_that_expires_soon_is_asked_for_again(tmp_path: Path, seconds: int) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = plugin(tmp_path, credential(token="t", expirationTimestamp=soon))
    credentials = Credentials(lambda: config)
    for _ in range(3):
        await credentials.headers()
    assert len(runs(tmp_path)) == 3


async def test_a_request_that_gives_up_leaves_a_slow_program_running_for_the_next_one(tmp_path: Path) -> None:
    script = f'while [ ! -e "{tmp_path}/go" ]; do sleep 0.01; done\n{credential(token="t")}'
    config = plugin(tmp_path, script)
    credentials = Credentials(lambda: config)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await credentials.headers()
    (tmp_path / "go").touch()
    assert await credentials.headers() == {"Authorization": "Bearer t"}
    assert len(runs(tmp_path)) == 1


async def test_a_token_that_was_refused_is_asked_for_again(tmp_path: Path) -> None:
    config = plugin(tmp_path, credential(token="t"))
    credentials = Credentials(lambda: config)
    await credentials.headers()
    credentials.renew()
    await credentials.headers()
    assert len(runs(tmp_path)) == 2


async def test_arguments_variables_and_the_cluster_are_handed_over(tmp_path: Path) -> None:
    config = plugin(tmp_path, 'echo "{\\"status\\": {\\"token\\": \\"$1-$NAME\\"}}"', "get", wants_cluster=True)
    credentials = Credentials(lambda: config)
    assert await credentials.headers() == {"Authorization": "Bearer get-team"}
    assert runs(tmp_path)[0]["spec"] == {
        "interactive": False,
        "cluster": {
            "server": "https://api",
            "certificate-authority-data": "UEVN",
            "insecure-skip-tls-verify": False,
        },
    }


async def test_a_client_certificate_may_be_told_instead(tmp_path: Path) -> None:
    config = plugin(tmp_path, credential(clientCertificateData="C", clientKeyData="K"))
    credentials = Credentials(lambda: config)
    assert await credentials.headers() == {}
    assert (credentials.config.certificate, credentials.config.key) == ("C", "K")


@pytest.mark.parametrize(
    ("script", "hint"),
    [
        ("echo no browser >&2; exit 3", "which failed: no browser"),
        ("echo hello", "printed no ExecCredential"),
        ("echo '[]'", "printed no ExecCredential"),
        ("echo '{\"status\": null}'", "printed no ExecCredential"),
    ],
)
async def test_a_program_that_tells_nothing_is_named_with_its_user(tmp_path: Path, script: str, hint: str) -> None:
    config = plugin(tmp_path, script)
    with pytest.raises(ConfigurationError, match=f"user ann .*/plugin, .*{hint}"):
        await Credentials(lambda: config).headers()


async def test_a_program_that_cannot_be_run_is_said(tmp_path: Path) -> None:
    config = plugin(tmp_path, "")
    (tmp_path / "plugin").chmod(0o600)
    with pytest.raises(ConfigurationError, match="cannot be run here: Permission denied"):
        await Credentials(lambda: config).headers()
