"""The examples, and jobs that submit further work, as people run them against a real cluster."""

from pathlib import Path

import pytest
from builders.kubernetes.clusters import REPOSITORY
from builders.kubernetes.real_cluster import RealCluster

from titan_sdk import TitanClient, TitanJob

EXAMPLES = sorted(file.parent.name for file in (REPOSITORY / "examples").glob("*/expected.txt"))
GROWING = """
import os
from titan_sdk import TitanClient, TitanJob

client = TitanClient()
print("as", client.whoami())
client.add_jobs(os.environ["TITAN_DAG"], [TitanJob("grown", script_content="print('grown')", parents=["grower"])])
inner = client.submit_dag("inner", [TitanJob("within", script_content="print('inner done')")])
client.wait(inner, timeout=120)
client.store_put("inner", client.get_job_status("within"))
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_prints_what_is_expected(name: str, real: RealCluster, namespace: str, tmp_path: Path) -> None:
    directory = REPOSITORY / "examples" / name
    ended = real.run([str(directory / "main.py")], namespace, tmp_path)
    assert (ended.stdout, ended.stderr, ended.returncode) == ((directory / "expected.txt").read_text(), "", 0)


@pytest.mark.timeout(300)
def test_a_job_submits_further_work_with_no_configuration(client: TitanClient) -> None:
    dag = client.submit_dag("loop", [TitanJob("grower", script_content=GROWING)])
    ended = client.wait(dag, timeout=240)
    assert (ended.phase, ended.progress) == ("Succeeded", "2/2"), client.fetch_logs("grower")
    assert client.fetch_logs("grower").startswith(f"as system:serviceaccount:{client.namespace}:titan-job")
    assert client.store_get("inner") == "COMPLETED"


def test_a_program_has_a_name_and_a_home_that_it_can_write(client: TitanClient) -> None:
    script = "import getpass, pathlib; pathlib.Path.home().joinpath('x').write_text(''); print(getpass.getuser())"
    dag = client.submit_dag("who", [TitanJob("who", script_content=script)])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    assert client.fetch_logs("who") == "titan\n"
