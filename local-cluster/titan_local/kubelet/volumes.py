"""Volumes as directories of the pod's own: emptyDir, Secrets, ConfigMaps and projected tokens; and shared ones.

A PersistentVolumeClaim is a directory beside those of the pods, whatever size and access modes it asks for. It is
kept until ``titan local reset``.
"""

import asyncio
import base64
from pathlib import Path
from urllib.parse import quote

from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.errors import APIError
from titan_local.files import write_atomically
from titan_local.kubeconfigs import write_kubeconfig

TOKEN_SECONDS = 3600


class MountError(Exception):
    """A volume cannot be made; the message names it."""


class Volumes:
    """The volumes of one pod under one directory."""

    def __init__(self, kube: Client, pod: Json, directory: Path) -> None:
        self._kube = kube
        self._pod = pod
        self._directory = directory
        self._namespace = pod["metadata"]["namespace"]
        self._data: dict[str, dict[str, str]] = {}

    @property
    def kubeconfig(self) -> Path:
        """Credentials of the pod's ServiceAccount; the in-cluster files cannot exist without a mount namespace."""
        return self._directory / "kubeconfig"

    @property
    def data(self) -> dict[str, dict[str, str]]:
        """Texts of the Secrets and ConfigMaps that were read, by ``secret/NAME`` and ``configMap/NAME``."""
        return self._data

    def mounts(self, container: Json) -> dict[str, Path]:
        """The directory behind each mount path."""
        return {
            mount["mountPath"]: self._directory / "volumes" / mount["name"] / mount.get("subPath", "")
            for mount in container.get("volumeMounts") or []
        }

    async def prepare(self) -> None:
        """Make everything that the pod's containers need. Raises MountError."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._read_sources()
        for volume in self._pod["spec"].get("volumes") or []:
            path = self._directory / "volumes" / volume["name"]
            if "persistentVolumeClaim" in volume:
                await self._link_claim(path, volume["persistentVolumeClaim"]["claimName"])
                continue
            path.mkdir(parents=True, exist_ok=True)
            source = next((key for key in ("secret", "configMap") if key in volume), None)
            if source is not None:
                name = volume[source].get("secretName" if source == "secret" else "name")
                for key, text in self._data[f"{source}/{name}"].items():
                    (path / key).write_text(text)
            elif not ("emptyDir" in volume or "projected" in volume):
                raise MountError(f'the embedded cluster cannot mount the volume "{volume["name"]}"')
        await self.renew_tokens()

    async def renew_tokens(self) -> None:
        """Write fresh tokens: the projected ones, and the one in the pod's kubeconfig."""
        projected = [
            (volume["name"], source["serviceAccountToken"])
            for volume in self._pod["spec"].get("volumes") or []
            for source in (volume.get("projected") or {}).get("sources") or []
            if "serviceAccountToken" in source
        ]
        own, *tokens = await asyncio.gather(
            self._request_token([]), *(self._request_token([token["audience"]]) for _, token in projected)
        )
        config = self._kube.credentials.config
        authority = config.read_authority() or ""
        write_kubeconfig(self.kubeconfig, config.server, authority, own, self._namespace, durably=False)
        for (name, source), token in zip(projected, tokens, strict=True):
            write_atomically(self._directory / "volumes" / name / source["path"], token, mode=0o600, durably=False)

    async def _request_token(self, audiences: list[str]) -> str:
        metadata, account = self._pod["metadata"], self._pod["spec"].get("serviceAccountName", "default")
        bound = {"kind": "Pod", "apiVersion": "v1", "name": metadata["name"], "uid": metadata["uid"]}
        spec = {"audiences": audiences, "expirationSeconds": TOKEN_SECONDS, "boundObjectRef": bound}
        path = f"/api/v1/namespaces/{self._namespace}/serviceaccounts/{quote(account)}/token"
        try:
            return str((await self._kube.create(path, {"spec": spec}))["status"]["token"])
        except APIError as error:
            raise MountError(f'no token for the ServiceAccount "{account}": {error.words}') from error

    async def _link_claim(self, path: Path, name: str) -> None:
        """The directory of a claim; its uid names it, so a claim that is made again is empty."""
        try:
            claim = await self._kube.get(f"/api/v1/namespaces/{self._namespace}/persistentvolumeclaims/{quote(name)}")
        except APIError as error:
            raise MountError(error.words) from error
        shared = self._directory.parent.with_name("claims") / claim["metadata"]["uid"]
        shared.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink():
            path.symlink_to(shared)

    async def _read_sources(self) -> None:
        for kind, name in self._wanted_sources():
            plural = "secrets" if kind == "secret" else "configmaps"
            try:
                obj = await self._kube.get(f"/api/v1/namespaces/{self._namespace}/{plural}/{quote(name)}")
            except APIError as error:
                raise MountError(error.words) from error
            data = obj.get("data") or {}
            if kind == "secret":
                data = {key: base64.b64decode(value).decode(errors="replace") for key, value in data.items()}
            self._data[f"{kind}/{name}"] = data

    def _wanted_sources(self) -> set[tuple[str, str]]:
        wanted = set()
        for volume in self._pod["spec"].get("volumes") or []:
            if "secret" in volume:
                wanted.add(("secret", volume["secret"]["secretName"]))
            if "configMap" in volume:
                wanted.add(("configMap", volume["configMap"]["name"]))
        for container in self._pod["spec"]["containers"]:
            origins = list(container.get("envFrom") or [])
            origins += [variable["valueFrom"] for variable in container.get("env") or [] if variable.get("valueFrom")]
            for origin in origins:
                for key, reference in origin.items():
                    if key.startswith(("secret", "configMap")) and not reference.get("optional"):
                        wanted.add(("secret" if key.startswith("secret") else "configMap", reference["name"]))
        return wanted
