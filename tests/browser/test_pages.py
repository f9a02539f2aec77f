"""Every page opens by its address, for who may see much and who may see nothing, and is safe, readable and fits."""

import pytest
from builders.dashboard.accessibility import grave_findings, too_wide
from builders.dashboard.dashboards import NARROW, WIDE, Dashboard, eventually
from playwright.sync_api import Page, expect

from titan_sdk import TitanClient, TitanJob

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
RUN = "pages-run"
HEADINGS = {
    "/": "Overview",
    "/dags": "DAGs",
    "/runs": "Agent runs",
    "/approvals": "Approvals",
    "/services": "Services",
    "/files": "Files",
    "/store": "Store",
}


@pytest.fixture(scope="module")
def places(client: TitanClient) -> dict[str, str]:
    """Addresses of the pages of one object, by their kind."""
    jobs = [
        TitanJob("drafts", script_content="print('drafted')", hitl_message="Send **it**?"),
        TitanJob("sends", script_content="", parents=["drafts"]),
    ]
    dag = client.submit_dag("pages", jobs, agent_run_id=RUN)
    eventually(lambda: any(gate.dag == dag.name for gate in client.pending_approvals()), "an open gate")
    client.store_put("pages:key", '{"a": 1}')
    client.store_sadd("pages:set", "member")
    gate = client.list_jobs(dag=dag.name)[0].name
    return {
        "dag": f"/dags/default/{dag.name}",
        "job": f"/dags/default/{dag.name}?job={gate}",
        "run": f"/runs/default/{RUN}",
        "approval": f"/approvals/default/{gate}",
    }


def wait_for_content(page: Page) -> None:
    """Until the page has its heading and nothing in it is still being asked for."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true], .skeleton')")


@pytest.mark.parametrize("route", HEADINGS)
def test_a_list_opens_by_its_address(dashboard: Dashboard, route: str) -> None:
    page = dashboard.open(dashboard.people.admin).visit(route)
    expect(page.get_by_role("heading", level=1, name=HEADINGS[route])).to_be_visible()
    expect(page.get_by_role("status", name="").filter(has_text="live")).to_be_visible()


@pytest.mark.parametrize("kind", ["dag", "job", "run", "approval"])
def test_a_page_of_one_object_opens_by_its_address(dashboard: Dashboard, places: dict[str, str], kind: str) -> None:
    page = dashboard.open(dashboard.people.admin).visit(places[kind])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("drafts").first).to_be_visible()


@pytest.mark.parametrize("route", HEADINGS)
def test_somebody_without_any_right_sees_nothing_of_others(
    dashboard: Dashboard, places: dict[str, str], route: str
) -> None:
    assert places
    page = dashboard.open(dashboard.people.stranger).visit(route)
    wait_for_content(page)
    assert "drafts" not in page.inner_text("main")
    assert len(page.inner_text("main").split()) > 5, "it does not say what to do"


def test_somebody_without_any_right_is_refused_by_the_store_in_words(
    dashboard: Dashboard, places: dict[str, str]
) -> None:
    screen = dashboard.open(dashboard.people.stranger)
    assert screen.get("v1/views/dags")["total"] == 0
    name = places["dag"].rpartition("/")[2]
    for path in (f"v1/namespaces/default/dags/{name}", "v1/views/dags?namespace=default"):
        assert screen.context.request.get(f"{dashboard.origin}/{path}").status == 403
    page = screen.visit(places["dag"])
    expect(page.get_by_text("stan may not").first).to_be_visible()


def test_the_page_comes_with_the_strictest_policy_and_everything_else_cannot_be_a_page(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.admin)
    page = screen.context.request.get(dashboard.origin)
    assert page.headers["content-security-policy"] == POLICY
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    answer = screen.context.request.get(f"{dashboard.origin}/v1/session")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    for each in (page, answer):
        assert (each.headers["x-content-type-options"], each.headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("route", [*HEADINGS, "dag", "job", "run", "approval", "/sign-in"])
def test_axe_finds_nothing_grave_and_the_page_does_not_scroll_sideways(
    dashboard: Dashboard, places: dict[str, str], route: str, scheme: str, width: int
) -> None:
    viewer = None if route == "/sign-in" else dashboard.people.admin
    page = dashboard.open(viewer, width=width, scheme=scheme).visit(places.get(route, route))
    wait_for_content(page)
    page.wait_for_timeout(300)
    assert grave_findings(page) == []
    assert too_wide(page) == []
