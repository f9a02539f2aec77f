"""What a page of another site can make a browser send: it is not served."""

from pathlib import Path

import pytest
from builders.store.cluster_objects import dag_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE
from builders.store.sign_ins import SESSION, Browser
from builders.store.stores import Store, running_store

CANCEL = "/dags/nightly/cancel"


@pytest.fixture
def cluster() -> FakeCluster:
    cluster = FakeCluster()
    cluster.put(dag_object("nightly"))
    return cluster


@pytest.mark.parametrize("token", [None, "", "wrong", "wröng"])
async def test_a_change_needs_the_token_of_the_session(
    browser: Browser, cluster: FakeCluster, token: str | None
) -> None:
    reply = await browser.post(CANCEL, headers={"X-Titan-CSRF": token})
    assert (reply.status, reply.code) == (403, "CSRFTokenMissing")
    assert cluster.writes.made == []
    assert (await browser.post(CANCEL)).status == 200


async def test_the_token_of_another_session_is_none(store: Store, browser: Browser) -> None:
    other = Browser(store)
    await other.sign_in(token=ALICE)
    assert (await browser.post(CANCEL, headers={"X-Titan-CSRF": other.csrf_token})).code == "CSRFTokenMissing"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_another_site_sent_is_not_served_even_for_reading(browser: Browser, method: str) -> None:
    path = CANCEL if method == "POST" else SESSION
    reply = await browser.call(method, path, headers={"Sec-Fetch-Site": "cross-site"})
    assert (reply.status, reply.code) == (403, "CrossSite")


async def test_what_is_open_to_everybody_here_is_not_open_to_other_sites(tmp_path: Path) -> None:
    async with running_store(tmp_path, anonymous_namespace="team") as store:
        add = {"token": None, "data": b'{"member": "m"}'}
        for site, status in [("cross-site", 403), (None, 200)]:
            headers = {"Sec-Fetch-Site": site} if site else {}
            assert (await store.call("POST", "/set/add", {"key": "k"}, headers=headers, **add)).status == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9090", 200),
        ("[::1]:9090", 200),
        ("localhost:9090", 200),
        ("titan-store.titan-system.svc:9090", 200),
        ("titan.example.org", 200),
        ("rebound.evil.example:9090", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example.", 403),
        ("[", 403),
    ],
)
async def test_what_is_open_to_everybody_here_is_not_open_under_a_name_that_somebody_made_lead_here(
    tmp_path: Path, host: str, status: int
) -> None:
    settings = {"anonymous_namespace": "team", "public_url": "https://titan.example.org"}
    async with running_store(tmp_path, **settings) as store:
        reply = await store.get("/set", {"key": "k"}, token=None, headers={"Host": host})
        assert reply.status == status
        assert (await store.get("/set", {"key": "k"}, headers={"Host": host})).status == 200


async def test_a_page_of_another_program_on_this_host_changes_nothing_that_is_open_to_everybody(tmp_path: Path) -> None:
    async with running_store(tmp_path, anonymous_namespace="team") as store:
        sibling = {"token": None, "headers": {"Sec-Fetch-Site": "same-site"}}
        reply = await store.call("POST", "/set/add", {"key": "k"}, data=b'{"member": "m"}', **sibling)
        assert (reply.status, reply.code) == (403, "CrossSite")
        assert (await store.get("/set", {"key": "k"}, token=None)).json["members"] == []


async def test_programs_with_a_token_need_nothing_of_it(store: Store) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert (await store.call("POST", CANCEL, token=ALICE, headers=headers)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": None}, 200),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
    ],
)
async def test_another_site_cannot_sign_a_browser_in_as_somebody_else(
    store: Store, headers: dict[str, str], status: int
) -> None:
    reply = await Browser(store).post(SESSION, {"token": ALICE}, headers=headers)
    assert (reply.status, "Set-Cookie" in reply.headers) == (status, status == 200)


async def test_a_forged_sign_out_is_refused(browser: Browser) -> None:
    reply = await browser.call("DELETE", SESSION, headers={"X-Titan-CSRF": None})
    assert reply.code == "CSRFTokenMissing"
    assert (await browser.get(SESSION)).status == 200
