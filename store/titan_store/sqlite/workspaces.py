"""Manifests in SQLite: they are a part of the outcomes, so nothing is ever committed without the other."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from titan_store.errors import NotFound
from titan_store.keeping.backends import AttemptKey, LeftFile
from titan_store.keeping.folds import Contribution, FileVersion
from titan_store.sqlite.database import Database

# UNION drops what was reached before, so the cost is one step for each pair of child and parent.
_LINEAGE = """
WITH RECURSIVE lineage (job, attempt) AS (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
    UNION
    SELECT json_extract(input.value, '$.job'), json_extract(input.value, '$.attempt')
    FROM lineage
    JOIN outcomes ON outcomes.namespace = ? AND outcomes.job = lineage.job AND outcomes.attempt = lineage.attempt
    JOIN json_each(outcomes.content, '$.inputs') AS input
)
SELECT lineage.job, lineage.attempt, outcomes.content FROM lineage
LEFT JOIN outcomes ON outcomes.namespace = ? AND outcomes.job = lineage.job AND outcomes.attempt = lineage.attempt
ORDER BY outcomes.sequence
"""
_CHANGES = """
SELECT outcomes.job, outcomes.attempt, outcomes.content FROM json_each(?) AS wanted
JOIN outcomes ON outcomes.namespace = ? AND outcomes.job = json_extract(wanted.value, '$[0]')
    AND outcomes.attempt = json_extract(wanted.value, '$[1]')
ORDER BY outcomes.sequence
"""
_PUT = """
INSERT INTO left_files (namespace, path, name, digest, mode, size, job, attempt, sequence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET digest = excluded.digest, mode = excluded.mode, size = excluded.size, job = excluded.job,
    attempt = excluded.attempt, sequence = excluded.sequence
"""
_COLUMNS = "SELECT path, digest, mode, size, job, attempt FROM left_files"
_BY_PATH = f"{_COLUMNS} WHERE namespace = ? AND path = ?"
_BY_NAME = f"{_COLUMNS} WHERE namespace = ? AND name = ? ORDER BY sequence DESC LIMIT 1"


class SQLiteWorkspaces:
    """Implements ``backends.Workspaces``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lineage(self, namespace: str, parents: list[tuple[str, int]]) -> list[Contribution]:
        rows = await self._database.scan(_LINEAGE, (json.dumps(parents), namespace, namespace))
        return await asyncio.to_thread(_read_all, rows)

    async def changes(self, namespace: str, attempts: list[tuple[str, int]]) -> list[Contribution]:
        rows = await self._database.scan(_CHANGES, (json.dumps(attempts), namespace))
        return await asyncio.to_thread(_read_all, rows)

    async def newest(self, namespace: str, name: str) -> LeftFile | None:
        for query in (_BY_PATH, _BY_NAME):
            for path, digest, mode, size, job, attempt in self._database.read(query, (namespace, name)):
                return LeftFile(path, FileVersion(digest, mode, size), job, attempt)
        return None


def note_files(connection: sqlite3.Connection, key: AttemptKey, sequence: int, content: str) -> None:
    """Enter the files of an outcome's manifest, in the transaction that records it."""
    if '"manifest"' not in content:
        return
    for path, entry in _manifest(json.loads(content)).get("changed", {}).items():
        name = path.rpartition("/")[2]
        version = entry["digest"], entry["mode"], entry["size"]
        connection.execute(_PUT, (key.namespace, path, name, *version, key.job, key.attempt, sequence))


def _read_all(rows: Iterable[tuple[Any, ...]]) -> list[Contribution]:
    """In a thread: the manifests of thousands of jobs would hold everybody else up."""
    return [_read(*row) for row in rows]


def _read(job: str, attempt: int, content: str | None) -> Contribution:
    if content is None:
        message = f"The files that attempt {attempt} of job {job} left are not known, or no longer."
        raise NotFound("OutcomeNotFound", message)
    outcome = json.loads(content)
    manifest = _manifest(outcome)
    changed = {
        path: FileVersion(entry["digest"], entry["mode"], entry["size"])
        for path, entry in manifest.get("changed", {}).items()
    }
    inputs = tuple((one["job"], one["attempt"]) for one in outcome.get("inputs") or ())
    return Contribution(job, attempt, inputs, changed, manifest.get("deleted", ()))


def _manifest(outcome: dict[str, Any]) -> dict[str, Any]:
    """Only a success leaves anything behind."""
    is_success = outcome["phase"] == "publish" and outcome["exitCode"] == 0
    return (outcome.get("manifest") or {}) if is_success else {}
