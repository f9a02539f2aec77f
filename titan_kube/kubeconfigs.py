"""Reading kubeconfigs: several files make one, the first that names something wins."""

import base64
import binascii
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from titan_api.json_types import Json
from titan_kube.config import Config, Plugin
from titan_kube.errors import ConfigurationError

PLUGIN_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


@dataclass(frozen=True)
class _Section:
    """The cluster or the user of a context. Files are named relative to the kubeconfig that names them."""

    file: Path
    name: str
    content: Json

    def text(self, key: str) -> str | None:
        value = self.content.get(key)
        return None if value in (None, "") else str(value)

    def path(self, key: str) -> Path | None:
        """A file that is there. Raises ConfigurationError."""
        name = self.text(key)
        if name is None:
            return None
        path = self.file.parent / Path(name).expanduser()
        if not path.is_file():
            raise ConfigurationError(
                f"Cannot read {path}, which the kubeconfig {self.file} names: there is no such file."
            )
        return path

    def data(self, key: str) -> str | Path | None:
        """What stands in the kubeconfig itself, in base64; else in the file of that name."""
        encoded = self.text(f"{key}-data")
        if encoded is None:
            return self.path(key)
        try:
            # In YAML it may be a block of several lines.
            return base64.b64decode("".join(encoded.split()), validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{key}-data of the kubeconfig {self.file} is no base64.") from error


def read_kubeconfig(*paths: Path, context: str | None = None) -> Config:
    """A context, by default the current one. Of several files only one must exist. Raises ConfigurationError."""
    files = [(path, _parse(path)) for path in ([path for path in paths if path.exists()] or paths)]
    names = ", ".join(str(path) for path, _ in files)
    try:
        name = context or next(str(content["current-context"]) for _, content in files if "current-context" in content)
        chosen = _find(files, "contexts", name)
        cluster = _find(files, "clusters", chosen.content["cluster"])
        user = _find(files, "users", chosen.content["user"])
        return _build(cluster, user, chosen.text("namespace"))
    except StopIteration as error:
        raise ConfigurationError(f"The kubeconfig {names} lacks 'current-context'.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"The kubeconfig {names} lacks {error}.") from error


def _find(files: Sequence[tuple[Path, Json]], section: str, name: str) -> _Section:
    for path, content in files:
        for entry in content.get(section) or ():
            if entry["name"] == name:
                return _Section(path, name, entry.get(section[:-1]) or {})
    raise KeyError(f"{name} in {section}")


def _build(cluster: _Section, user: _Section, namespace: str | None) -> Config:
    proxy, plugin = cluster.text("proxy-url"), _read_plugin(user)
    if proxy and not proxy.startswith(("http://", "https://")):
        raise ConfigurationError(f"The proxy-url {proxy} of the kubeconfig {cluster.file} is not one of http or https.")
    config = Config(
        server=str(cluster.content["server"]).rstrip("/"),
        authority=cluster.data("certificate-authority"),
        verify=not cluster.content.get("insecure-skip-tls-verify"),
        server_name=cluster.text("tls-server-name"),
        proxy=proxy,
        namespace=namespace or "default",
        token=user.text("token") or user.path("tokenFile"),
        username=user.text("username"),
        password=user.text("password"),
        certificate=user.data("client-certificate"),
        key=user.data("client-key"),
        plugin=plugin,
    )
    is_anonymous = not (config.token or config.username or plugin or (config.certificate and config.key))
    # Without TLS it is a proxy's, such as `kubectl proxy`, which adds credentials of its own.
    if is_anonymous and not config.server.startswith("http://"):
        raise ConfigurationError(
            f"The user {user.name} of the kubeconfig {user.file} has no token, client certificate, password or plug-in."
        )
    return config


def _read_plugin(user: _Section) -> Plugin | None:
    for key in ("auth-provider", "as"):
        if user.content.get(key):
            raise ConfigurationError(
                f"The user {user.name} of the kubeconfig {user.file} needs {key!r}, which Titan's services cannot do."
            )
    spec = user.content.get("exec")
    if not spec:
        return None
    command = str(spec["command"])
    if "/" in command:
        command = str(user.file.parent / command)
    refusal = f"The user {user.name} of the kubeconfig {user.file} gets credentials from the program {command}, "
    if spec.get("apiVersion") not in PLUGIN_VERSIONS:
        raise ConfigurationError(f"{refusal}which speaks {spec.get('apiVersion')} instead of {PLUGIN_VERSIONS[0]}.")
    if shutil.which(command) is None:
        raise ConfigurationError(f"{refusal}which is not installed here. {spec.get('installHint') or ''}".rstrip())
    if spec.get("interactiveMode") == "Always":
        raise ConfigurationError(f"{refusal}which wants to ask a person, and a service has none.")
    return Plugin(
        user=user.name,
        api_version=spec["apiVersion"],
        command=command,
        arguments=tuple(map(str, spec.get("args") or ())),
        environment=tuple((str(pair["name"]), str(pair["value"])) for pair in spec.get("env") or ()),
        wants_cluster=bool(spec.get("provideClusterInfo")),
    )


def _parse(path: Path) -> Json:
    try:
        text = path.read_text()
    except OSError as error:
        raise ConfigurationError(f"Cannot read the kubeconfig {path}: {error.strerror}.") from error
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        content = _parse_yaml(path, text)
    if not isinstance(content, dict):
        raise ConfigurationError(f"The kubeconfig {path} holds no mapping.")
    return content


def _parse_yaml(path: Path, text: str) -> object:
    import yaml  # Only here: the embedded cluster writes JSON, and its parts are to start quickly.

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"The kubeconfig {path} is neither JSON nor YAML.") from error
