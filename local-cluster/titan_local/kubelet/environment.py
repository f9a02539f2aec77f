"""The environment of a container as a process: variables, mounts without a mount namespace, the command."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from titan_api.json_types import Raw

_REFERENCE = re.compile(r"\$\$|\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")
_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "TZ")
"""What a process needs of the machine that a container would have in its image."""
TEMPORARY = "/tmp"


def base_environment() -> dict[str, str]:
    """What every container has: this interpreter first on the PATH, and the machine's own necessities."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {"PATH": path} | {name: os.environ[name] for name in _KEPT if name in os.environ}


def rewrite_path(value: str, mounts: Mapping[str, Path]) -> str:
    """The value with a mount path at its beginning replaced by the directory that stands for it."""
    for mount_path, directory in mounts.items():
        if value == mount_path or value.startswith(mount_path.rstrip("/") + "/"):
            return str(directory) + value[len(mount_path.rstrip("/")) :]
    return value


def expand(value: str, known: Mapping[str, str]) -> str:
    """``$(NAME)`` as Kubernetes expands it: unknown names stay, ``$$`` is a dollar."""

    def replace(match: re.Match[str]) -> str:
        return "$" if match.group() == "$$" else known.get(match.group(1), match.group())

    return _REFERENCE.sub(replace, value)


def build_environment(
    container: Raw, pod: Raw, mounts: Mapping[str, Path], sources: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """All variables of a container. ``sources``: data of Secrets and ConfigMaps by ``secret/NAME`` and
    ``configMap/NAME``. Raises KeyError naming what is missing."""
    result = base_environment() | {"HOSTNAME": pod["metadata"]["name"]}
    for origin in container.get("envFrom") or []:
        for kind in ("secret", "configMap"):
            reference = origin.get(f"{kind}Ref")
            if reference and not (reference.get("optional") and f"{kind}/{reference['name']}" not in sources):
                prefix = origin.get("prefix", "")
                result |= {prefix + key: value for key, value in sources[f"{kind}/{reference['name']}"].items()}
    for variable in container.get("env") or []:
        value = _value_of(variable, pod, sources)
        if value is not None:
            result[variable["name"]] = rewrite_path(expand(value, result), mounts)
    if TEMPORARY in mounts:
        result["TMPDIR"] = str(mounts[TEMPORARY])
    return result


def build_command(container: Raw, environment: Mapping[str, str], mounts: Mapping[str, Path]) -> list[str]:
    """The program and its arguments; ``python`` is the embedded cluster's own interpreter."""
    words = [*(container.get("command") or []), *(container.get("args") or [])]
    command = [rewrite_path(expand(word, environment), mounts) for word in words]
    if command and command[0] in ("python", "python3"):
        command[0] = sys.executable
    return command


def _value_of(variable: Raw, pod: Raw, sources: Mapping[str, Mapping[str, str]]) -> str | None:
    origin = variable.get("valueFrom")
    if not origin:
        return str(variable.get("value") or "")
    if "fieldRef" in origin:
        return _field(pod, origin["fieldRef"]["fieldPath"])
    for kind in ("secret", "configMap"):
        reference = origin.get(f"{kind}KeyRef")
        if reference:
            data = sources.get(f"{kind}/{reference['name']}", {})
            if reference["key"] not in data and reference.get("optional"):
                return None
            return data[reference["key"]]
    return ""


def _field(pod: Raw, path: str) -> str:
    match = re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path)
    if match is not None:
        return str((pod["metadata"].get(match.group(1)) or {}).get(match.group(2), ""))
    if path in ("status.podIP", "status.hostIP"):
        return "127.0.0.1"
    value: Any = pod
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else ""
    return str(value)
