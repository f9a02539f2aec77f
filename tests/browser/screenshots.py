"""Pictures of every page for the documentation: `make screenshots` writes docs/images/dashboard-*.png.

They show an ordinary day of a made-up team, told by real jobs on a cluster of this program's own. Colours are reduced
to a palette, so that a picture stays below 150 KB.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import private_cluster
from builders.dashboard.browsers import running_chromium
from builders.dashboard.dashboards import Dashboard
from builders.dashboard.people import invite
from builders.dashboard.stories import RUN, tell
from PIL import Image
from playwright.sync_api import Page

from titan_sdk import TitanClient

FOLDER = Path(__file__).parents[2] / "docs" / "images"
COLOURS = 256
MOST_BYTES = 150_000
WIDTH, HEIGHT = 1280, 800


@dataclass(frozen=True)
class Picture:
    """One file: what is opened, what must be there before it is taken, and what is pressed before."""

    name: str
    route: str
    shows: str
    press: str = ""
    scheme: str = "light"
    width: int = WIDTH
    height: int = HEIGHT


def pictures(dags: dict[str, str], gate: str, load: str, research: list[str]) -> Iterator[Picture]:
    """All of them."""
    corpus, etl = f"/dags/default/{dags['corpus']}", f"/dags/default/{dags['etl']}"
    yield Picture("overview", "/", "Running now")
    yield Picture("overview-dark", "/", "Running now", scheme="dark")
    yield Picture("dags", "/dags", "embed-corpus")
    yield Picture("graph", corpus, "merge-index")
    yield Picture("graph-dark", f"/dags/default/{dags['training']}", "compare", scheme="dark")
    yield Picture("job", f"{etl}?job={load}&tab=log", "IntegrityError")
    yield Picture("jobs", f"{corpus}?view=jobs", "fetch-corpus")
    yield Picture("timeline", f"{corpus}?view=timeline", "fetch-corpus")
    yield Picture("runs", "/runs", RUN)
    yield Picture("run", f"/runs/default/{quote(RUN)}", "RESEARCH · 2nd time")
    yield Picture("run-logs", f"/runs/default/{quote(RUN)}?logs={','.join(research)}", "done")
    yield Picture(
        "files", "/files?namespace=default&prefix=reports/2026-11/&file=reports/2026-11/summary.md", "outlook"
    )
    yield Picture("store", f"/store?namespace=default&key={quote('models:best')}", "models:best")
    yield Picture("approvals", "/approvals", "Waiting for you")
    yield Picture("approval", f"/approvals/default/{gate}", "Send this brief", press="brief.md")
    yield Picture("approval-phone", f"/approvals/default/{gate}", "Send this brief", width=390, height=844)
    yield Picture("services", "/services", "inference-api")


def main() -> int:
    """Make them all; says how large each is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with private_cluster() as cluster, running_chromium() as browser:
        client = TitanClient()
        dags = tell(client)
        dashboard = Dashboard(cluster, cluster.env()["TITAN_STORE_URL"], browser, invite(cluster))
        names = {job.job_id: job.name for dag in ("etl", "synthesis") for job in client.list_jobs(dag=dags[dag])}
        research = [job.name for job in client.list_jobs() if job.job_id in ("research-prices", "research-supply")][:2]
        for picture in pictures(dags, names["write-brief"], names["load"], research):
            take(dashboard, picture)
        screen = dashboard.open(None)
        screen.visit("/").get_by_role("heading", name="Sign in to Titan").wait_for()
        save("sign-in", screen.page)
        dashboard.close_screens()
    return 0


def take(dashboard: Dashboard, picture: Picture) -> None:
    """Open it as the administrator, wait for what it shows, and save it."""
    screen = dashboard.open(dashboard.people.admin, width=picture.width, height=picture.height, scheme=picture.scheme)
    page = screen.visit(picture.route)
    page.get_by_text(picture.shows).first.wait_for()
    if picture.press:
        page.get_by_role("button", name=picture.press).first.click()
    page.wait_for_timeout(1_000)
    save(picture.name, page)
    dashboard.close_screens()


def save(name: str, page: Page) -> None:
    """The visible part, in few colours."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = FOLDER / f"dashboard-{name}.png"
    image.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(FOLDER.parents[1])}  {size / 1000:.0f} KB")
    if size > MOST_BYTES:
        raise ValueError(f"{path} has {size} bytes; {MOST_BYTES} is the limit")


if __name__ == "__main__":
    sys.exit(main())
