"""A pipeline in YAML from the command line; and a job that adds jobs to its own DAG, from inside its pod."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from builders.kubernetes.clusters import RunningCluster

from titan_sdk import TitanClient
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections

Titan = Callable[..., CompletedProcess[str]]

PIPELINE = """
    name: yaml-night
    jobs:
      - id: y.extract
        file: extract.py
        args: --rows 3
      - id: y.train
        file: ml/train.py
        depends_on: [y.extract]
"""
EXTRACT = "import sys, shared; open('rows.txt', 'w').write(sys.argv[2]); print(shared.GREETING)"
TRAIN = "print('rows', open('../rows.txt').read() if __import__('os').path.exists('../rows.txt') else 'elsewhere')"
GROWING = """
import os
from titan_sdk import TitanClient, TitanJob

client = TitanClient()
more = [TitanJob(f"grown-{n}", script_content="print('grown')", parents=["grower"]) for n in range(3)]
client.add_jobs(os.environ["TITAN_DAG"], more)
client.add_jobs(os.environ["TITAN_DAG"], more)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "extract.py").write_text(EXTRACT)
    (tmp_path / "shared.py").write_text("GREETING = 'from the project'")
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "train.py").write_text(TRAIN)
    path = tmp_path / "pipe.yaml"
    path.write_text(textwrap.dedent(PIPELINE))
    return path


def test_a_pipeline_is_deployed_with_its_project_and_waited_for(titan: Titan, project: Path) -> None:
    deployed = titan("deploy", str(project), "--wait")
    assert deployed.returncode == 0, deployed.stderr
    assert deployed.stdout.startswith("yaml-night-")
    assert titan("logs", "y.extract").stdout == "from the project\n"
    assert titan("why", "y.train").stdout == "job 'y.train' has succeeded\n"


def test_a_pipeline_that_fails_is_exit_code_1(titan: Titan, project: Path) -> None:
    (project.parent / "extract.py").write_text("raise SystemExit(9)")
    project.write_text("jobs: [{id: y.bad, file: extract.py, retries: 0}]")
    failed = titan("deploy", str(project), "--wait")
    assert (failed.returncode, "Failed" in failed.stderr) == (1, True)


def test_a_job_adds_jobs_to_its_own_dag_and_doing_so_twice_is_harmless(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "grow.py").write_text(GROWING)
    (tmp_path / "pipe.yaml").write_text("{name: growing, project: false, jobs: [{id: grower, file: grow.py}]}")
    grown = titan("deploy", "pipe.yaml", "--wait")
    assert grown.returncode == 0, grown.stderr + titan("logs", "grower").stdout
    status = json.loads(titan("status", grown.stdout.split()[0], "--json").stdout)
    assert (status["phase"], status["progress"]) == ("Succeeded", "4/4")


def test_a_job_gets_its_secret_and_nobody_else_sees_it(titan: Titan, tmp_path: Path) -> None:
    assert titan("secret", "set", "e2e", "--from-file", "-", stdin="E2E_KEY=open sesame\n").returncode == 0
    (tmp_path / "show.py").write_text("import os; print(len(os.environ['E2E_KEY']))")
    pipe = "{name: secret, project: false, jobs: [{id: secretive, file: show.py, secrets: [e2e]}]}"
    (tmp_path / "pipe.yaml").write_text(pipe)
    assert titan("deploy", "pipe.yaml", "--wait").returncode == 0
    assert titan("logs", "secretive").stdout == "11\n"
    assert titan("secret", "ls").stdout == "e2e\n"
    assert titan("secret", "delete", "e2e").returncode == 0


def test_a_rendered_pipeline_runs_in_whatever_order_its_objects_arrive(
    titan: Titan, project: Path, cluster: RunningCluster
) -> None:
    rendered = titan("render", str(project))
    assert rendered.returncode == 0, rendered.stderr
    dag, *jobs = yaml.safe_load_all(rendered.stdout)
    variables = {"KUBECONFIG": cluster.env["KUBECONFIG"]}
    connections = Connections(surroundings=lambda: resolve(variables, (None, None), project.parent))
    kube = connections.kube()
    for job in reversed(jobs):
        kube.create("titanjobs", job)
    kube.create("titandags", dag)
    view = TitanClient(connections=connections).wait(dag["metadata"]["name"], timeout=60)
    assert (view.phase, view.progress) == ("Succeeded", "2/2")
