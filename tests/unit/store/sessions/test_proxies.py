"""A proxy that signs people in: believed where it was switched on, and nobody who only says the same."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from builders.store.reviewers import ALICE, FakeReviewer
from builders.store.sign_ins import SESSION, Browser
from builders.store.stores import Store, running_store
from titan_store.errors import Unauthenticated
from titan_store.sessions.proxies import find_person
from titan_store.settings import TrustedProxy

USER, GROUPS = "X-Forwarded-Email", "X-Forwarded-Groups"
CAROL = {USER: "carol@example.com", GROUPS: "leads, staff,,system:masters"}
HERE = TrustedProxy(USER, (ip_network("127.0.0.1/32"),), GROUPS)
ELSEWHERE = TrustedProxy(USER, (ip_network("10.1.0.0/16"), ip_network("fd00::/8")), GROUPS)


@pytest.fixture
async def store(tmp_path: Path, reviewer: FakeReviewer) -> AsyncIterator[Store]:
    reviewer.cluster_wide.add("carol@example.com")
    async with running_store(tmp_path, reviewer, trusted_proxy=HERE) as running:
        yield running


@pytest.fixture
def browser(store: Store) -> Browser:
    return Browser(store)


async def test_the_proxys_word_is_a_session(browser: Browser) -> None:
    session = (await browser.get(SESSION, headers=CAROL)).json
    assert (session["user"], session["signIn"], session["isShared"]) == ("carol@example.com", "proxy", False)
    assert session["groups"] == ["leads", "staff", "system:authenticated"]


async def test_its_people_have_the_rights_that_the_api_server_gives_them(
    browser: Browser, reviewer: FakeReviewer
) -> None:
    assert (await browser.get("/values", headers=CAROL)).status == 200
    reply = await browser.get("/values", headers={USER: "stranger"})
    assert (reply.status, "stranger may not list values" in reply.text) == (403, True)


async def test_their_changes_need_the_token_against_forgeries_too(browser: Browser) -> None:
    put = {"method": "PUT", "path": "/value", "query": {"key": "k"}, "data": b"v"}
    assert (await browser.call(**put, headers=CAROL)).code == "CSRFTokenMissing"
    browser.csrf_token = (await browser.get(SESSION, headers=CAROL)).json["csrfToken"]
    assert (await browser.call(**put, headers=CAROL)).status == 204
    other = {USER: "dave@example.com"}
    assert (await browser.call(**put, headers=other)).code == "CSRFTokenMissing"


async def test_the_token_survives_a_restart(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        async with running_store(tmp_path, trusted_proxy=HERE) as store:
            tokens.add((await Browser(store).get(SESSION, headers=CAROL)).json["csrfToken"])
    assert len(tokens) == 1


async def test_a_proxys_session_gets_no_code(browser: Browser) -> None:
    browser.csrf_token = (await browser.get(SESSION, headers=CAROL)).json["csrfToken"]
    assert (await browser.post(f"{SESSION}/codes", headers=CAROL)).status == 400


async def test_the_proxys_own_authorization_is_no_hindrance(browser: Browser) -> None:
    headers = CAROL | {"Authorization": "Basic Y2Fyb2w6"}
    assert (await browser.get(SESSION, headers=headers)).json["user"] == "carol@example.com"


async def test_a_token_that_was_made_for_the_store_wins(browser: Browser) -> None:
    reply = await browser.get(SESSION, headers=CAROL | {"X-Titan-Token": ALICE})
    assert reply.json["user"] == "alice@example.com"


@pytest.mark.parametrize("proxy", [None, ELSEWHERE])
async def test_the_header_of_anybody_else_is_ignored(tmp_path: Path, proxy: TrustedProxy | None) -> None:
    async with running_store(tmp_path, trusted_proxy=proxy) as store:
        browser = Browser(store)
        assert (await browser.get(SESSION, headers=CAROL)).status == 401
        await browser.sign_in(token=ALICE)
        assert (await browser.get(SESSION, headers=CAROL)).json["user"] == "alice@example.com"


@pytest.mark.parametrize(
    ("peer", "is_believed"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("fd00::7", True),
        ("fd00::7%eth0", True),
        ("10.2.0.1", False),
        ("::ffff:10.2.0.1", False),
        ("fe80::1", False),
        ("", False),
        (None, False),
        ("a socket", False),
    ],
)
def test_only_its_addresses_are_trusted(peer: str | None, is_believed: bool) -> None:
    person = find_person(ELSEWHERE, peer, ["carol"], [])
    assert (person is not None) == is_believed


@pytest.mark.parametrize("users", [[""], [" "], ["system:admin"], ["system:serviceaccount:a:b"], ["carol", "root"]])
def test_a_word_that_no_proxy_should_give_signs_nobody_in(users: list[str]) -> None:
    with pytest.raises(Unauthenticated):
        find_person(HERE, "127.0.0.1", users, [])


def test_without_the_header_nobody_is_meant() -> None:
    assert find_person(HERE, "127.0.0.1", [], ["leads"]) is None


@pytest.mark.parametrize("name", ["carol\udcff", "carol\x85INFO: root", "carol\u202e", "ca\u2028rol"], ids=ascii)
def test_a_name_that_cannot_be_shown_on_one_line_signs_nobody_in(name: str) -> None:
    with pytest.raises(Unauthenticated):
        find_person(HERE, "127.0.0.1", [name], [])
    person = find_person(HERE, "127.0.0.1", ["carol"], [f"leads,{name}"])
    assert person is not None
    assert person.groups == ("leads", "system:authenticated")
