"""People outside the cluster, who reach the store through the API server's service proxy."""

import hashlib
from pathlib import Path

import pytest
from builders.kubernetes.real_cluster import RealCluster
from builders.kubernetes.real_people import person
from builders.operators.manifests import binding, user

from titan_sdk import TitanClient, TitanJob
from titan_sdk.errors import TitanForbidden

GIB = 1 << 30
BLOCK = 1 << 20


@pytest.mark.timeout(240)
def test_a_gibibyte_goes_up_and_comes_down_unchanged(client: TitanClient, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    block = hashlib.sha256(b"block").digest() * (BLOCK // 32)
    with big.open("wb") as file:
        for number in range(GIB // BLOCK):
            file.write(number.to_bytes(8, "big") + block[8:])
    client.files.upload(big)
    client.files.download("big.bin", tmp_path / "back.bin")
    assert _digest(tmp_path / "back.bin") == _digest(big)
    assert client.files.delete("big.bin")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_log_is_followed_through_the_proxy(client: TitanClient) -> None:
    script = "import time\nfor n in range(5):\n    print('line', n, flush=True)\n    time.sleep(0.5)"
    client.submit_dag("followed", [TitanJob("talker", script_content=script)])
    assert list(client.stream_logs("talker")) == [f"line {n}" for n in range(5)]


def test_a_person_with_titan_edit_alone_has_all_of_the_sdk(real: RealCluster, namespace: str, tmp_path: Path) -> None:
    real.apply(binding("titan-edit", user("dana")), namespace=namespace)
    client = person(real, "dana", tmp_path).client(namespace)
    assert client.whoami() == "dana"
    job = TitanJob("hers", script_content="print('hers')")
    dag = client.submit_dag("hers", [job])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    assert client.fetch_logs("hers") == "hers\n"
    client.store_put("key", "value")
    assert client.store_get("key") == "value"


def test_a_person_without_a_role_is_told_what_is_missing(real: RealCluster, namespace: str, tmp_path: Path) -> None:
    client = person(real, "nobody", tmp_path).client(namespace)
    with pytest.raises(TitanForbidden, match=r"nobody.*titandags"):
        client.list_dags()
