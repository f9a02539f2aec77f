"""The configuration file."""

import json
from pathlib import Path
from typing import Any

import pytest
from titan_operator.errors import ConfigurationError
from titan_operator.settings import Settings, load_settings


def a_file(folder: Path, content: Any) -> Path:
    file = folder / "operator.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_without_a_file_there_are_defaults_for_everything() -> None:
    settings = load_settings(None)
    assert settings == Settings()
    assert set(settings.pods().profiles) == {"GENERAL", "PYTHON", "GPU", "HIGH_MEM"}
    assert settings.pods().profiles["GPU"].resources == {"nvidia.com/gpu": "1"}


def test_a_file_is_camel_case_and_may_leave_things_out(tmp_path: Path) -> None:
    profile = {"nodeSelector": {"a": "b"}, "tolerations": [{"key": "k"}], "runtimeClass": "nvidia"}
    content = {"storeURL": "http://s:1", "probePort": 8080, "finishedPodSeconds": 5, "profiles": {"BIG": profile}}
    settings = load_settings(a_file(tmp_path, content))
    pods = settings.pods()
    assert (settings.store_url, settings.probe_port, pods.finished_pod_seconds) == ("http://s:1", 8080, 5)
    assert pods.profiles["BIG"].node_selector == {"a": "b"}
    assert pods.profiles["BIG"].tolerations[0].operator == "Exists"
    assert "GENERAL" in pods.profiles


@pytest.mark.parametrize(
    ("content", "culprit"),
    [
        ({"storeUrl": "x"}, "storeUrl"),
        ({"probePort": 99_999}, "probePort"),
        ({"profiles": {"BIG": {"nodeSelektor": {}}}}, "profiles.BIG.nodeSelektor"),
        ("{", "operator.json"),
    ],
)
def test_a_mistake_is_a_sentence_that_names_the_culprit(tmp_path: Path, content: Any, culprit: str) -> None:
    with pytest.raises(ConfigurationError, match=culprit):
        load_settings(a_file(tmp_path, content))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(tmp_path / "missing.json")


def test_an_election_needs_room_between_its_times_and_shortens_requests(tmp_path: Path) -> None:
    settings = load_settings(a_file(tmp_path, {"leaderElection": {"enabled": True}}))
    assert settings.longest_request_seconds < 15 - 10
    assert load_settings(None).longest_request_seconds == 10
    with pytest.raises(ConfigurationError, match="leaderElection"):
        load_settings(a_file(tmp_path, {"leaderElection": {"enabled": True, "renewDeadlineSeconds": 20}}))
