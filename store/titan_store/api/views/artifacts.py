"""The files that the jobs of an agent run have published, as ``client.agent_run`` lists them."""

from datetime import datetime

from aiohttp import web

from titan_api.publications import DIGEST_PREFIX, RUN_PREFIX, digest_key, keys_prefix, read_digest, read_name
from titan_store.api import keys
from titan_store.api.http.models import Model

MOST_ARTIFACTS = 1_000


class ArtifactItem(Model):
    """A file under a key."""

    key: str
    name: str
    digest: str
    """Empty if only the name was registered."""


async def list_artifacts(app: web.Application, namespace: str, run_id: str, now: datetime) -> list[ArtifactItem]:
    """By key; ``namespace`` is its uid."""
    found = set(await app[keys.SETS].members(namespace, RUN_PREFIX + run_id))
    page = await app[keys.VALUES].page(namespace, keys_prefix(run_id), "", MOST_ARTIFACTS, now)
    found |= {entry.key.removeprefix(DIGEST_PREFIX) for entry in page}
    items = [await _find(app, namespace, key, now) for key in sorted(found)[:MOST_ARTIFACTS]]
    return [item for item in items if item is not None]


async def _find(app: web.Application, namespace: str, key: str, now: datetime) -> ArtifactItem | None:
    """None: the key no longer has a value, or its value names no file."""
    text = await _read(app, namespace, key, now)
    name = read_name(text) if text is not None else None
    if name is None:
        return None
    digest = read_digest(await _read(app, namespace, digest_key(key), now), name)
    return ArtifactItem(key=key, name=name, digest=digest or "")


async def _read(app: web.Application, namespace: str, key: str, now: datetime) -> str | None:
    value = await app[keys.VALUES].get(namespace, key, now)
    return value.content.decode(errors="replace") if value is not None else None
