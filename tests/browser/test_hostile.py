"""Whatever anybody writes into names, messages, logs, files and values is text on every page, and nothing else."""

from pathlib import Path
from urllib.parse import quote

import pytest
from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.hostile import HTML, NAME, Planted, sow
from playwright.sync_api import Error, Page, expect

from titan_sdk import TitanClient
from titan_sdk.cluster.kube import Kube

FOREIGN = """() => [...document.querySelectorAll(
  "main script, main iframe, main style, main link, main base, main object, main embed, main meta, dialog script, "
  + "main [onerror], main [onload], main [onclick]"
)].map((part) => part.outerHTML)"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map((link) => link.href)
  .filter((address) => !/^(https?|mailto|blob):/.test(address))"""
PICTURES = """() => [...document.querySelectorAll("img")].map((image) => image.src)
  .filter((address) => address && !address.startsWith(location.origin) && !address.startsWith("blob:"))"""


@pytest.fixture(scope="module")
def planted(client: TitanClient, kube: Kube, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    seeds = sow(client, kube, tmp_path_factory.mktemp("seeds"))
    eventually(lambda: any(gate.dag == seeds.dag for gate in client.pending_approvals()), "the hostile gate")
    return seeds


def check(page: Page) -> None:
    """Nothing of it has become anything but text."""
    assert page.evaluate("() => window.hacked") is None
    for question in (FOREIGN, LINKS, PICTURES):
        assert page.evaluate(question) == [], page.url
    assert page.evaluate("() => getComputedStyle(document.body).display") != "none"


def look_around(page: Page) -> None:
    """Press what shows more of it: files of a job and of the namespace, artifacts, the other forms of a value."""
    for name in ("page.html", "picture.svg", "notes.md"):
        row = page.get_by_role("button", name=name)
        if row.count():
            row.first.click()
            page.wait_for_timeout(250)
            check(page)
    for form in ("Text", "Hex"):
        button = page.get_by_role("button", name=form, exact=True)
        if button.count():
            button.first.click()
            check(page)


def test_no_page_takes_hostile_text_for_its_own(dashboard: Dashboard, planted: Planted) -> None:
    screen = dashboard.open(dashboard.people.approver)
    for route in planted.routes("default"):
        page = screen.visit(route)
        page.get_by_role("heading", level=1).first.wait_for()
        page.wait_for_timeout(400)
        check(page)
        look_around(page)
    assert screen.witness.complaints() == []


def test_hostile_text_is_shown_as_it_was_written(dashboard: Dashboard, planted: Planted) -> None:
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{planted.dag}?job={planted.job}&tab=log")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME[:20])
    expect(page.get_by_text("<script>window.hacked=1;alert(1)</script>").first).to_be_visible()


def test_links_of_a_message_lead_only_where_links_may_lead(dashboard: Dashboard, planted: Planted) -> None:
    page = dashboard.open(dashboard.people.approver).visit(f"/approvals/default/{planted.gate}")
    expect(page.get_by_role("heading", name="Heading")).to_be_visible()
    for link in page.get_by_text("click me").all():
        link.click(force=True)
    check(page)
    assert page.url.endswith(f"/approvals/default/{quote(planted.gate)}")


@pytest.mark.parametrize("name", ["hostile/page.html", "hostile/picture.svg"])
def test_a_file_that_is_opened_by_its_address_is_saved_and_never_shown(
    dashboard: Dashboard, planted: Planted, name: str, tmp_path: Path
) -> None:
    assert planted
    page = dashboard.open(dashboard.people.reader, accept_downloads=True).page
    address = f"{dashboard.origin}/v1/namespaces/default/file?name={quote(name, safe='')}"
    with page.expect_download() as download, pytest.raises(Error, match="Download is starting"):
        page.goto(address)
    download.value.save_as(tmp_path / "saved")
    assert page.evaluate("() => window.hacked") is None
    if name.endswith("html"):
        assert (tmp_path / "saved").read_text() == HTML


def test_a_log_that_is_opened_by_its_address_runs_nothing(
    dashboard: Dashboard, client: TitanClient, planted: Planted
) -> None:
    uid = next(job.uid for job in client.list_jobs(dag=planted.dag) if job.name == planted.job)
    screen = dashboard.open(dashboard.people.reader)
    address = f"{dashboard.origin}/v1/namespaces/default/log?job={uid}"
    answer = screen.context.request.get(address)
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    try:
        screen.page.goto(address)
    except Error as error:
        assert "Download is starting" in str(error)
    assert screen.page.evaluate("() => window.hacked") is None
