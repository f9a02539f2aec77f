"""What is rendered is what Kubernetes' own description of its kinds permits, and what careful people advise."""

import subprocess
from pathlib import Path

import pytest
from builders.kubernetes.charts import CHART, VALUE_SETS, find_program, render_set, render_text
from builders.kubernetes.kube_schemas import write_schemas

SETS = sorted(VALUE_SETS)


def run(command: list[str], text: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def kubeconform(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """With schemas of all kinds in use; ServiceMonitor is not Kubernetes' own."""
    everything = [obj for name in SETS for obj in render_set(name)]
    location = write_schemas(tmp_path_factory.mktemp("schemas"), everything)
    return [find_program("kubeconform"), "-strict", "-skip", "ServiceMonitor", "-schema-location", location]


@pytest.mark.parametrize("name", SETS)
def test_kubernetes_knows_every_field(name: str, kubeconform: list[str]) -> None:
    ended = run(kubeconform, render_text(name))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_field_that_kubernetes_does_not_know_would_be_found(kubeconform: list[str]) -> None:
    text = render_text("minimal").replace("enableServiceLinks:", "enableServiceLink:")
    ended = run(kubeconform, text)
    assert ended.returncode != 0
    assert "enableServiceLink" in ended.stdout


@pytest.mark.parametrize("name", SETS)
def test_kube_linter_finds_nothing(name: str) -> None:
    linter = [find_program("kube-linter"), "lint", "--config", str(CHART.parent / "kube-linter.yaml"), "-"]
    ended = run(linter, render_text(name))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_helm_lint_is_content(tmp_path: Path) -> None:
    ended = run([find_program("helm"), "lint", "--strict", str(CHART)], "")
    assert ended.returncode == 0, ended.stdout
