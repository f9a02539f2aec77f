"""Which credentials a process has."""

import json
from pathlib import Path

import pytest

from titan_kube.config import Config
from titan_kube.errors import ConfigurationError
from titan_kube.load import load


def with_kubeconfig(path: Path, token: str) -> Path:
    content = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": "https://api"}}],
        "users": [{"name": "c", "user": {"token": token}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def account(tmp_path: Path) -> Path:
    directory = tmp_path / "serviceaccount"
    directory.mkdir()
    for name, text in {"token": "of-the-pod\n", "ca.crt": "PEM", "namespace": "team\n"}.items():
        (directory / name).write_text(text)
    return directory


def test_kubeconfig_wins_over_the_pods_account_and_that_over_the_home_directory(tmp_path: Path, account: Path) -> None:
    with_kubeconfig(tmp_path / ".kube/config", "of-the-person")
    environment = {"KUBECONFIG": str(with_kubeconfig(tmp_path / "given", "given")), "HOME": str(tmp_path)}
    tokens = [load(environment, account=account).read_token()]
    del environment["KUBECONFIG"]
    tokens += [load(environment, account=account).read_token(), load(environment, account=tmp_path).read_token()]
    assert tokens == ["given", "of-the-pod", "of-the-person"]


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "6443"}, "https://10.0.0.1:6443"),
        ({"KUBERNETES_SERVICE_HOST": "fd00::1"}, "https://[fd00::1]:443"),
        ({}, "https://kubernetes.default.svc:443"),
    ],
)
def test_a_pods_account_is_three_files_and_two_variables(
    account: Path, environment: dict[str, str], server: str
) -> None:
    config = load(environment, account=account)
    assert config == Config(server, authority=account / "ca.crt", token=account / "token", namespace="team")
    assert config.headers() == {"Authorization": "Bearer of-the-pod"}


def test_without_any_configuration_it_is_said_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="set KUBECONFIG, or run in a pod"):
        load({"HOME": str(tmp_path)}, account=tmp_path)
