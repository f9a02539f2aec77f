"""JSON schemas of Kubernetes' own kinds for kubeconform, made from the API's description in Kubernetes' Go module."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from builders.kubernetes.clusters import REPOSITORY

from titan_api.json_types import Json

MODULE = REPOSITORY / "tools" / "modules" / "kubernetes"
LOCATION = "{{ .ResourceKind }}{{ .KindSuffix }}.json"
"""How kubeconform names the file of a kind."""
_DEEPEST = 40
"""Only the description of schemas refers to itself; below this depth anything goes."""


def write_schemas(folder: Path, objects: list[Json]) -> str:
    """One file for each kind of the objects; returns kubeconform's ``-schema-location``. Skips without the module."""
    definitions = _find_definitions()
    by_kind = {
        (group["group"], group["version"], group["kind"]): name
        for name, definition in definitions.items()
        for group in definition.get("x-kubernetes-group-version-kind", [])
    }
    for api_version, kind in {(obj["apiVersion"], obj["kind"]) for obj in objects}:
        group, _, version = api_version.rpartition("/")
        if name := by_kind.get((group, version, kind)):
            suffix = "-".join([part for part in (group.split(".")[0], version) if part])
            file = folder / f"{kind.lower()}-{suffix}.json"
            file.write_text(json.dumps(_inline(definitions, name, _DEEPEST)))
    return str(folder / LOCATION)


def _find_definitions() -> dict[str, Json]:
    if shutil.which("go") is None:
        pytest.skip("no Go, whose module cache has Kubernetes' schemas")
    command = ["go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes"]
    # Nothing is downloaded: whoever has built the cluster's programs has the module.
    env = os.environ | {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    found = subprocess.run(command, cwd=MODULE, env=env, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        pytest.skip("Kubernetes' Go module is not there: run `python -m tools.binaries kubectl`")
    described: Json = json.loads((Path(found) / "api" / "openapi-spec" / "swagger.json").read_text())
    definitions: dict[str, Json] = described["definitions"]
    return definitions


def _inline(definitions: dict[str, Json], name: str, depth: int) -> Json:
    definition = definitions[name]
    if name.endswith((".IntOrString", ".Quantity")):
        return {"type": ["string", "integer", "number"]}
    if depth == 0 or name.endswith(".JSONSchemaProps"):
        return {}
    schema = {key: value for key, value in definition.items() if key in ("type", "required")}
    if "properties" in definition:
        properties = {
            field: _convert(definitions, value, depth - 1) for field, value in definition["properties"].items()
        }
        schema |= {"properties": properties, "additionalProperties": False}
    return schema


def _convert(definitions: dict[str, Json], node: Json, depth: int) -> Json:
    if "$ref" in node:
        return _inline(definitions, node["$ref"].rsplit("/", 1)[1], depth)
    schema = {key: value for key, value in node.items() if key in ("type", "enum")}
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            schema[key] = _convert(definitions, node[key], depth)
    return schema
