"""Signing in and out: by token, by code, and what a session is worth when it is over."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, BOB, CLIENT, NAMESPACE, STRANGER, FakeReviewer
from builders.store.sign_ins import SESSION, Browser
from builders.store.stores import FakeClock, Store, running_store
from titan_store.auth.identities import Identity
from titan_store.sessions.codes import MOST_OF_ONE_USER

KEY = {"key": "k"}
PAGE_WORDS = Path(__file__).parents[4] / "dashboard" / "src" / "app" / "signInWords.ts"


@pytest.fixture
async def store(tmp_path: Path, reviewer: FakeReviewer, clock: FakeClock) -> AsyncIterator[Store]:
    reviewer.cluster_wide |= {"alice@example.com"}
    async with running_store(tmp_path / "data", reviewer, clock, cluster=FakeCluster()) as running:
        yield running


@pytest.fixture
def browser(store: Store) -> Browser:
    return Browser(store)


async def test_a_pasted_token_signs_in_and_the_session_says_who(browser: Browser) -> None:
    reply = await browser.sign_in(token=f"  {ALICE}\n")
    assert reply.json == (await browser.get(SESSION)).json
    assert (reply.json["user"], reply.json["groups"]) == ("alice@example.com", ["leads", "staff"])
    assert (reply.json["signIn"], reply.json["isShared"]) == ("token", False)
    assert reply.json["expireTime"] == "2026-01-02T15:04:05.000000Z"


async def test_the_cookie_is_for_this_host_alone_and_no_script_sees_it(browser: Browser) -> None:
    cookie = (await browser.sign_in(token=ALICE)).headers["Set-Cookie"]
    assert re.match(r"titan-session-[0-9a-f]{8}=[A-Za-z0-9._-]{60}; ", cookie)
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=43200"}


@pytest.mark.parametrize("protocol", ["https", "https, http"])
async def test_behind_https_the_cookie_never_travels_in_the_clear(browser: Browser, protocol: str) -> None:
    reply = await browser.post(SESSION, {"token": ALICE}, headers={"X-Forwarded-Proto": protocol})
    assert "; Secure" in reply.headers["Set-Cookie"]


async def test_the_shared_identity_is_told_that_it_is_shared(browser: Browser) -> None:
    assert (await browser.sign_in(token=CLIENT)).json["isShared"] is True


@pytest.mark.parametrize(
    ("proof", "status", "words"),
    [
        ({"token": "wrong"}, 401, "valid neither for the API server nor for titan-store"),
        ({"token": "tökén"}, 401, "characters that no token contains"),
        ({"code": "wrong"}, 401, "older than a minute; titan dashboard draws a new one"),
        ({"token": ALICE, "code": "x"}, 400, "either a token or a code"),
        ({}, 400, "either a token or a code"),
        ({"token": ""}, 400, "token"),
        ({"token": ALICE, "user": "root"}, 400, "user"),
    ],
)
async def test_a_bad_proof_is_refused_in_words(
    browser: Browser, proof: dict[str, str], status: int, words: str
) -> None:
    reply = await browser.sign_in(**proof)
    assert (reply.status, "Set-Cookie" in reply.headers) == (status, False)
    assert words in reply.json["error"]["message"]


async def test_a_code_signs_in_once(store: Store, browser: Browser) -> None:
    code = (await store.call("POST", f"{SESSION}/codes", token=ALICE)).json["code"]
    assert (await browser.sign_in(code=code)).json["user"] == "alice@example.com"
    assert (await Browser(store).sign_in(code=code)).status == 401


async def test_a_code_is_void_after_a_minute(store: Store, browser: Browser, clock: FakeClock) -> None:
    code = (await store.call("POST", f"{SESSION}/codes", token=ALICE)).json["code"]
    clock.pass_time(seconds=60)
    assert (await browser.sign_in(code=code)).status == 401


async def test_a_session_draws_no_code_so_it_cannot_outlive_itself(browser: Browser) -> None:
    await browser.sign_in(token=ALICE)
    reply = await browser.post(f"{SESSION}/codes")
    assert (reply.status, "this request carries none" in reply.text) == (400, True)


async def test_whoever_draws_too_many_codes_voids_only_their_own(store: Store) -> None:
    async def draw(token: str) -> str:
        return str((await store.call("POST", f"{SESSION}/codes", token=token)).json["code"])

    of_bob = await draw(BOB)
    of_alice = [await draw(ALICE) for _ in range(MOST_OF_ONE_USER + 1)]
    states = [(await Browser(store).sign_in(code=code)).status for code in (of_bob, of_alice[0], of_alice[1])]
    assert states == [200, 401, 200]


async def test_answers_to_a_session_are_kept_by_no_cache_on_the_way(store: Store, browser: Browser) -> None:
    await browser.sign_in(token=ALICE)
    assert (await browser.get("/v1/views/dags")).headers["Cache-Control"] == "private, no-cache"
    assert (await browser.get(SESSION)).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in (await store.get("/v1/views/dags", token=ALICE)).headers


async def test_a_name_that_breaks_lines_forges_none_in_the_log(
    browser: Browser, reviewer: FakeReviewer, caplog: pytest.LogCaptureFixture
) -> None:
    reviewer.identities["odd"] = Identity("eve\nINFO: root has signed in\u2028\x1b[2J", "eve-uid")
    with caplog.at_level(logging.INFO, "titan_store"):
        await browser.sign_in(token="odd")
    assert r"eve\nINFO: root has signed in\u2028\x1b[2J has signed in" in caplog.messages


async def test_nobody_gets_a_code_without_a_token(store: Store) -> None:
    assert (await store.call("POST", f"{SESSION}/codes", token=None)).status == 401
    assert (await store.call("POST", f"{SESSION}/codes", token="wrong")).status == 401


async def test_a_session_may_do_what_its_user_may_also_with_a_token_for_the_api_server(
    store: Store, browser: Browser
) -> None:
    assert (await store.get("/value", KEY, token=ALICE)).status == 401
    await browser.sign_in(token=ALICE)
    assert (await browser.call("PUT", "/value", KEY, data=b"v")).status == 204
    assert (await browser.get("/value", KEY)).text == "v"
    assert (await browser.get("/files")).status == 200


async def test_a_session_without_rights_is_refused_like_its_user(browser: Browser) -> None:
    await browser.sign_in(token=STRANGER)
    reply = await browser.get("/value", KEY)
    assert (reply.status, "stranger may not get values" in reply.text) == (403, True)


async def test_a_session_never_speaks_for_an_attempt(store: Store, browser: Browser, reviewer: FakeReviewer) -> None:
    """Also not if somebody pastes the token of a pod that is meant for the API server."""
    reviewer.add_runner("api-token-of-a-pod", "cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee", 1)
    reviewer.people.add("api-token-of-a-pod")
    await browser.sign_in(token="api-token-of-a-pod")
    query = {"job": "cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee", "attempt": "1", "offset": "0"}
    assert (await browser.call("POST", "/log", query, data=b"x")).status == 401


async def test_signing_out_ends_the_session_for_good(store: Store, browser: Browser) -> None:
    await browser.sign_in(token=ALICE)
    thief = Browser(store)
    thief.cookie, thief.csrf_token = browser.cookie, browser.csrf_token
    reply = await browser.sign_out()
    assert (reply.status, "Max-Age=0" in reply.headers["Set-Cookie"]) == (204, True)
    for one in (browser, thief):
        refused = await one.get(SESSION)
        assert (refused.status, "session has ended" in refused.text) == (401, True)


async def test_whoever_is_not_signed_in_is_told_what_to_do(browser: Browser) -> None:
    reply = await browser.get(SESSION)
    assert reply.status == 401
    told = PAGE_WORDS.read_text(encoding="utf-8")
    words = re.findall(r'^export const \w+ = "(.+)";$', told, re.MULTILINE)
    assert "titan dashboard" in words
    for word in words:  # The sign-in page and the refusal say the same.
        assert word in reply.json["error"]["message"]


async def test_a_session_ends_after_twelve_hours(browser: Browser, clock: FakeClock) -> None:
    await browser.sign_in(token=ALICE)
    clock.pass_time(hours=12, seconds=-1)
    assert (await browser.get(SESSION)).status == 200
    clock.pass_time(seconds=1)
    assert (await browser.get(SESSION)).status == 401


async def test_a_revoked_token_ends_what_its_session_may_do(browser: Browser, reviewer: FakeReviewer) -> None:
    await browser.sign_in(token=BOB)
    del reviewer.identities[BOB]
    reviewer.may_do_nothing.add("bob@example.com")
    assert (await browser.get(f"/v1/namespaces/{NAMESPACE}/approvals")).status == 403


@pytest.mark.parametrize("garbage", ["x", "x.y", "", "a" * 16 + "." + "b" * 43, "=;=", "%00"])
async def test_a_cookie_that_is_none_signs_nobody_in(browser: Browser, garbage: str) -> None:
    name = (await browser.sign_in(token=ALICE)).headers["Set-Cookie"].partition("=")[0]
    browser.cookie = f"{name}={garbage}"
    assert (await browser.get(SESSION)).status == 401


async def test_the_key_of_another_session_opens_nothing(store: Store, browser: Browser) -> None:
    await browser.sign_in(token=ALICE)
    other = Browser(store)
    await other.sign_in(token=BOB)
    assert browser.cookie and other.cookie
    browser.cookie = f"{browser.cookie.partition('.')[0]}.{other.cookie.partition('.')[2]}"
    assert (await browser.get(SESSION)).status == 401


async def test_a_token_in_a_header_wins_over_the_cookie(browser: Browser) -> None:
    await browser.sign_in(token=ALICE)
    reply = await browser.get(SESSION, headers={"Authorization": f"Bearer {BOB}"})
    assert reply.json["user"] == "bob@example.com"


async def test_the_oldest_of_too_many_sessions_of_one_user_ends(store: Store, clock: FakeClock) -> None:
    browsers = [Browser(store) for _ in range(21)]
    for browser in browsers:
        await browser.sign_in(token=ALICE)
        clock.pass_time(seconds=1)
    bob = Browser(store)
    await bob.sign_in(token=BOB)
    states = [(await browser.get(SESSION)).status for browser in (*browsers, bob)]
    assert states == [401, *[200] * 21]


async def test_whoever_guesses_is_refused_before_the_api_server_is_asked(
    browser: Browser, reviewer: FakeReviewer, clock: FakeClock
) -> None:
    for number in range(30):
        assert (await browser.sign_in(token=f"guess-{number}")).status == 401
    asked = reviewer.questions["person"]
    reply = await browser.sign_in(token=ALICE)
    assert (reply.status, reply.code, "Retry-After" in reply.headers) == (429, "TooManyAttempts", True)
    assert reviewer.questions["person"] == asked
    clock.pass_time(minutes=1)
    assert (await browser.sign_in(token=ALICE)).status == 200


async def test_guesses_of_tokens_keep_no_code_out_that_comes_from_the_same_proxy(
    store: Store, browser: Browser
) -> None:
    for number in range(30):
        await browser.sign_in(token=f"guess-{number}")
    code = (await store.call("POST", f"{SESSION}/codes", token=ALICE)).json["code"]
    assert (await browser.sign_in(code=code)).status == 200


async def test_guesses_at_the_same_time_are_counted_too(store: Store, reviewer: FakeReviewer) -> None:
    replies = await asyncio.gather(*(Browser(store).sign_in(token=f"guess-{number}") for number in range(100)))
    assert sorted({reply.status for reply in replies}) == [401, 429]
    assert reviewer.questions["person"] == 30


async def test_those_who_succeed_are_not_counted(store: Store) -> None:
    for _ in range(40):
        assert (await Browser(store).sign_in(token=ALICE)).status == 200


async def test_while_the_api_server_is_away_signing_in_fails_without_blame(
    browser: Browser, reviewer: FakeReviewer
) -> None:
    reviewer.is_away = True
    for _ in range(40):
        assert (await browser.sign_in(token=ALICE)).status == 503
