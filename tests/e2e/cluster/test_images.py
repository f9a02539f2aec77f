"""Jobs in images of users: one that has nothing but Python, and one that has no Python at all."""

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import dag_manifest, job_manifest

from titan_api.json_types import Json
from titan_sdk import TitanClient, TitanJob

PYTHON_IMAGES = {(3, 11): "titan-test-python:1", (3, 9): "titan-test-python39:1"}
SHELL_IMAGE = "titan-test-shell:1"
"""`make images` builds them all: tools/test_images."""

FROM_INSIDE = """
import importlib.util, os, sys
from titan_sdk import TitanClient
client = TitanClient()
print(sys.version_info[:2], "user", os.getuid(), "pydantic", importlib.util.find_spec("pydantic"))
client.store_put("inside", "seen")
print(client.store_get("inside"), client.store_get("outside"))
with open("made.txt", "w") as file:
    file.write("made in it")
client.files.upload("made.txt")
"""
SUBMIT = """
from titan_sdk import TitanClient, TitanJob
client = TitanClient()
inner = client.submit_dag("inner", [TitanJob("inner", script_content="print('from within')")])
print(client.wait(inner, timeout=60).phase)
"""
READ_PARENT = "print(open('made.txt').read())"


@pytest.mark.parametrize("version", PYTHON_IMAGES, ids=str)
def test_an_image_with_nothing_but_python_has_the_store_its_parents_files_and_a_log(
    client: TitanClient, version: tuple[int, int]
) -> None:
    client.store_put("outside", "known")
    jobs = [
        TitanJob("maker", script_content=FROM_INSIDE, image=PYTHON_IMAGES[version]),
        TitanJob("reader", script_content=READ_PARENT, image=PYTHON_IMAGES[version], parents=["maker"]),
    ]
    ended = client.wait(client.submit_dag("plain", jobs), timeout=120)
    assert ended.phase == "Succeeded", client.fetch_logs("maker")
    assert client.fetch_logs("maker") == f"{version} user 65532 pydantic None\nseen known\n"
    assert client.fetch_logs("reader") == "made in it\n"
    assert client.store_get("inside") == "seen"
    assert client.files.read("made.txt") == b"made in it"


@pytest.mark.parametrize("version", PYTHON_IMAGES, ids=str)
def test_a_job_in_such_an_image_submits_further_work(client: TitanClient, version: tuple[int, int]) -> None:
    dag = client.submit_dag("outer", [TitanJob("outer", script_content=SUBMIT, image=PYTHON_IMAGES[version])])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    assert client.fetch_logs("outer") == "Succeeded\n"
    assert client.fetch_logs("inner") == "from within\n"


def test_an_image_without_python_runs_as_it_is_between_jobs_of_titan(
    client: TitanClient, real: RealCluster, namespace: str
) -> None:
    own_words = {"container": {"image": SHELL_IMAGE}}
    command = {"container": {"image": SHELL_IMAGE, "command": ["/bin/sh", "-c", 'echo "$1 for $TITAN_JOB_ID"', "sh"]}}
    real.apply(
        dag_manifest("mixed", jobCount=4),
        job_manifest("before", "open('left.txt', 'w').write('left behind')", dag="mixed"),
        job_manifest("image", dag="mixed", source=own_words, parents=[{"jobID": "before"}]),
        job_manifest("command", dag="mixed", source=command, args=["said"], parents=[{"jobID": "image"}]),
        job_manifest("after", "print(open('left.txt').read())", dag="mixed", parents=[{"jobID": "command"}]),
        namespace=namespace,
    )
    real.do("wait", "--for=condition=Complete", "titandag/mixed", "-n", namespace, "--timeout=120s")
    assert real.do("logs", "mixed-image-1", "-n", namespace) == "of the image\n"
    assert real.do("logs", "mixed-command-1", "-n", namespace) == "said for command\n"
    assert client.fetch_logs("after") == "left behind\n"


def test_a_program_without_python_fails_with_its_own_exit_code(real: RealCluster, namespace: str) -> None:
    failing = {"container": {"image": SHELL_IMAGE, "command": ["/bin/sh", "-c", "exit 3"]}}
    real.apply(job_manifest("failing", source=failing, retry={"limit": 0}), namespace=namespace)
    wait_until("its end", lambda: _status(real, namespace).get("phase") == "Failed")
    assert [attempt["exitCode"] for attempt in _status(real, namespace)["attempts"]] == [3]


def test_a_job_whose_image_lacks_python_is_told_so(client: TitanClient) -> None:
    dag = client.submit_dag("wrong", [TitanJob("wrong", script_content="", image=SHELL_IMAGE, retries=0)])
    assert client.wait(dag, timeout=120).phase == "Failed"
    assert "python3" in client.get_job("wrong").message


def _status(real: RealCluster, namespace: str) -> Json:
    status: Json = real.get("tjob", "failing", "-n", namespace).get("status", {})
    return status
