"""The page of one DAG while real jobs run: graph, list, log, panel, and what people do there."""

import re
from pathlib import Path

from builders.dashboard.dashboards import NARROW, Dashboard, eventually
from builders.dashboard.graphs import big_shape, seed_suspended
from builders.dashboard.jobs import TALKS, phase_of, unique, waiting_job
from playwright.sync_api import Locator, Page, expect
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube


def node(page: Page, job_id: str) -> Locator:
    return page.locator(f'[data-node="job:{job_id}"]')


def test_the_graph_turns_green_while_the_jobs_run(dashboard: Dashboard, client: TitanClient, tmp_path: Path) -> None:
    flags = {word: tmp_path / word for word in ("first", "second")}
    first, second = unique("first"), unique("second")
    jobs = [waiting_job(first, flags["first"]), waiting_job(second, flags["second"], parents=[first])]
    dag = client.submit_dag(unique("green"), jobs)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    expect(node(page, first)).to_have_attribute("data-phase", "Running")
    expect(node(page, second)).to_have_attribute("data-phase", "Pending")
    flags["first"].touch()
    expect(node(page, first)).to_have_attribute("data-phase", "Succeeded")
    expect(node(page, second)).to_have_attribute("data-phase", "Running")
    expect(node(page, second)).to_have_accessible_name(re.compile(f"{second} Running .*titan-"))
    flags["second"].touch()
    expect(node(page, second)).to_have_attribute("data-phase", "Succeeded")
    expect(page.locator(".page-head, header").get_by_text("Succeeded").first).to_be_visible()
    assert client.wait(dag, timeout=30).phase == "Succeeded"


def test_jobs_that_are_added_meanwhile_appear_in_the_graph(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    first, later = unique("first"), unique("later")
    dag = client.submit_dag(unique("grows"), [waiting_job(first, tmp_path / "flag")])
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    expect(node(page, first)).to_be_visible()
    client.add_jobs(dag.name, [TitanJob(later, script_content="", parents=[first])])
    expect(node(page, later)).to_be_visible()
    (tmp_path / "flag").touch()
    expect(node(page, later)).to_have_attribute("data-phase", "Succeeded")


def test_the_log_grows_while_the_job_talks_and_ends_with_its_last_line(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    flag, word = tmp_path / "flag", unique("talks")
    content = TALKS.format(flag=str(flag))
    dag = client.submit_dag(word, [TitanJob(word, "talks.py", script_content=content)])
    name = client.list_jobs(dag=dag.name)[0].name
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}?job={name}&tab=log")
    log = page.get_by_label(f"Lines of the log of {word}")
    expect(log.get_by_text("line 3", exact=True)).to_be_visible()
    expect(log.get_by_text("line 12", exact=True)).to_be_visible()
    flag.touch()
    expect(log.get_by_text("the last line")).to_be_visible()
    client.wait(dag, timeout=30)
    shown = [line for line in log.inner_text().splitlines() if line.strip()]
    assert shown == client.fetch_logs(word).splitlines()[-len(shown) :]


def test_the_jobs_panel_tells_why_attempts_events_and_what_was_asked_for(
    dashboard: Dashboard, client: TitanClient
) -> None:
    word = unique("panel")
    job = TitanJob(
        word,
        "fails.py",
        args="--rows 3",
        script_content="print('so it goes'); raise SystemExit(7)",
        retries=1,
        backoff=0,
        env={"COLOUR": "teal"},
        resources={"cpu": 1},
    )
    dag = client.submit_dag(word, [job, TitanJob(f"{word}-next", script_content="", parents=[word])])
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    node(page, word).click()
    panel = page.get_by_role("dialog", name=word)
    expect(panel.get_by_text(client.why(word)[:40])).to_be_visible()
    expect(panel.get_by_text("exit code 7").first).to_be_visible()
    panel.get_by_role("tab", name="Attempts").click()
    expect(panel.get_by_text(f"{dag.name}-{word}-1").first).to_be_visible()
    expect(panel.get_by_text(f"{dag.name}-{word}-2").first).to_be_visible()
    panel.get_by_role("tab", name="Events").click()
    expect(panel.get_by_role("listitem").first).to_be_visible()
    panel.get_by_role("tab", name="Details").click()
    for said in ("COLOUR", "teal", "--rows", "cpu 1"):
        expect(panel.get_by_text(said).first).to_be_visible()
    panel.get_by_role("tab", name="YAML").click()
    expect(panel.get_by_text("kind: TitanJob").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(node(page, word)).to_be_focused()


def test_the_graph_is_walked_by_keyboard(dashboard: Dashboard, client: TitanClient) -> None:
    words = [unique(f"walk-{number}") for number in range(3)]
    jobs = [
        TitanJob(word, script_content="", parents=[before] if before else [])
        for before, word in zip([None, *words], words, strict=False)
    ]
    dag = client.submit_dag(words[0], jobs)
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    node(page, words[0]).focus()
    page.keyboard.press("ArrowRight")
    expect(node(page, words[1])).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(node(page, words[2])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=words[2])).to_be_visible()


def test_every_view_of_a_dag_has_an_address(dashboard: Dashboard, client: TitanClient) -> None:
    word = unique("views")
    script = "open('left.txt', 'w').write('left behind')"
    dag = client.submit_dag(word, [TitanJob(word, script_content=script)])
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}?view=jobs")
    expect(page.get_by_role("grid", name="Jobs").get_by_text(word).first).to_be_visible()
    page.get_by_role("tab", name="Time-line").click()
    expect(page.get_by_role("tabpanel").get_by_text(word).first).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download left.txt").click()
    assert download.value.path().read_text() == "left behind"
    page.get_by_role("tab", name="YAML").click()
    expect(page.get_by_text("kind: TitanDAG").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="Files")).to_have_attribute("aria-selected", "true")


def test_a_dag_of_thousands_of_jobs_opens_folded_and_a_fold_opens_on_demand(
    dashboard: Dashboard, cluster: LocalCluster, client: TitanClient
) -> None:
    name = seed_suspended(cluster.state_dir / "kubeconfig", unique("big"), big_shape(2000))
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{name}")
    fold = page.locator(".node-fold").first
    expect(fold).to_be_visible()
    answer = dashboard.screens[-1].get(f"v1/namespaces/default/dags/{name}/graph")
    assert (answer["jobs"], sum(found["size"] for found in answer["nodes"])) == (2000, 2000)
    assert len(answer["nodes"]) <= 250
    fold.click()
    expect(page.get_by_role("tab", name="Jobs")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("grid", name="Jobs")).to_have_attribute("aria-rowcount", "401")


def test_a_job_is_read_on_a_narrow_screen(dashboard: Dashboard, client: TitanClient) -> None:
    word = unique("narrow")
    dag = client.submit_dag(word, [TitanJob(word, script_content="print('on a phone')")])
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader, width=NARROW).visit(f"/dags/default/{dag.name}?view=jobs")
    page.get_by_role("grid", name="Jobs").get_by_text(word).first.click()
    panel = page.get_by_role("dialog", name=word)
    expect(panel.get_by_text("on a phone")).to_be_visible()
    box = panel.bounding_box()
    assert box is not None and box["width"] >= NARROW - 2
    panel.get_by_role("button", name="Close the job").click()
    expect(panel).to_be_hidden()


def test_two_browsers_see_the_same(dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path) -> None:
    word = unique("same")
    dag = client.submit_dag(word, [waiting_job(word, tmp_path / "flag")])
    pages = [
        dashboard.open(viewer).visit(f"/dags/default/{dag.name}")
        for viewer in (dashboard.people.reader, dashboard.people.requester)
    ]
    for page in pages:
        expect(node(page, word)).to_have_attribute("data-phase", "Running")
    pages[1].get_by_role("button", name="Suspend").click()
    eventually(lambda: kube.get("titandags", dag.name)["spec"].get("suspend"), "a suspended DAG")
    expect(pages[0].get_by_role("main").get_by_text("suspended").first).to_be_visible()
    pages[1].get_by_role("button", name="Resume").click()
    expect(pages[0].get_by_role("main").get_by_text("suspended")).to_have_count(0)
    (tmp_path / "flag").touch()
    for page in pages:
        expect(node(page, word)).to_have_attribute("data-phase", "Succeeded")


def test_the_page_goes_on_by_itself_when_the_store_was_restarted(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    word = unique("outage")
    dag = client.submit_dag(word, [waiting_job(word, tmp_path / "flag")])
    name = client.list_jobs(dag=dag.name)[0].name
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}?job={name}&tab=log")
    expect(node(page, word)).to_have_attribute("data-phase", "Running")
    expect(page.get_by_text("waiting for the flag")).to_be_visible()
    dashboard.restart_store()
    (tmp_path / "flag").touch()
    eventually(lambda: phase_of(kube, "titandags", dag.name) == "Succeeded", "the end of the DAG")
    expect(node(page, word)).to_have_attribute("data-phase", "Succeeded", timeout=20_000)
    expect(page.get_by_text("the flag is there")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()


def test_beside_the_panel_of_a_job_the_graph_is_still_whole(dashboard: Dashboard, client: TitanClient) -> None:
    words = [unique(word) for word in ("first", "second", "third")]
    jobs = [TitanJob(word, script_content="", parents=words[index - 1 : index]) for index, word in enumerate(words)]
    dag = client.submit_dag(unique("chain"), jobs)
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/dags/default/{dag.name}")
    graph = page.get_by_role("region", name="Graph of the jobs")
    expect(node(page, words[-1])).to_be_visible()

    def is_whole() -> bool:
        pane, boxes = graph.bounding_box(), [node(page, word).bounding_box() for word in words]
        assert pane
        return all(box and pane["x"] <= box["x"] <= pane["x"] + pane["width"] - box["width"] for box in boxes)

    whole = (graph.bounding_box() or {})["width"]
    node(page, words[0]).click()
    eventually(
        lambda: (graph.bounding_box() or {})["width"] < whole and is_whole(), "a graph that fits beside the panel"
    )
