"""Hundreds of requests, and the answers that a kube-apiserver gave, word for word.

``answers/*.yaml`` are recorded, not written: ``pytest tests/conformance/test_answers.py --server real --record``
asks a real server and writes them; a real server must still give them whenever it is asked. The embedded server must
give them too, but for those that ``answers/differences.yaml`` lists: there it is known to be wrong. That list only
gets shorter, since a question on it that is answered as recorded is a failure; ``--server embedded --record``
writes it anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.api import Api, until
from conformance.conftest import Cluster
from conformance.questions import TOPICS
from conformance.questions.asking import Question, ask

ANSWERS = Path(__file__).parent / "answers"
DIFFERENCES = ANSWERS / "differences.yaml"
CASES = [
    pytest.param(topic, question, id=f"{topic}: {question.title}")
    for topic, questions in TOPICS.items()
    for question in questions
]

Recorded = dict[str, dict[str, Any]]
Differences = dict[str, list[str]]


@pytest.fixture(scope="module")
def namespace(api: Api) -> Iterator[str]:
    """One namespace for all questions: each uses names of its own."""
    made = api.post("/api/v1/namespaces", {"metadata": {"generateName": "answers-"}})
    assert made.status == 201
    name = str(made.body["metadata"]["name"])
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    until(lambda: api.get(account).status == 200, what="the namespace's ServiceAccount")
    yield name
    api.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture(scope="module")
def is_recording(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--record"))


@pytest.fixture(scope="module")
def recorded(cluster: Cluster, is_recording: bool) -> Iterator[Recorded]:
    """All answers by topic; what a real server said is written down at the end of a recording."""
    answers: Recorded = {topic: _read(ANSWERS / f"{topic}.yaml") for topic in TOPICS}
    yield answers
    if is_recording and cluster.embedded is None:
        for topic, given in answers.items():
            kept = {question.title: given[question.title] for question in TOPICS[topic] if question.title in given}
            text = yaml.safe_dump(kept, sort_keys=False, width=120, allow_unicode=True)
            (ANSWERS / f"{topic}.yaml").write_text(text)


@pytest.fixture(scope="module")
def differences(cluster: Cluster, is_recording: bool) -> Iterator[Differences]:
    """What the embedded server is known to answer otherwise, by topic; a real server has no such list."""
    if cluster.embedded is None:
        yield {}
        return
    listed: Differences = {} if is_recording else _read(DIFFERENCES)
    yield listed
    if is_recording:
        DIFFERENCES.write_text(yaml.safe_dump(listed, sort_keys=False, width=120, allow_unicode=True))


@pytest.mark.parametrize(("topic", "question"), CASES)
def test_the_answer_is_the_recorded_one(
    api: Api,
    cluster: Cluster,
    namespace: str,
    recorded: Recorded,
    differences: Differences,
    is_recording: bool,
    topic: str,
    question: Question,
) -> None:
    answer = ask(api, question, namespace)
    if is_recording and cluster.embedded is None:
        recorded[topic][question.title] = answer
    expected = recorded[topic].get(question.title)
    if is_recording and answer != expected:
        differences.setdefault(topic, []).append(question.title)
    if question.title in differences.get(topic, []):
        assert answer != expected, f"it agrees now: take it off {DIFFERENCES.name}"
        pytest.xfail("known to differ from a real server")
    assert answer == expected, question.path


def test_every_answer_has_its_question(recorded: Recorded) -> None:
    titles = {topic: sorted(question.title for question in questions) for topic, questions in TOPICS.items()}
    assert {topic: sorted(answers) for topic, answers in recorded.items()} == titles


def test_every_known_difference_has_its_question() -> None:
    titles = {topic: {question.title for question in questions} for topic, questions in TOPICS.items()}
    assert not [title for topic, listed in _read(DIFFERENCES).items() for title in listed if title not in titles[topic]]


def _read(file: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(file.read_text()) or {}) if file.exists() else {}
