"""Cancel, retry, resubmit, comment: each click is checked in the Kubernetes API; without the right there is none."""

import re
from pathlib import Path

import pytest
from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.jobs import phase_of, unique, waiting_job
from playwright.sync_api import Page, expect

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube

ACTIONS = ("Retry", "Resubmit", "Suspend", "Cancel")


def submit_running(client: TitanClient, tmp_path: Path, word: str) -> str:
    dag = client.submit_dag(unique(word), [waiting_job(unique(word), tmp_path / "flag")])
    eventually(lambda: client.get_dag(dag.name).phase == "Running", "a DAG that runs")
    return dag.name


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_dag_is_cancelled_after_a_question(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    dag = submit_running(client, tmp_path, "cancel")
    page = dashboard.open(dashboard.people.requester).visit(f"/dags/default/{dag}")
    press(page, "Cancel")
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    assert not kube.get("titandags", dag)["spec"].get("cancel")
    press(page, "Cancel")
    page.get_by_role("dialog").get_by_role("button", name="Cancel the DAG").click()
    eventually(lambda: phase_of(kube, "titandags", dag) == "Cancelled", "the end of the DAG")
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Cancelled")
    expect(page.get_by_text("being cancelled", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_attribute("aria-disabled", "true")


def test_one_job_is_cancelled_from_its_panel(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    dag = submit_running(client, tmp_path, "one")
    job = client.list_jobs(dag=dag)[0].name
    page = dashboard.open(dashboard.people.requester).visit(f"/dags/default/{dag}?job={job}")
    press(page, "Cancel the job")
    page.get_by_role("dialog", name="Cancel the job").get_by_role("button", name="Cancel the job").click()
    eventually(lambda: phase_of(kube, "titanjobs", job) == "Cancelled", "the end of the job")
    expect(page.get_by_role("dialog", name="Cancel the job")).to_be_hidden()
    expect(page.get_by_role("button", name="Cancel the job")).to_have_attribute("title", re.compile("has ended"))


def test_what_failed_is_retried_and_only_that(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    good, bad = unique("good"), unique("bad")
    script = f"import os, sys; sys.exit(0 if os.path.exists({str(tmp_path / 'flag')!r}) else 3)"
    dag = client.submit_dag(
        unique("retry"),
        [TitanJob(good, script_content=""), TitanJob(bad, script_content=script, parents=[good], retries=0)],
    )
    assert client.wait(dag, timeout=60).phase == "Failed"
    page = dashboard.open(dashboard.people.requester).visit(f"/dags/default/{dag.name}")
    (tmp_path / "flag").touch()
    press(page, "Retry")
    eventually(lambda: phase_of(kube, "titandags", dag.name) == "Succeeded", "the success of the second run")
    assert kube.get("titandags", dag.name)["spec"]["run"] == 2
    attempts = {job.job_id: job.attempt for job in client.list_jobs(dag=dag.name)}
    assert attempts == {good: 1, bad: 2}
    expect(page.locator(f'[data-node="job:{bad}"]')).to_have_attribute("data-phase", "Succeeded")


def test_a_dag_is_submitted_again_as_the_viewers_own(dashboard: Dashboard, client: TitanClient, kube: Kube) -> None:
    word, second = unique("again"), unique("second")
    jobs = [
        TitanJob(word, script_content="print(1)", env={"A": "b"}),
        TitanJob(second, parents=[word], script_content=""),
    ]
    dag = client.submit_dag(word, jobs)
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.requester).visit(f"/dags/default/{dag.name}")
    press(page, "Resubmit")
    page.wait_for_function("(old) => !location.hash.endsWith(old)", arg=dag.name)
    copy = page.url.rpartition("/")[2]
    eventually(lambda: phase_of(kube, "titandags", copy) == "Succeeded", "the success of the copy")
    spec = kube.get("titandags", copy)["spec"]
    assert (spec["name"], spec["requestedBy"], spec["jobCount"]) == (word, "rita", 2)
    assert {job.job_id for job in client.list_jobs(dag=copy)} == {word, second}
    expect(page.locator(f'[data-node="job:{second}"]')).to_have_attribute("data-phase", "Succeeded")


def test_a_comment_is_kept_with_its_author_and_others_see_it_at_once(
    dashboard: Dashboard, client: TitanClient, kube: Kube
) -> None:
    word = unique("comment")
    dag = client.submit_dag(word, [TitanJob(word, script_content="")])
    page = dashboard.open(dashboard.people.requester).visit(f"/dags/default/{dag.name}")
    other = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    expect(other.get_by_text("Nobody has written anything yet.")).to_be_visible()
    page.get_by_label("Add a comment").fill("rerun after the fix of <b>load</b>")
    press(page, "Add comment")
    entry = other.get_by_role("region", name="Comments").get_by_role("listitem")
    expect(entry).to_contain_text("rita")
    expect(entry).to_contain_text("rerun after the fix of <b>load</b>")
    kept = kube.get("titandags", dag.name)["metadata"]["annotations"]["titan.io/comments"]
    assert '"user"' in kept and "rita" in kept


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_only_read_sees_why_a_button_is_off_and_nothing_happens(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path, action: str
) -> None:
    dag = submit_running(client, tmp_path, "readonly")
    before = kube.get("titandags", dag)["spec"]
    screen = dashboard.open(dashboard.people.reader)
    page = screen.visit(f"/dags/default/{dag}")
    button = page.get_by_role("button", name=action, exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    if action != "Retry":  # Nothing has failed, which comes first.
        expect(button).to_have_attribute(
            "title", screen.get("v1/views/rights?namespace=default")[f"dags.{action.lower()}"]["reason"]
        )
    button.click(force=True)
    expect(page.get_by_role("dialog")).to_be_hidden()
    token = screen.get("v1/session")["csrfToken"]
    answer = screen.context.request.post(
        f"{dashboard.origin}/v1/namespaces/default/dags/{dag}/{action.lower()}", headers={"X-Titan-CSRF": token}
    )
    assert answer.status == 403, answer.text()
    assert kube.get("titandags", dag)["spec"] == before
    (tmp_path / "flag").touch()


def test_a_shared_identity_may_not_act_and_gets_the_commands(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    dag = submit_running(client, tmp_path, "shared")
    page = dashboard.open(dashboard.people.shared).visit(f"/dags/default/{dag}")
    expect(page.get_by_role("button", name="Resubmit", exact=True)).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text(f"titan resubmit {dag}")).to_be_visible()
    (tmp_path / "flag").touch()
