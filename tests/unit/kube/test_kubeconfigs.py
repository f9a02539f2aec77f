"""Kubeconfigs: what is read of them, and why some cannot be used."""

import base64
import json
from pathlib import Path

import pytest

from titan_api.json_types import Json
from titan_kube.config import Config
from titan_kube.errors import ConfigurationError
from titan_kube.kubeconfigs import read_kubeconfig
from titan_kube.load import load

PEM = "-----BEGIN CERTIFICATE-----\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CLUSTER = {"server": "https://api:6443/", "certificate-authority-data": encoded(PEM)}


def kubeconfig(user: Json, cluster: Json, **context: str) -> Json:
    return {
        "current-context": "b",
        "clusters": [{"name": "x", "cluster": {"server": "https://wrong"}}, {"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "b", "context": {"cluster": "c", "user": "u", **context}}],
    }


def written(directory: Path, content: Json, name: str = "config") -> Path:
    path = directory / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("is_yaml", [False, True])
def test_a_kubeconfig_in_json_or_yaml_gives_server_authority_and_token(tmp_path: Path, is_yaml: bool) -> None:
    path = tmp_path / "config"
    path.write_text("# yaml\n" * is_yaml + json.dumps(kubeconfig({"token": "secret"}, CLUSTER)))
    config = load({"KUBECONFIG": str(path)}, account=tmp_path)
    assert config == Config("https://api:6443", authority=PEM, token="secret")
    assert "secret" not in repr(config)


def test_certificates_keys_and_tokens_may_be_files_beside_the_kubeconfig(tmp_path: Path) -> None:
    for name, text in {"ca.crt": PEM, "token": "from a file\n", "tls.crt": "C", "tls.key": "K"}.items():
        (tmp_path / name).write_text(text)
    user = {"tokenFile": str(tmp_path / "token"), "client-certificate": "tls.crt", "client-key": "tls.key"}
    cluster = {"server": "https://api", "certificate-authority": "ca.crt"}
    config = read_kubeconfig(written(tmp_path, kubeconfig(user, cluster)))
    assert (config.read_authority(), config.read_token()) == (PEM, "from a file")
    assert (config.certificate, config.key) == (tmp_path / "tls.crt", tmp_path / "tls.key")


def test_everything_else_that_a_connection_needs_is_read_too(tmp_path: Path) -> None:
    cluster = {
        "server": "https://api",
        "insecure-skip-tls-verify": True,
        "tls-server-name": "kubernetes",
        "proxy-url": "http://proxy:3128",
    }
    user = {
        "username": "ann",
        "password": "pw",
        "client-certificate-data": encoded("C"),
        "client-key-data": encoded("K"),
    }
    config = read_kubeconfig(written(tmp_path, kubeconfig(user, cluster, namespace="team")))
    assert config == Config(
        "https://api",
        verify=False,
        server_name="kubernetes",
        proxy="http://proxy:3128",
        namespace="team",
        username="ann",
        password="pw",
        certificate="C",
        key="K",
    )
    assert config.headers() == {"Authorization": f"Basic {encoded('ann:pw')}"}


def test_several_files_are_one_and_the_first_that_names_something_wins(tmp_path: Path) -> None:
    first = {
        "contexts": [{"name": "b", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {"token": "first"}}],
    }
    second = kubeconfig({"token": "second"}, CLUSTER)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/ca.crt").write_text(PEM)
    second["clusters"][1]["cluster"] = {"server": "https://api", "certificate-authority": "ca.crt"}
    paths = [tmp_path / "missing", written(tmp_path, first), written(tmp_path, second, "other/config")]
    config = load({"KUBECONFIG": ":".join(map(str, paths))}, account=tmp_path)
    assert config == Config("https://api", authority=tmp_path / "other/ca.crt", token="first")


def test_another_context_than_the_current_one_can_be_named(tmp_path: Path) -> None:
    content = kubeconfig({"token": "t"}, CLUSTER)
    content["contexts"].append({"name": "other", "context": {"cluster": "x", "user": "u"}})
    assert read_kubeconfig(written(tmp_path, content), context="other").server == "https://wrong"
    with pytest.raises(ConfigurationError, match="third in contexts"):
        read_kubeconfig(written(tmp_path, content), context="third")


PLUGIN = {"apiVersion": "client.authentication.k8s.io/v1", "command": "cat"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{", "neither JSON nor YAML"),
        ("just text", "no mapping"),
        ("{}", "lacks 'current-context'"),
        (json.dumps(kubeconfig({}, CLUSTER)), "no token"),
        (json.dumps(kubeconfig({"client-certificate-data": "Qw=="}, CLUSTER)), "no token"),
        (json.dumps(kubeconfig({"token": "t"}, {"server": "s", "certificate-authority-data": "!"})), "no base64"),
        (json.dumps(kubeconfig({"token": "t"}, {"server": "s", "certificate-authority": "nowhere"})), "nowhere"),
        (json.dumps(kubeconfig({"token": "t"}, {})), "server"),
        (json.dumps(kubeconfig({"token": "t"}, {"server": "s", "proxy-url": "socks5://p"})), "socks5"),
        (json.dumps(kubeconfig({"auth-provider": {"name": "gcp"}}, CLUSTER)), "user u .* 'auth-provider'"),
        (json.dumps(kubeconfig({"token": "t", "as": "root"}, CLUSTER)), "needs 'as'"),
        (
            json.dumps(kubeconfig({"exec": PLUGIN | {"command": "no-such", "installHint": "Get it."}}, CLUSTER)),
            "user u .* no-such, which is not installed here. Get it.",
        ),
        (json.dumps(kubeconfig({"exec": PLUGIN | {"interactiveMode": "Always"}}, CLUSTER)), "cat, .* ask a person"),
        (json.dumps(kubeconfig({"exec": PLUGIN | {"apiVersion": "v1alpha1"}}, CLUSTER)), "cat, which speaks v1alpha1"),
    ],
)
def test_an_unusable_kubeconfig_is_explained_in_one_sentence(tmp_path: Path, text: str, hint: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=hint):
        load({"KUBECONFIG": str(path)}, account=tmp_path)


def test_a_kubeconfig_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Cannot read the kubeconfig .*/missing: No such file"):
        load({"KUBECONFIG": str(tmp_path / "missing")}, account=tmp_path)


def test_a_certificate_may_stand_in_lines_of_a_yaml_block(tmp_path: Path) -> None:
    encoded = base64.encodebytes(b"certificate " * 20).decode()
    cluster = {"server": "https://a", "certificate-authority-data": encoded}
    file = tmp_path / "config"
    file.write_text(json.dumps(kubeconfig({"token": "t"}, cluster)))
    assert encoded.count("\n") > 1
    assert read_kubeconfig(file).authority == "certificate " * 20


def test_a_proxy_without_tls_needs_no_credentials(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(json.dumps(kubeconfig({}, {"server": "http://127.0.0.1:8001"})))
    assert read_kubeconfig(file).headers() == {}
