"""People decide about gates: by mouse, by keyboard alone, together, too late, and without the right to."""

from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.jobs import decisions, open_gate, phase_of
from playwright.sync_api import Page, expect

from titan_sdk import TitanClient
from titan_sdk.cluster.kube import Kube

TABS_AT_MOST = 60


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the button of that name."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and (focused.text_content() or "").strip() == name:
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def test_an_approver_finds_the_gate_reads_what_it_is_about_and_approves_by_mouse(
    dashboard: Dashboard, client: TitanClient, kube: Kube
) -> None:
    gate = open_gate(client, "mouse")
    page = dashboard.open(dashboard.people.approver).visit("/approvals")
    page.get_by_role("link", name=gate.job_id).click()
    expect(page.get_by_role("heading", level=1, name=gate.job_id)).to_be_visible()
    expect(page.locator("strong", has_text="draft")).to_be_visible()
    page.get_by_role("button", name="draft.md").click()
    expect(page.get_by_text("All is well")).to_be_visible()
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_text("the draft has 148 words")).to_be_visible()
    page.get_by_label("Comment").fill("reads well")
    page.get_by_role("button", name="Approve", exact=True).click()
    assert decisions(kube, gate.job) == []
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    eventually(lambda: decisions(kube, gate.job) == [("anna", "Approve", "reads well")], "the decision")
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
    eventually(lambda: phase_of(kube, "titandags", gate.dag) == "Succeeded", "the job behind the gate")


def test_an_approver_rejects_by_keyboard_alone(dashboard: Dashboard, client: TitanClient, kube: Kube) -> None:
    gate = open_gate(client, "keyboard")
    page = dashboard.open(dashboard.people.approver).visit(f"/approvals/default/{gate.job}")
    expect(page.get_by_role("heading", level=1, name=gate.job_id)).to_be_visible()
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        if page.locator("textarea:focus").count():
            break
    page.keyboard.type("not like this")
    page.keyboard.press("Control+Enter")
    assert decisions(kube, gate.job) == []
    tab_to(page, "Reject")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert decisions(kube, gate.job) == []
    page.keyboard.press("Space")
    tab_to(page, f"Reject {gate.job_id}")
    page.keyboard.press("Enter")
    eventually(lambda: decisions(kube, gate.job) == [("anna", "Reject", "not like this")], "the decision")
    eventually(lambda: phase_of(kube, "titandags", gate.dag) == "Failed", "the end of the DAG")


def test_a_gate_that_was_decided_meanwhile_says_so_at_once(
    dashboard: Dashboard, client: TitanClient, kube: Kube
) -> None:
    gate = open_gate(client, "meanwhile")
    page = dashboard.open(dashboard.people.approver).visit(f"/approvals/default/{gate.job}")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    client.reject(gate.job_id, "too late")
    expect(page.get_by_role("status").filter(has_text="Decided meanwhile")).to_be_visible()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    assert [verdict for _, verdict, _ in decisions(kube, gate.job)] == ["Reject"]


def test_two_approvals_of_two_people_are_counted(dashboard: Dashboard, client: TitanClient, kube: Kube) -> None:
    gate = open_gate(client, "both", required_approvals=2)
    page = dashboard.open(dashboard.people.approver).visit(f"/approvals/default/{gate.job}")
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("1 of 2").first).to_be_visible()
    assert phase_of(kube, "titanapprovals", gate.job) == "Pending"
    other = dashboard.open(dashboard.people.admin).visit(f"/approvals/default/{gate.job}")
    other.get_by_role("button", name="Approve", exact=True).click()
    other.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
    eventually(lambda: phase_of(kube, "titanapprovals", gate.job) == "Approved", "the approval")
    assert [user for user, _, _ in decisions(kube, gate.job)] == ["anna", "ada"]


def test_history_tells_who_decided_what(dashboard: Dashboard, client: TitanClient) -> None:
    gate = open_gate(client, "history")
    client.approve(gate.job_id, "fine by me")
    page = dashboard.open(dashboard.people.reader).visit("/approvals")
    page.get_by_role("tab", name="History").click()
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=gate.job_id)).first
    expect(entry).to_contain_text("titan-local-admin approved")
    expect(entry).to_contain_text("fine by me")


def test_who_may_not_approve_sees_why_and_the_page_cannot_be_talked_into_it(
    dashboard: Dashboard, client: TitanClient, kube: Kube
) -> None:
    gate = open_gate(client, "refused")
    screen = dashboard.open(dashboard.people.reader)
    page = screen.visit(f"/approvals/default/{gate.job}")
    button = page.get_by_role("button", name="Approve", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_attribute("title", screen.get(f"v1/namespaces/default/approvals/{gate.job}")["whyNot"])
    button.click(force=True)
    expect(page.get_by_role("dialog")).to_be_hidden()
    token = screen.get("v1/session")["csrfToken"]
    answer = screen.context.request.post(
        f"{dashboard.origin}/v1/namespaces/default/approvals/{gate.job}/decision",
        data={"verdict": "Approve", "comment": ""},
        headers={"X-Titan-CSRF": token},
    )
    assert answer.status == 403, answer.text()
    assert decisions(kube, gate.job) == []


def test_a_shared_identity_gets_the_command_to_copy(dashboard: Dashboard, client: TitanClient, kube: Kube) -> None:
    gate = open_gate(client, "shared")
    screen = dashboard.open(dashboard.people.shared, permissions=["clipboard-read", "clipboard-write"])
    page = screen.visit(f"/approvals/default/{gate.job}")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_attribute("aria-disabled", "true")
    command = screen.get(f"v1/namespaces/default/approvals/{gate.job}")["command"]
    assert command.startswith("titan approve ")
    line = page.get_by_text(command, exact=True)
    expect(line).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Copy").last.click()
    assert page.evaluate("() => navigator.clipboard.readText()") == command
    assert decisions(kube, gate.job) == []
