"""Pipelines in YAML: what becomes of each key, and what is said about each mistake."""

import textwrap

import pytest

from titan_sdk.pipelines.parser import TitanYAMLParser
from titan_sdk.submit.sources import ArchiveEntry


@pytest.fixture
def pipeline(tmp_path):
    """Writes a pipeline beside two scripts and reads it."""
    (tmp_path / "a.py").write_text("print('a')")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.sh").write_text("echo b")

    def write(text):
        path = tmp_path / "pipe.yaml"
        path.write_text(textwrap.dedent(text))
        return TitanYAMLParser(path)

    return write


FULL = """
    name: nightly
    version: 1.0
    project: false
    max_parallel: 2
    workspace: none
    ttl: 3600
    jobs:
      - id: first
        file: a.py
        args: --day today
        priority: 5
        delay: 2
        affinity: true
        requirement: GPU
        hitl_message: Go on?
        max_wait_seconds: 60
        retries: 0
        env: {SEED: 7}
        secrets: token
        x-note: mine
      - id: 2
        file: sub/b.sh
        type: service
        port: 8080
        depends_on: [first]
        args: [--level, 3]
"""


def test_every_key_reaches_the_job(pipeline):
    parser = pipeline(FULL)
    assert (parser.get_project_name(), parser.is_project_mode()) == ("nightly", False)
    assert parser.dag_options() == {"max_parallel": 2, "workspace": "none", "ttl": 3600}
    first, second = parser.build_jobs()
    assert (first.job_id, first.args, first.priority, first.delay, first.affinity) == (
        "first", ("--day", "today"), 5, 2000, True,
    )  # fmt: skip
    assert (first.requirement, first.hitl_message, first.max_wait_seconds) == ("GPU", "Go on?", 60)
    assert (first.retries, first.env, first.secrets) == (0, {"SEED": "7"}, ("token",))
    assert first.source.content == b"print('a')"
    assert (second.job_id, second.is_service, second.port) == ("2", True, 8080)
    assert (second.parents, second.args, second.source.file_name) == (("first",), ("--level", "3"), "b.sh")


def test_a_pipeline_is_a_project_unless_it_says_otherwise(pipeline, tmp_path):
    parser = pipeline("jobs: [{id: a, file: ./sub/../a.py}, {id: b, file: sub/b.sh}]")
    assert parser.is_project_mode()
    assert parser.get_project_name() == tmp_path.name
    archive = f"{tmp_path.name}.zip"
    assert [job.source for job in parser.build_jobs()] == [
        ArchiveEntry(archive, "a.py"),
        ArchiveEntry(archive, "sub/b.sh"),
    ]


def test_a_project_may_have_any_name(pipeline):
    (job,) = pipeline("{name: my/night run, jobs: [{id: a, file: a.py}]}").build_jobs()
    assert job.source == ArchiveEntry("my-night run.zip", "a.py")


def test_keys_that_jobs_share_may_be_merged(pipeline):
    jobs = pipeline("""
        x-defaults: &defaults
          file: a.py
          priority: 7
        jobs:
          - <<: *defaults
            id: a
          - <<: *defaults
            id: b
            priority: 8
    """).build_jobs()
    assert [(job.job_id, job.priority) for job in jobs] == [("a", 7), ("b", 8)]


EXACT = {
    "Job missing ID": "jobs: [{file: a.py}]",
    "Job 'x' missing file": "jobs: [{id: x}]",
    "Service 'x' missing port": "jobs: [{id: x, file: a.py, type: service}]",
}


@pytest.mark.parametrize(("words", "text"), EXACT.items(), ids=EXACT.keys())
def test_what_the_earlier_titan_said_is_said_in_the_same_words(pipeline, words, text):
    with pytest.raises(ValueError) as raised:
        pipeline(text).build_jobs()
    assert str(raised.value) == words


MISTAKES = {
    "a key that is misspelled": (
        "jobs:\n - id: x\n   file: a.py\n   depend_on: [y]",
        "line 4: job 'x', depend_on: this key is not known; is 'depends_on' meant?",
    ),
    "a root key": ("nane: x\njobs: []", "line 1: the pipeline, nane: this key is not known; is 'name' meant?"),
    "no jobs": ("name: x", "line 1: the pipeline, jobs: a pipeline needs at least one job"),
    "jobs that are no list": ("name: x\njobs: {id: a}", "line 2: the pipeline, jobs: must be a list"),
    "a job that is a text": ("jobs:\n - train", "line 2: job 1 must be a mapping"),
    "a number that is a text": (
        "jobs:\n - {id: x, file: a.py,\n    port: eighty}",
        "line 3: job 'x', port: must be a number, not 'eighty'",
    ),
    "half a port": ("jobs:\n - {id: x, file: a.py, port: 1.5}", "line 2: job 'x', port: must be a whole number"),
    "infinity": ("jobs:\n - {id: x, file: a.py, port: .inf}", "line 2: job 'x', port: must be a whole number"),
    "a negative delay": ("jobs:\n - {id: x, file: a.py, delay: -1}", "line 2: job 'x', delay: delay of job 'x'"),
    "a truth that is none": (
        "jobs:\n - {id: x, file: a.py, affinity: maybe}",
        "line 2: job 'x', affinity: must be true or false, not 'maybe'",
    ),
    "an unknown type": (
        "jobs:\n - {id: x, file: a.py, type: cron}",
        "line 2: job 'x', type: must be run or service, not 'cron'",
    ),
    "a tag that is no label": (
        "jobs:\n - {id: x, file: a.py, requirement: a b}",
        "line 2: job 'x', requirement: requirement 'a b'",
    ),
    "parents that are nested": (
        "jobs:\n - {id: x, file: a.py, depends_on: [[y]]}",
        "line 2: job 'x', depends_on: must be a list of texts, not a list",
    ),
    "env that is a list": (
        "jobs:\n - {id: x, file: a.py, env: [A=1]}",
        "line 2: job 'x', env: must be a mapping",
    ),
    "a key that is given twice": ("name: x\nname: y\njobs: []", "line 2: the pipeline, name: given twice"),
    "no YAML": ("jobs: [", "line 1: expected the node content"),
    "an object of Python": (
        "name: !!python/object:os.system {}",
        "line 1: the pipeline, name: could not determine a constructor",
    ),
    "nothing": ("# only a comment", "the file is empty"),
    "a list": ("- a", "line 1: the pipeline must be a mapping"),
    "a file outside the project": (
        "jobs:\n - {id: x, file: ../../etc/passwd}",
        "line 2: job 'x', file: '../../etc/passwd' is not inside the project folder",
    ),
    "a workspace that is none": ("{workspace: rwx, jobs: [{id: x, file: a.py}]}", "workspace must be 'Sync'"),
    "a value in itself": ("jobs:\n - {id: x, file: a.py, args: &loop [*loop]}", "is nested too deeply"),
    "a date that is none": ("jobs:\n - {id: 2026-13-45, file: a.py}", "line 2: job 1, id: month must be in 1..12"),
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_every_other_mistake_is_named_with_file_line_and_key(pipeline, tmp_path, text, words):
    with pytest.raises(ValueError) as raised:
        parser = pipeline(text)
        parser.get_project_name()
        parser.dag_options()
        parser.build_jobs()
    message = str(raised.value)
    assert message.startswith(str(tmp_path / "pipe.yaml"))
    assert words in message


@pytest.mark.parametrize("project", ["true", "false"])
def test_a_script_that_is_not_there_is_named_with_its_path(pipeline, tmp_path, project):
    with pytest.raises(FileNotFoundError, match=str(tmp_path / "none.py")):
        pipeline(f"project: {project}\njobs: [{{id: x, file: none.py}}]").build_jobs()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.yaml"):
        TitanYAMLParser(tmp_path / "none.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "pipe.yaml"
    path.write_bytes(b"name: \xff")
    with pytest.raises(ValueError, match="no UTF-8"):
        TitanYAMLParser(path)


def test_aliases_that_multiply_cost_nothing(pipeline):
    levels = [f"x-{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 28)]
    text = "\n".join(["x-0: &x0 [a]", *levels, "jobs: [{id: a, file: a.py, args: *x20}]"])
    with pytest.raises(ValueError, match="args: must be a list of texts, not a list"):
        pipeline(text).build_jobs()


def test_a_pipeline_that_is_nested_without_end_is_refused(pipeline):
    with pytest.raises(ValueError, match="nested too deeply"):
        pipeline("jobs: " + "[" * 5_000 + "]" * 5_000)
