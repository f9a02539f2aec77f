"""The operator as a process: what it says and how it ends."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

NOWHERE = {
    "current-context": "c",
    "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {"token": "t"}}],
}


def a_kubeconfig(folder: Path) -> dict[str, str]:
    file = folder / "kubeconfig"
    file.write_text(json.dumps(NOWHERE))
    return {"KUBECONFIG": str(file), "HOME": str(folder)}


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "titan_operator", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [({"storeUrl": "x"}, "storeUrl: Extra inputs are not permitted"), ("x", "operator.json: ")],
)
def test_a_mistake_in_the_settings_is_one_sentence(tmp_path: Path, content: object, words: str) -> None:
    file = tmp_path / "operator.json"
    file.write_text(json.dumps(content))
    ended = run("--config", str(file), env=a_kubeconfig(tmp_path))
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_missing_credentials_are_one_sentence(tmp_path: Path) -> None:
    ended = run(env={"KUBECONFIG": str(tmp_path / "missing"), "HOME": str(tmp_path)})
    assert ended.returncode == 2
    assert "kubeconfig" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_an_api_server_it_lives_is_not_ready_and_ends_when_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "titan_operator"]
    with subprocess.Popen(command, env=a_kubeconfig(tmp_path), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = re.search(r"http://\S+", process.stderr.readline())
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}/healthz") as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address[0]}/readyz")
        refused.value.close()
        assert refused.value.code == 503
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
