"""The overview and the list of DAGs: what runs, waits and failed is there by itself, and can be found."""

from pathlib import Path

from builders.dashboard.dashboards import Dashboard
from builders.dashboard.jobs import open_gate, unique, waiting_job
from playwright.sync_api import expect

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube


def test_the_overview_shows_what_runs_what_waits_and_what_failed_without_being_loaded_again(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    page = dashboard.open(dashboard.people.approver).visit("/")
    expect(page.get_by_role("heading", name="Failed lately")).to_be_visible()
    running, failing = unique("runs"), unique("fails")
    flag = tmp_path / "flag"
    dag = client.submit_dag(running, [waiting_job(running, flag)])
    client.submit_dag(failing, [TitanJob(failing, script_content="raise SystemExit(3)", retries=0)])
    gate = open_gate(client, "waits")
    runs = page.get_by_role("region", name="Running now")
    expect(runs.get_by_role("link", name=running)).to_be_visible()
    failed = page.get_by_role("region", name="Failed lately").get_by_role("listitem")
    expect(failed.filter(has_text=failing)).to_contain_text("Failed")
    waits = page.get_by_role("region", name="Waiting for you")
    expect(waits.get_by_role("link", name=gate.job_id)).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").get_by_text("waiting")).to_be_attached()
    flag.touch()
    client.wait(dag, timeout=30)
    expect(runs.get_by_role("link", name=running)).to_have_count(0)
    client.reject(gate.job_id)
    expect(page.get_by_role("link", name=gate.job_id)).to_have_count(0)


def test_the_overview_tells_how_much_room_there_is_and_what_queues(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    flag, word = tmp_path / "flag", unique("gpu")
    jobs = [waiting_job(f"{word}-{number}", flag, requirement="GPU") for number in range(3)]
    dag = client.submit_dag(word, jobs)
    page = dashboard.open(dashboard.people.reader).visit("/")
    room = page.get_by_role("region", name="Capacity by requirement").get_by_role("listitem").filter(has_text="GPU")
    expect(room).to_contain_text("1 of 1 place taken, 2 waiting")
    expect(page.get_by_role("region", name="Queue").get_by_role("listitem").filter(has_text=word)).to_have_count(2)
    flag.touch()
    client.wait(dag, timeout=60)
    expect(room).to_contain_text("0 of 1 place taken")


def test_dags_are_found_by_phase_and_by_words_and_the_address_keeps_the_filter(
    dashboard: Dashboard, client: TitanClient
) -> None:
    word = unique("find")
    good = client.submit_dag(f"{word}-good", [TitanJob(f"{word}-good", script_content="")])
    bad = client.submit_dag(f"{word}-bad", [TitanJob(f"{word}-bad", script_content="exit(1)", retries=0)])
    client.wait(good, timeout=60)
    client.wait(bad, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit("/dags")
    expect(page.get_by_role("grid", name="DAGs")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Search by name, run or person")).to_be_focused()
    page.keyboard.type(word)
    rows = page.get_by_role("grid", name="DAGs").get_by_role("row")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Failed").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(f"{word}-bad")
    other = dashboard.open(dashboard.people.reader)
    other.visit(page.url.partition("#")[2])
    expect(other.page.get_by_role("grid", name="DAGs").get_by_role("row")).to_have_count(2)
    page.get_by_label("Search by name, run or person").fill("there-is-no-such-dag")
    expect(page.get_by_role("grid")).to_have_count(0)
    page.go_back()


def test_a_row_opens_by_keyboard(dashboard: Dashboard, client: TitanClient) -> None:
    word = unique("rows")
    dag = client.submit_dag(word, [TitanJob(word, script_content="")])
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags?search={word}")
    row = page.get_by_role("grid", name="DAGs").get_by_role("row").nth(1)
    row.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=word)).to_be_visible()
    assert page.url.endswith(f"/dags/default/{dag.name}")


def test_hundreds_of_dags_are_paged_through_by_scrolling(dashboard: Dashboard, kube: Kube) -> None:
    word = unique("many")
    for number in range(260):
        spec = {"name": f"{word}-{number:03}", "jobCount": 1, "suspend": True}
        metadata = {"name": f"{word}-{number:03}"}
        kube.create(
            "titandags",
            {"apiVersion": "titan.io/v1alpha1", "kind": "TitanDAG", "metadata": metadata, "spec": spec},
        )
    page = dashboard.open(dashboard.people.reader).visit(f"/dags?search={word}")
    grid = page.get_by_role("grid", name="DAGs")
    expect(grid).to_have_attribute("aria-rowcount", "261")
    expect(grid.get_by_text(f"{word}-259").first).to_be_visible()
    assert grid.get_by_role("row").count() < 150
    for _ in range(200):
        if grid.get_by_role("link", name=f"{word}-000").count():
            break
        page.mouse.move(700, 600)
        page.mouse.wheel(0, 2_000)
        page.wait_for_timeout(50)
    expect(grid.get_by_role("link", name=f"{word}-000")).to_be_visible()
    for number in range(260):
        kube.delete("titandags", f"{word}-{number:03}")
    expect(grid).to_have_count(0)
