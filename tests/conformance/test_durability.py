"""What survives: kill -9, a full disk, many writers at once. Each test has a server of its own."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import urllib3
from conformance.api import MERGE, open_api, until
from conformance.conftest import Cluster
from conformance.embedded import EmbeddedServer
from conformance.objects import config_map

MAPS = "/api/v1/namespaces/default/configmaps"
DISK = 400_000
"""Bytes that a file of the small server may have."""


@pytest.fixture
def server(cluster: Cluster, tmp_path: Path) -> Iterator[EmbeddedServer]:
    if cluster.embedded is None:
        pytest.skip("kills the server")
    with EmbeddedServer(tmp_path / "state") as server:
        yield server


def test_what_was_acknowledged_is_there_after_a_kill(server: EmbeddedServer) -> None:
    api = open_api(server.kubeconfig)
    acknowledged: dict[str, str] = {}

    def write(number: int) -> None:
        try:
            answer = api.post(MAPS, config_map(f"m{number}", {"n": str(number)}))
        except urllib3.exceptions.HTTPError:
            return  # The server was killed under this request; nothing was acknowledged.
        if answer.status == 201:
            acknowledged[f"m{number}"] = answer.body["metadata"]["resourceVersion"]

    with ThreadPoolExecutor(8) as pool:
        writes = pool.map(write, range(300))
        until(lambda: len(acknowledged) >= 100)
        server.kill()
        list(writes)
    server.start()
    api = open_api(server.kubeconfig)
    stored = {item["metadata"]["name"]: item["metadata"]["resourceVersion"] for item in api.get(MAPS).body["items"]}
    assert len(acknowledged) >= 100
    assert acknowledged.items() <= stored.items()


def test_versions_go_on_after_a_kill_and_old_watches_resume_or_are_told(server: EmbeddedServer) -> None:
    api = open_api(server.kubeconfig)
    api.post(MAPS, config_map("a"))
    old = api.get(MAPS).body["metadata"]["resourceVersion"]
    api.post(MAPS, config_map("b"))
    api.delete(f"{MAPS}/b")
    last = api.get(MAPS).body["metadata"]["resourceVersion"]
    server.kill()
    server.start()
    api = open_api(server.kubeconfig)
    assert int(api.get(MAPS).body["metadata"]["resourceVersion"]) >= int(last)
    assert api.get(f"{MAPS}/b").status == 404
    (told,) = api.events(MAPS, resourceVersion=old)
    assert (told["type"], told["object"]["code"]) == ("ERROR", 410)
    new = api.post(MAPS, config_map("c")).body["metadata"]["resourceVersion"]
    assert int(new) > int(last)
    assert [event["object"]["metadata"]["name"] for event in api.events(MAPS, resourceVersion=last)] == ["c"]


def test_everything_else_survives_a_restart_too(server: EmbeddedServer) -> None:
    api = open_api(server.kubeconfig)
    api.post("/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": "sa"}})
    body = {"spec": {}}
    token = api.post("/api/v1/namespaces/default/serviceaccounts/sa/token", body).body["status"]["token"]
    authority = (server.directory / "ca.crt").read_text()
    server.stop()
    server.start()
    assert (server.directory / "ca.crt").read_text() == authority
    whoami = open_api(server.kubeconfig).with_token(token).post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {})
    assert whoami.body["status"]["userInfo"]["username"] == "system:serviceaccount:default:sa"


def test_a_full_disk_is_told_and_what_was_there_stays(cluster: Cluster, tmp_path: Path) -> None:
    if cluster.embedded is None:
        pytest.skip("fills the server's disk")

    def shrink() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))

    with EmbeddedServer(tmp_path / "state", prepare=shrink) as server:
        api = open_api(server.kubeconfig)
        answers = [api.post(MAPS, config_map(f"m{number}", {"k": "x" * 20_000})) for number in range(40)]
        made = sum(answer.status == 201 for answer in answers)
        refused = [answer for answer in answers if answer.status != 201]
        assert 0 < made < 40
        assert {answer.status for answer in refused} == {500}
        assert "the state directory cannot be written" in refused[0].message
        names = {item["metadata"]["name"] for item in api.get(MAPS).body["items"]}
        assert len(names) == made
        assert api.get("/readyz").status == 200
    with EmbeddedServer(tmp_path / "state") as server:
        api = open_api(server.kubeconfig)
        assert {item["metadata"]["name"] for item in api.get(MAPS).body["items"]} == names
        assert api.post(MAPS, config_map("after")).status == 201


def test_many_writers_of_one_object_lose_nothing(server: EmbeddedServer) -> None:
    api = open_api(server.kubeconfig)
    api.post(MAPS, config_map("shared", {"n": "0"}))

    def increment(_: int) -> int:
        tries = 0
        while True:
            tries += 1
            current = api.get(f"{MAPS}/shared").body
            current["data"]["n"] = str(int(current["data"]["n"]) + 1)
            if api.put(f"{MAPS}/shared", current).status == 200:
                return tries

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(80)))
    assert api.get(f"{MAPS}/shared").body["data"]["n"] == "80"


def test_many_patches_of_different_fields_all_count(server: EmbeddedServer) -> None:
    api = open_api(server.kubeconfig)
    api.post(MAPS, config_map("shared", {}))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: api.patch(f"{MAPS}/shared", {"data": {f"k{n}": "v"}}, MERGE), range(80)))
    assert len(api.get(f"{MAPS}/shared").body["data"]) == 80


def test_a_directory_of_another_version_is_refused_with_a_way_out(server: EmbeddedServer, tmp_path: Path) -> None:
    server.stop()
    copied = tmp_path / "copied"
    shutil.copytree(server.directory, copied)
    with closing(sqlite3.connect(copied / "apiserver.db", isolation_level=None)) as database:
        database.execute("PRAGMA user_version = 99")
    other = EmbeddedServer(copied)
    with pytest.raises(RuntimeError, match="another version of Titan; `titan local reset`"):
        other.start()


def test_two_servers_do_not_share_a_port(server: EmbeddedServer, tmp_path: Path) -> None:
    other = EmbeddedServer(tmp_path / "other", port=int(server.url.rpartition(":")[2]))
    with pytest.raises(RuntimeError, match="Address already in use"):
        other.start()
    assert open_api(server.kubeconfig).get("/readyz").status == 200


def test_one_directory_has_one_server(server: EmbeddedServer) -> None:
    other = EmbeddedServer(server.directory)
    with pytest.raises(RuntimeError, match="another API server"):
        other.start()
    assert open_api(server.kubeconfig).get("/readyz").status == 200
