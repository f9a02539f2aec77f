"""``titan services``: what it prints of what the client tells."""

from dataclasses import replace
from typing import Any

import pytest
from builders.sdk.clients import FakeClient
from builders.sdk.views import job_view

from titan_api.views import JobView
from titan_sdk.cli.app import run
from titan_sdk.cli.edge import Edge


class Client(FakeClient):
    """Knows services."""

    services: tuple[JobView, ...] = ()

    def list_services(self, dag: str | None = None) -> list[JobView]:
        return [job for job in self.services if dag in (None, job.dag)]


def a_service(job_id: str, phase: str, **fields: Any) -> JobView:
    return replace(job_view(job_id, phase), is_service=True, **fields)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.services = (
        a_service("api", "Serving", address="api.team.svc:80", node="n1"),
        a_service("slow", "Running", dag="other", message="port 80 does not answer yet"),
        a_service("ending", "Serving", cancelling=True),
    )
    return client


def titan(client: Client, *arguments: str) -> int:
    return run(arguments, Edge(connect=lambda *_: client, open_local=lambda _: pytest.fail("not asked for")))


def test_services_are_listed_with_where_they_are_and_why_not(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert titan(client, "services") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["SERVICE", "DAG", "PHASE", "ADDRESS", "NODE", "AGE", "NOTE"]
    assert rows[1][:5] == ["api", "digits-x7k2p", "Serving", "api.team.svc:80", "n1"]
    assert rows[2][-6:] == ["port", "80", "does", "not", "answer", "yet"]
    assert rows[3][-3:] == ["is", "being", "stopped"]


def test_one_dags_services_alone_and_none_at_all(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert titan(client, "services", "other") == 0
    assert capsys.readouterr().out.splitlines()[1].split()[0] == "slow"
    assert titan(client, "services", "nobody") == 0
    assert capsys.readouterr().out == "No services are running.\n"
    assert titan(client, "services", "nobody", "--json") == 0
    assert capsys.readouterr().out == "[]\n"
