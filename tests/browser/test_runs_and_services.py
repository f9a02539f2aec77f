"""Agent runs with their stages, iterations and logs side by side; services with their state, and their end."""

import socket
from pathlib import Path
from urllib.request import urlopen

from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.jobs import phase_of, unique
from playwright.sync_api import expect

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube

PUBLISHES = """
from titan_sdk import TitanClient
open("brief.md", "w").write("# The brief")
TitanClient().publish_artifact({key!r}, "brief.md")
print("published")
"""
SERVES = """
import http.server, os
http.server.HTTPServer(("", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_a_run_shows_its_stages_in_order_with_iterations_artifacts_and_logs_side_by_side(
    dashboard: Dashboard, client: TitanClient
) -> None:
    run, word = unique("run/1"), unique("analyse")
    for stage, jobs in (("PLAN", 1), ("ANALYSE", 2), ("ANALYSE", 2)):
        scripts = [f"print('{stage} {number} speaks')" for number in range(jobs)]
        made = [TitanJob(f"{stage}-{n}-{word}", script_content=script) for n, script in enumerate(scripts)]
        client.wait(client.submit_dag(stage, made, agent_run_id=run), timeout=60)
    publishes = TitanJob(f"write-{word}", script_content=PUBLISHES.format(key=f"{run}:brief"))
    client.wait(client.submit_dag("WRITE", [publishes], agent_run_id=run), timeout=60)
    page = dashboard.open(dashboard.people.reader).visit(f"/runs?search={run}")
    page.get_by_role("grid", name="Agent runs").get_by_role("link", name=run).click()
    expect(page.get_by_role("heading", level=1, name=run)).to_be_visible()
    stages = page.get_by_role("article").get_by_role("heading", level=3)
    expect(stages).to_have_text(["PLAN", "ANALYSE", "ANALYSE · 2nd time", "WRITE"])
    for number in range(2):
        page.get_by_role("button", name=f"Log of ANALYSE-{number}-{word}").first.click()
    sides = page.get_by_role("region", name="Logs side by side")
    for number in range(2):
        expect(sides.get_by_text(f"ANALYSE {number} speaks")).to_be_visible()
    page.get_by_role("button", name="brief.md").click()
    expect(page.get_by_role("heading", name="The brief")).to_be_visible()
    other = dashboard.open(dashboard.people.reader)
    other.visit(page.url.partition("#")[2])
    expect(other.page.get_by_text("ANALYSE 1 speaks")).to_be_visible()


def test_a_run_grows_while_it_is_looked_at(dashboard: Dashboard, client: TitanClient) -> None:
    run = unique("grows")
    client.submit_dag("FIRST", [TitanJob(unique("first"), script_content="")], agent_run_id=run)
    page = dashboard.open(dashboard.people.reader).visit(f"/runs/default/{run}")
    stages = page.get_by_role("article").get_by_role("heading", level=3)
    expect(stages).to_have_text(["FIRST"])
    client.submit_dag("SECOND", [TitanJob(unique("second"), script_content="")], agent_run_id=run)
    expect(stages).to_have_text(["FIRST", "SECOND"])


def test_a_service_shows_its_address_and_is_stopped(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    word = unique("api")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    dag = client.submit_dag(word, [TitanJob(word, "serve.py", "SERVICE", port=port, script_content=SERVES)])
    name = client.list_jobs(dag=dag.name)[0].name
    page = dashboard.open(dashboard.people.requester).visit("/services")
    row = page.get_by_role("grid", name="Services").get_by_role("row").filter(has_text=word)
    expect(row).to_contain_text("ready")
    expect(row).to_contain_text(f"127.0.0.1:{port}")
    expect(row).to_contain_text("none")
    assert urlopen(f"http://127.0.0.1:{port}/", timeout=5).status == 200
    row.get_by_role("button", name="Stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the service").click()
    eventually(lambda: phase_of(kube, "titanjobs", name) not in ("Serving", "Running"), "the end of the service")
    expect(row.get_by_text("ready", exact=True)).to_have_count(0)


def test_a_reader_cannot_stop_a_service(dashboard: Dashboard, client: TitanClient, kube: Kube) -> None:
    word = unique("kept")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    dag = client.submit_dag(word, [TitanJob(word, "serve.py", "SERVICE", port=port, script_content=SERVES)])
    client.wait(dag, timeout=60)
    page = dashboard.open(dashboard.people.reader).visit("/services")
    row = page.get_by_role("grid", name="Services").get_by_role("row").filter(has_text=word)
    stop = row.get_by_role("button", name="Stop")
    expect(stop).to_have_attribute("aria-disabled", "true")
    stop.click(force=True)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert phase_of(kube, "titanjobs", client.list_jobs(dag=dag.name)[0].name) == "Serving"
    client.stop_service(word)
