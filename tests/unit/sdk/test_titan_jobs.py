"""Describing a job: the arguments of the earlier Titan in their order, the new ones, and every mistake."""

import inspect

import pytest

from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.sources import ArchiveEntry, DeployedScript, Script

POSITIONAL = [
    "job_id", "filename", "job_type", "args", "parents", "port", "is_archive", "priority", "delay", "affinity",
    "requirement", "hitl_message", "max_wait_seconds",
]  # fmt: skip


def job(**arguments):
    return TitanJob(**({"job_id": "train_v1", "script_content": "print(1)"} | arguments))


def test_arguments_keep_the_order_of_the_earlier_titan():
    parameters = list(inspect.signature(TitanJob).parameters.values())
    positional = [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    assert positional == POSITIONAL


def test_the_script_is_read_at_once_so_the_file_may_vanish(tmp_path):
    script = tmp_path / "etl.py"
    script.write_text("print('here')")
    made = TitanJob("extract", str(script))
    script.unlink()
    assert made.source == Script("etl.py", b"print('here')")


def test_a_missing_script_is_named(tmp_path):
    missing = tmp_path / "scripts" / "nowhere.py"
    with pytest.raises(FileNotFoundError) as raised:
        TitanJob("extract", str(missing))
    assert raised.value.filename == str(missing)


def test_a_bare_name_without_a_file_means_a_script_in_the_store_and_asks_nobody(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert TitanJob("extract", "worker.py").source == DeployedScript("worker.py")
    (tmp_path / "worker.py").write_text("print('here')")
    assert TitanJob("extract", "worker.py").source == Script("worker.py", b"print('here')")


def test_a_folder_is_no_script(tmp_path):
    with pytest.raises(IsADirectoryError, match="upload_project_folder"):
        TitanJob("extract", str(tmp_path))


def test_content_may_stand_in_for_the_file():
    assert job().source == Script("script.py", b"print(1)")
    assert job(filename="dir/run.sh", script_content="echo").source == Script("run.sh", b"echo")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, ()),
        ("", ()),
        ("--lr 0.1  fast", ("--lr", "0.1", "fast")),
        ("--name 'two words' \"and more\"", ("--name", "two words", "and more")),
        (r"C:\data a\b", (r"C:\data", r"a\b")),
        ("don't stop", ("don't", "stop")),
        ("a # b", ("a", "#", "b")),
        (["x y", 3], ("x y", "3")),
    ],
)
def test_args_are_split_as_programs_expect(given, words):
    assert job(args=given).args == words


@pytest.mark.parametrize(
    ("job_type", "is_service"),
    [("RUN_PAYLOAD", False), ("anything", False), ("SERVICE", True), ("DEPLOY_PAYLOAD", True), ("service", True)],
)
def test_only_service_types_make_a_service(job_type, is_service):
    assert job(job_type=job_type, port=8080).is_service is is_service


@pytest.mark.parametrize(
    ("filename", "entry"),
    [
        ("project.zip/main.py", ArchiveEntry("project.zip", "main.py")),
        ("out/project.zip/pkg/run.py", ArchiveEntry("project.zip", "pkg/run.py")),
    ],
)
def test_an_archive_job_names_a_zip_and_a_path_inside(filename, entry):
    assert TitanJob("a", filename, is_archive=True).source == entry


@pytest.mark.parametrize(
    ("amounts", "gpus", "expected"),
    [
        ({"cpu": 2, "memory": "4Gi"}, 0, {"requests": {"cpu": "2", "memory": "4Gi"}}),
        ({"limits": {"cpu": "500m"}}, 0, {"limits": {"cpu": "500m"}}),
        (None, 2, {"limits": {"nvidia.com/gpu": "2"}, "requests": {"nvidia.com/gpu": "2"}}),
        (None, 0, {}),
    ],
)
def test_resources_are_requests_unless_said_otherwise(amounts, gpus, expected):
    assert job(resources=amounts, gpus=gpus).resources == expected


MISTAKES = {
    "an empty id": ({"job_id": ""}, "id of a job must not be empty"),
    "an id of blanks": ({"job_id": "  "}, "must not be empty"),
    "an id of 300 characters": ({"job_id": "x" * 300}, "has 300 characters; at most 253"),
    "an id with a newline": ({"job_id": "a\nb"}, "control character"),
    "an id that is no string": ({"job_id": 7}, "must be a string, not int"),
    "no script at all": ({"script_content": None}, "'train_v1' needs a filename or script_content"),
    "bytes as content": ({"script_content": b"x"}, "must be a string, not bytes"),
    "parents as one string": ({"parents": "extract"}, "must be a list of ids"),
    "an empty parent": ({"parents": [""]}, "a parent of job 'train_v1' must not be empty"),
    "a port that is none": ({"port": 70_000}, "port of job 'train_v1' must be from 0 to 65535"),
    "a negative delay": ({"delay": -1}, "delay of job 'train_v1'"),
    "half a priority": ({"priority": 1.5}, "priority of job 'train_v1' must be a whole number"),
    "a tag that no node can carry": ({"requirement": "no such/tag"}, "requirement 'no such/tag'"),
    "a service without a port": ({"job_type": "SERVICE"}, "the service 'train_v1' needs a port"),
    "a service with a gate": ({"job_type": "SERVICE", "port": 80, "hitl_message": "?"}, "cannot have a gate"),
    "a gate that waits for no time": ({"hitl_message": "?", "max_wait_seconds": 0}, "max_wait_seconds"),
    "approvers without a gate": ({"approvers": ["anna"]}, "need a hitl_message"),
    "a message that is too long": ({"hitl_message": "x" * 5_000}, "5000 characters"),
    "a quantity that is none": ({"resources": {"memory": "4 GB"}}, "memory '4 GB' is no quantity"),
    "a variable that is none": ({"env": {"A B": 1}}, "'A B' cannot be the name"),
    "too many retries": ({"retries": 101}, "retries of job 'train_v1'"),
    "no time to run": ({"timeout": 0}, "timeout of job 'train_v1'"),
    "an archive without an entry": ({"is_archive": True, "filename": "a.zip"}, "like 'project.zip/main.py'"),
    "an entry outside the archive": ({"is_archive": True, "filename": "a.zip/../b.py"}, "like 'project.zip/main.py'"),
    "NUL in an argument": ({"args": ["a\0b"]}, "contains NUL"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_that_names_the_culprit(arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        job(**arguments)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("job_id", ["a_B.c", "größe", "数据", "Extract Data", "1"])
def test_ids_may_be_what_people_write(job_id):
    assert job(job_id=job_id).job_id == job_id
