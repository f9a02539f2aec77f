"""Workspaces over HTTP: manifests travel in outcomes and come back folded."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from builders.store.reviewers import JOB, OPERATOR, RUNNER, FakeReviewer
from builders.store.stores import ATTEMPT, OUTCOME, Store, running_store

DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
SECOND = "second-runner-token"


@pytest.fixture(autouse=True)
def runner_of_a_second_attempt(reviewer: FakeReviewer) -> None:
    reviewer.add_runner(SECOND, JOB, 2)


def entry(digest: str = DIGEST, size: int = 3) -> dict[str, object]:
    return {"digest": digest, "mode": 0o644, "size": size}


def manifest(*deleted: str, **files: str) -> dict[str, object]:
    return {"changed": {path: entry(digest) for path, digest in files.items()}, "deleted": list(deleted)}


def parents(*attempts: int) -> list[dict[str, object]]:
    return [{"job": JOB, "attempt": attempt} for attempt in attempts]


async def folded(store: Store, *attempts: int) -> Any:
    reply = await store.post("/workspace", {}, {"parents": parents(*attempts)})
    assert reply.status == 200, reply.text
    return reply.json


async def test_a_child_finds_what_its_ancestors_left(store: Store) -> None:
    await store.end(manifest=manifest(a=DIGEST, b=DIGEST))
    await store.end(SECOND, "2", inputs=parents(1), manifest=manifest("a", c=OTHER))

    assert await folded(store, 2) == {
        "files": {"b": entry() | {"job": JOB}, "c": entry(OTHER) | {"job": JOB}},
        "conflicts": [],
    }
    listed = await store.get("/workspace/files", {"job": JOB, "attempt": "2"})
    assert listed.json == await folded(store, 2)


async def test_no_parents_find_nothing(store: Store) -> None:
    assert await folded(store) == {"files": {}, "conflicts": []}


async def test_a_failed_attempt_leaves_nothing_whatever_it_says(store: Store) -> None:
    await store.end(phase="run", exitCode=1, manifest=manifest(a=DIGEST))

    assert (await folded(store, 1))["files"] == {}
    assert (await store.get("/workspace/file", {"name": "a"})).code == "FileNotFound"


async def test_conflicts_are_named(store: Store) -> None:
    await store.end(manifest=manifest(a=DIGEST))
    await store.end(SECOND, "2", manifest=manifest(a=OTHER))

    found = await folded(store, 1, 2)

    assert (found["files"]["a"]["digest"], found["conflicts"]) == (OTHER, ["a"])


async def test_an_ancestor_that_is_not_known_is_named_instead_of_left_out(store: Store) -> None:
    reply = await store.post("/workspace", {}, {"parents": parents(7)})

    assert (reply.status, reply.code) == (404, "OutcomeNotFound")
    assert f"attempt 7 of job {JOB}" in reply.text


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/", ".", "a/../b", "a\0b", ""])
async def test_a_path_that_leads_out_of_the_workspace_is_refused(store: Store, path: str) -> None:
    for field in ({"changed": {path: entry()}}, {"deleted": [path]}):
        assert (await store.end(manifest=field)).code == "BadRequest"


async def test_names_may_hold_what_file_systems_allow(store: Store) -> None:
    names = {"später/ünï 💾.txt": DIGEST, "line\nbreak": DIGEST, "quo'te\"": DIGEST, "a\\b": DIGEST, "$.x[0]": DIGEST}
    await store.end(manifest={"changed": {name: entry() for name in names}})

    assert sorted((await folded(store, 1))["files"]) == sorted(names)
    for name in names:
        assert (await store.get("/workspace/file", {"name": name})).json["path"] == name


async def test_the_newest_file_of_a_name_is_found_by_path_and_by_name(store: Store) -> None:
    await store.end(manifest={"changed": {"out/report.txt": entry(DIGEST)}})
    await store.end(SECOND, "2", manifest={"changed": {"other/report.txt": entry(OTHER)}})

    by_path = (await store.get("/workspace/file", {"name": "out/report.txt"})).json
    by_name = (await store.get("/workspace/file", {"name": "report.txt"})).json

    assert by_path == entry() | {"path": "out/report.txt", "job": JOB, "attempt": 1}
    assert by_name == entry(OTHER) | {"path": "other/report.txt", "job": JOB, "attempt": 2}
    assert (await store.get("/workspace/file", {"name": "port.txt"})).code == "FileNotFound"


async def test_the_operator_s_stream_does_not_carry_manifests(store: Store) -> None:
    await store.end(inputs=parents(9), manifest=manifest(a=DIGEST), conflicts=["x"])
    async with asyncio.timeout(10):
        headers = {"Authorization": f"Bearer {OPERATOR}"}
        async with store.session.get(store.url("/v1/outcomes"), params={"after": "0"}, headers=headers) as response:
            lines = [json.loads(line) async for line in response.content]

    outcome = lines[-1]["outcome"]
    assert (outcome["conflicts"], "manifest" in outcome, "inputs" in outcome) == (["x"], False, False)


async def test_workspaces_survive_a_restart(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        await store.end(manifest=manifest(a=DIGEST))
        before = await folded(store, 1)
    async with running_store(tmp_path) as store:
        assert await folded(store, 1) == before
        assert (await store.get("/workspace/file", {"name": "a"})).status == 200


async def test_ten_thousand_files_are_one_manifest_and_one_more_is_refused(store: Store) -> None:
    async def end(files: dict[str, object]) -> int:
        body = json.dumps(OUTCOME | {"manifest": {"changed": files}}).encode()
        return (await store.call("PUT", "/outcome", ATTEMPT, token=RUNNER, data=body)).status

    many: dict[str, object] = {f"files/{number}": entry() for number in range(10_000)}
    assert await end(many | {"more": entry()}) == 400
    assert await end(many) == 201

    assert len((await folded(store, 1))["files"]) == 10_000
