"""The page also works below a path of somebody else's proxy: signing in, pictures, what changes, and an action."""

from dataclasses import replace
from pathlib import Path

from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.jobs import unique, waiting_job
from builders.dashboard.prefix_proxy import shown_below
from playwright.sync_api import expect

from titan_sdk import TitanClient
from titan_sdk.cluster.kube import Kube


def test_below_a_prefix_everything_is_found_and_changes_arrive(
    dashboard: Dashboard, client: TitanClient, kube: Kube, tmp_path: Path
) -> None:
    word = unique("prefix")
    with shown_below(dashboard.origin, "/teams/a/titan") as address:
        behind = replace(dashboard, origin=address, screens=dashboard.screens)
        page = behind.open(None).page
        page.goto(f"{address}/")
        page.get_by_label("Token").fill(dashboard.people.requester.token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
        dag = client.submit_dag(word, [waiting_job(word, tmp_path / "flag")])
        page.get_by_role("link", name=word).click()
        expect(page.locator(f'[data-node="job:{word}"]')).to_have_attribute("data-phase", "Running")
        page.get_by_role("button", name="Suspend", exact=True).click()
        eventually(lambda: kube.get("titandags", dag.name)["spec"].get("suspend"), "a suspended DAG")
        (tmp_path / "flag").touch()
        expect(page.locator(f'[data-node="job:{word}"]')).to_have_attribute("data-phase", "Succeeded")
        page.goto("about:blank")
