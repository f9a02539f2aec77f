"""What survives: a session outlives the store's process, and no copy of the database is worth anything."""

import base64
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders.store.reviewers import ALICE, BOB, FakeReviewer
from builders.store.sign_ins import SESSION, Browser
from builders.store.stores import FakeClock, running_store
from titan_store.backups.restoring import restore
from titan_store.backups.saving import save
from titan_store.serving.sweeps import sweep
from titan_store.sessions.cookies import draw_cookie, parse_cookie
from titan_store.sessions.seals import seal, unseal
from titan_store.sessions.sessions import expiry_of


def make_jwt(**claims: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return ".".join([*parts, "signature"])


async def test_a_session_survives_a_restart_of_the_store(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        browser = Browser(store)
        await browser.sign_in(token=ALICE)
        other = Browser(store)
        await other.sign_in(token=BOB)
        await other.sign_out()
    async with running_store(tmp_path) as store:
        browser.store = other.store = store
        session = (await browser.get(SESSION)).json
        assert (session["user"], session["csrfToken"]) == ("alice@example.com", browser.csrf_token)
        assert (await other.get(SESSION)).status == 401


async def test_the_database_holds_neither_the_token_nor_what_would_open_it(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        browser = Browser(store)
        await browser.sign_in(token=ALICE)
    assert browser.cookie
    key = browser.cookie.partition("=")[2].partition(".")[2]
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (ALICE, key, browser.csrf_token or ""):
        assert secret.encode() not in content


async def test_a_backup_holds_no_sessions(tmp_path: Path) -> None:
    source, target = tmp_path / "data", tmp_path / "restored"
    async with running_store(source) as store:
        browser = Browser(store)
        await browser.sign_in(token=ALICE)
        save(source, tmp_path / "backup.tar")
    sealed = rows_of(source, "SELECT token FROM sessions")[0][0]
    assert sealed not in (tmp_path / "backup.tar").read_bytes()
    restore(tmp_path / "backup.tar", target)
    assert rows_of(target, "SELECT count(*) FROM sessions") == [(0,)]
    async with running_store(target) as store:
        browser.store = store
        assert (await browser.get(SESSION)).status == 401
        assert (await browser.sign_in(token=ALICE)).status == 200


async def test_sessions_that_are_over_are_swept_away(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock) as store:
        await Browser(store).sign_in(token=ALICE)
        clock.pass_time(hours=11)
        await Browser(store).sign_in(token=BOB)
        clock.pass_time(hours=1)
        await sweep(store.swept, clock.now)
        assert rows_of(tmp_path, "SELECT user FROM sessions") == [("bob@example.com",)]


async def test_a_session_ends_with_its_token(tmp_path: Path, clock: FakeClock, reviewer: FakeReviewer) -> None:
    token = make_jwt(exp=(clock.now.timestamp() + 600))
    reviewer.identities[token] = reviewer.identities[ALICE]
    async with running_store(tmp_path, reviewer, clock) as store:
        browser = Browser(store)
        assert (await browser.sign_in(token=token)).json["expireTime"] == "2026-01-02T03:14:05.000000Z"
        clock.pass_time(minutes=10)
        assert (await browser.get(SESSION)).status == 401


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (make_jwt(exp=1_700_000_000), datetime.fromtimestamp(1_700_000_000, UTC)),
        (make_jwt(exp="soon"), None),
        (make_jwt(exp=1e300), None),
        (make_jwt(), None),
        (make_jwt(exp=None), None),
        ("opaque", None),
        ("a.b.c", None),
        ("a.é.c", None),
        ("a.W10.c", None),
    ],
)
def test_only_what_a_token_says_clearly_about_its_end_counts(token: str, expected: datetime | None) -> None:
    assert expiry_of(token) == expected


async def test_only_the_right_key_opens_a_seal() -> None:
    one, other = draw_cookie(), draw_cookie()
    sealed = await seal("a token", one.key)
    assert await unseal(sealed, one.key) == "a token"
    assert await unseal(sealed, other.key) is None
    assert await unseal(b"nonsense", one.key) is None


def test_a_cookie_is_read_as_it_was_written() -> None:
    cookie = draw_cookie()
    assert parse_cookie(cookie.value) == cookie
    assert cookie.key.hex() not in repr(cookie)


def rows_of(directory: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(directory / "store.db")) as database:
        return database.execute(query).fetchall()
