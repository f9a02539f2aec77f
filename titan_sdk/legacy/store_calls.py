"""The calls of a TitanClient that move data: values, sets, files and artifacts, as the earlier Titan had them."""

from __future__ import annotations

from pathlib import Path

from titan_sdk import checks
from titan_sdk.calls import Calls
from titan_sdk.data import artifacts
from titan_sdk.data.artifacts import PathLike
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanNotFound
from titan_sdk.legacy import gate_keys
from titan_sdk.legacy.words import OK, in_words, succeeds
from titan_sdk.runs.workspaces import find_newest, save

GATE_REFUSALS = (TitanNotFound, TitanForbidden, TitanConflict)
"""What deciding at a gate may answer instead of "OK"."""


class StoreCalls(Calls):
    """A part of TitanClient. Text where the earlier Titan answered with text; ``store`` and ``files`` raise."""

    # ---------------------------------------------------------------- TitanStore

    def store_put(self, key: str, value: str) -> str:
        """Store a value: "OK" once it is durable, else CONNECTION_ERROR. Raises ValueError for what is no key or value."""
        checks.check_key(key)
        text = checks.check_value(value)

        def put() -> str:
            if gate_keys.is_gate_key(key):
                gate_keys.write(self._kube, self._connections.identity, key, text)
            else:
                self.store.put(key, text)
            return OK

        return in_words(put, GATE_REFUSALS if gate_keys.is_gate_key(key) else ())

    def store_get(self, key: str) -> str:
        """The value; "NULL" for a missing key."""
        checks.check_key(key)

        def get() -> str:
            if gate_keys.is_gate_key(key):
                return gate_keys.read(self._kube, key)
            found = self.store.find(key)
            return gate_keys.MISSING if found is None else found.text

        return in_words(get)

    def store_sadd(self, key: str, member: str) -> int:
        """Add a member to a set: 1 if it is new, 0 if it was there. Raises TitanUnavailable."""
        if gate_keys.is_gate_key(key):
            raise ValueError(f"the key {key!r} shows gates of the cluster and cannot be written")
        return self.store.sadd(key, member)

    def store_smembers(self, key: str) -> list[str]:
        """The members of a set. Raises TitanUnavailable."""
        if key == gate_keys.QUEUE:
            return gate_keys.read_set(self._kube)
        return self.store.smembers(key)

    def delete_key(self, key: str) -> bool:
        """Remove a key; whether it was there."""
        return self.store.delete(key)

    def list_keys(self, prefix: str = "") -> list[str]:
        """The keys that begin so, sorted."""
        return self.store.list(prefix)

    def increment(self, key: str, by: int = 1) -> int:
        """Add to a number and return it; a missing key counts as 0."""
        return self.store.increment(key, by)

    def compare_and_set(self, key: str, expected: str | None, value: str) -> bool:
        """Store a value only if the key still holds ``expected`` (None: is missing); whether it was stored."""
        return self.store.compare_and_set(key, expected, value)

    # ---------------------------------------------------------------- files and artifacts

    def upload_file(self, filepath: PathLike) -> str:
        """Upload a file of any size: "UPLOAD_SUCCESS", or ``"ERROR: File not found at: <path>"``."""
        return in_words(lambda: artifacts.upload_file(self.files, filepath))

    def upload_project_folder(self, path: PathLike, project_name: str | None = None) -> str:
        """Zip a folder, without ``__pycache__`` and ``.git``, and upload it as ``<project_name>.zip``."""
        return in_words(lambda: artifacts.upload_project_folder(self.files, path, project_name))

    def deploy_script(self, filepath: PathLike) -> str:
        """Upload a script that jobs may then name without having the file: "DEPLOY_SUCCESS"."""
        return in_words(lambda: artifacts.deploy_script(self.files, filepath))

    def fetch_artifact(self, filename: str, save_path: PathLike | None = None) -> bool:
        """Download a file, by default into the current directory. False (and a log line) if that fails.

        If nobody uploaded one of that name, it is the newest that a job left in its workspace.
        """

        def fetch() -> None:
            target = artifacts.target_of(filename, save_path, Path())
            try:
                self.files.download(filename, target)
            except TitanNotFound:
                left = find_newest(self._connections.store(), filename)
                if left is None:
                    raise
                save(self.files, left, target)

        return succeeds(f"fetch_artifact {filename!r}", fetch)

    def publish_artifact(self, key: str, filename: PathLike) -> bool:
        """Upload a file and register its name under a key. False (and a log line) if that fails."""
        run = self._connections.agent_run_id
        return succeeds(
            f"publish_artifact {key!r}", lambda: artifacts.publish(self.files, self.store, key, filename, run)
        )

    def get_artifact(self, key: str, save_path: PathLike | None = None) -> bool:
        """Download what was registered under a key, by default to ``/tmp/<filename>``. False if that fails."""

        def get() -> None:
            artifact = artifacts.find(self.store, key)
            target = artifacts.target_of(artifact.name, save_path, artifacts.ARTIFACT_FOLDER)
            artifacts.save(self.files, artifact, target)

        return succeeds(f"get_artifact {key!r}", get)
