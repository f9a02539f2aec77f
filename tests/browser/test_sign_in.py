"""Getting in and out: by code, by token, with words when it does not work; and what a session survives."""

import re

from builders.dashboard.dashboards import Dashboard, Screen
from playwright.sync_api import APIResponse, expect


def sign_in_by_token(screen: Screen, token: str) -> None:
    screen.page.get_by_label("Token").fill(token)
    screen.page.get_by_role("button", name="Sign in").click()


def ask_for_code(dashboard: Dashboard, token: str) -> APIResponse:
    """As `titan dashboard` does, in a browser of its own."""
    caller = dashboard.open(None).context.request
    return caller.post(f"{dashboard.origin}/v1/session/codes", headers={"Authorization": f"Bearer {token}"})


def test_somebody_who_is_not_signed_in_is_asked_to_and_then_sees_the_page_that_was_wanted(dashboard: Dashboard) -> None:
    screen = dashboard.open(None)
    page = screen.visit("/services")
    expect(page.get_by_role("heading", name="Sign in to Titan")).to_be_visible()
    expect(page.get_by_text("titan dashboard")).to_be_visible()
    sign_in_by_token(screen, dashboard.people.reader.token)
    expect(page.get_by_role("heading", level=1, name="Services")).to_be_visible()
    assert screen.get("v1/session")["user"] == "vera"


def test_a_wrong_token_is_refused_in_words(dashboard: Dashboard) -> None:
    screen = dashboard.open(None)
    screen.visit("/")
    sign_in_by_token(screen, "not-a-token")
    alert = screen.page.get_by_role("alert")
    expect(alert).to_be_visible()
    assert len((alert.text_content() or "").split()) > 3
    expect(screen.page.get_by_label("Token")).to_be_visible()
    sign_in_by_token(screen, dashboard.people.reader.token)
    expect(screen.page.get_by_role("heading", level=1, name="Overview")).to_be_visible()


def test_a_code_signs_in_once_and_does_not_stay_in_the_address(dashboard: Dashboard) -> None:
    answer = ask_for_code(dashboard, dashboard.people.admin.token)
    assert answer.ok, answer.text()
    code = answer.json()["code"]
    screen = dashboard.open(None)
    page = screen.visit(f"/sign-in?code={code}")
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    assert code not in page.url
    page.go_back()
    assert code not in page.url
    other = dashboard.open(None)
    other.visit(f"/sign-in?code={code}")
    expect(other.page.get_by_role("alert")).to_be_visible()


def test_a_session_survives_a_restart_of_the_store(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.reader)
    page = screen.visit("/")
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    dashboard.restart_store()
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    expect(page.get_by_role("button", name="Signed in as vera")).to_be_visible()


def test_signing_out_ends_the_session_for_the_store_too(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.reader)
    page = screen.visit("/")
    (cookie,) = [one for one in screen.context.cookies() if one["name"].startswith("titan-session-")]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    page.get_by_role("button", name="Signed in as vera").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Titan")).to_be_visible()
    stolen = dashboard.open(None)
    stolen.context.add_cookies([cookie])
    assert stolen.context.request.get(f"{dashboard.origin}/v1/session").status == 401


def test_signing_out_in_one_tab_leads_the_other_to_the_sign_in_page(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.reader)
    other = screen.context.new_page()
    other.goto(f"{dashboard.origin}/#/dags")
    expect(other.get_by_role("heading", level=1, name="DAGs")).to_be_visible()
    page = screen.visit("/")
    page.get_by_role("button", name="Signed in as vera").click()
    page.get_by_role("button", name="Sign out").click()
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Sign in to Titan")).to_be_visible()


def test_a_session_that_ended_meanwhile_is_told_and_the_page_comes_back_after_signing_in(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.reader)
    page = screen.visit("/dags")
    expect(page.get_by_role("heading", level=1, name="DAGs")).to_be_visible()
    screen.context.clear_cookies()
    page.evaluate("() => { location.hash = '#/services'; }")
    expect(page.get_by_text(re.compile("session has ended"))).to_be_visible()
    sign_in_by_token(screen, dashboard.people.reader.token)
    expect(page.get_by_role("heading", level=1, name="Services")).to_be_visible()


def test_a_request_that_changes_something_needs_the_sessions_csrf_token(dashboard: Dashboard) -> None:
    screen = dashboard.open(dashboard.people.admin)
    address = f"{dashboard.origin}/v1/namespaces/default/dags/none/cancel"
    refused = screen.context.request.post(address)
    assert (refused.status, refused.json()["error"]["code"]) == (403, "CSRFTokenMissing")
    token = screen.get("v1/session")["csrfToken"]
    assert screen.context.request.post(address, headers={"X-Titan-CSRF": token}).status == 404
