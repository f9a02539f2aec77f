"""Run the conformance suite against the embedded API server and a real one, and write the table of agreement.

``make agreement`` runs this. It ends with an error if a test passes on one server and fails on the other, or fails
on both; known differences (tests/conformance/answers/differences.yaml) are counted and told apart.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from builders.kubernetes.real_api_server import RealApiServer, why_unavailable

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "tests" / "conformance"
PAGE = ROOT / "docs" / "agreement.md"
WORKERS = "4"
"""Most tests wait for controllers, so that more of them than cores pay."""

HEAD = """# Agreement with a real API server

The embedded cluster serves a subset of the Kubernetes API. One conformance suite (`tests/conformance`) runs against it
and against a real kube-apiserver {version}; where the two differ, the embedded one is wrong. This page is written by
`make agreement`.

- *passed*: the server does what the test says.
- *differs*: a request that the embedded server is known to answer with another code, text or value than the real one;
  `tests/conformance/answers/differences.yaml` lists them, and that list may only get shorter.
- *skipped*: the test kills the server, fills its disk or plays its kubelet, which only the embedded one allows.

| tests | embedded: passed | differs | real: passed | skipped |
|---|---:|---:|---:|---:|
"""


@dataclass
class Outcomes:
    """What became of the tests of one file."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def main() -> int:
    """Run both, write the page; the number of failures is the exit code, up to 1."""
    if reason := why_unavailable():
        print(reason)
        return 1
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        embedded = _run(work / "embedded.xml")
        with RealApiServer(work / "real") as server:
            real = _run(work / "real.xml", "--kubeconfig", str(server.kubeconfig), "--numprocesses", WORKERS)
    table, version = _table(embedded, real), "v1.34"
    PAGE.write_text(HEAD.format(version=version) + table)
    print(table)
    failures = [f"{name}: {test}" for name, run in (("embedded", embedded), ("real", real)) for test in _failures(run)]
    print("\n".join(failures) or "Both servers pass.")
    return 1 if failures else 0


def _run(report: Path, *options: str) -> dict[str, Outcomes]:
    command = [sys.executable, "-m", "pytest", str(SUITE), "--quiet", "--no-header", "-p", "no:cacheprovider"]
    subprocess.run([*command, f"--junit-xml={report}", *options], cwd=ROOT, check=False)
    outcomes: dict[str, Outcomes] = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kept = outcomes.setdefault(case.attrib["classname"].rpartition(".")[2], Outcomes())
        outcome = _outcome(case)
        kept.counts[outcome] += 1
        if outcome == "failed":
            kept.failures.append(f"{case.attrib['classname']}: {case.attrib['name']}")
    return outcomes


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "differs" if skipped.attrib.get("type") == "pytest.xfail" else "skipped"


def _table(embedded: dict[str, Outcomes], real: dict[str, Outcomes]) -> str:
    rows = [
        (file.removeprefix("test_").replace("_", " "), embedded.get(file, Outcomes()), real.get(file, Outcomes()))
        for file in sorted({*embedded, *real})
    ]
    lines = [_row(name, ours.counts, theirs.counts) for name, ours, theirs in rows]
    ours, theirs = (sum((run.counts for run in side.values()), Counter[str]()) for side in (embedded, real))
    return "\n".join([*lines, _row("**all**", ours, theirs)]) + "\n"


def _row(name: str, ours: Counter[str], theirs: Counter[str]) -> str:
    return f"| {name} | {ours['passed']} | {ours['differs']} | {theirs['passed']} | {theirs['skipped']} |"


def _failures(run: dict[str, Outcomes]) -> list[str]:
    return [test for outcomes in run.values() for test in outcomes.failures]


if __name__ == "__main__":
    sys.exit(main())
