"""Files and artifacts: whole and right, or not at all."""

import os
import zipfile

import pytest
from builders.sdk.sdk_store import FakeStore

from titan_api.digests import digest_of
from titan_sdk.data import artifacts
from titan_sdk.data.files import Files
from titan_sdk.data.projects import zip_folder
from titan_sdk.data.values import Values
from titan_sdk.errors import TitanNotFound, TitanUnavailable
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.payloads import publish
from titan_sdk.submit.submissions import plan

CONTENT = bytes(range(256)) * 4_000


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.md"
    path.write_bytes(CONTENT)
    return path


def edges(backend):
    store = backend.store()
    return Files(store), Values(store)


def test_an_upload_and_a_download_give_the_same_bytes(report, tmp_path):
    backend = FakeStore()
    files, _ = edges(backend)
    uploaded = files.upload(report, "in/ü report.md")
    downloaded = files.download("in/ü report.md", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert (
        (uploaded.size, uploaded.digest) == (downloaded.size, downloaded.digest) == (len(CONTENT), digest_of(CONTENT))
    )


def test_progress_ends_at_the_size_of_the_file(report, tmp_path):
    files, _ = edges(FakeStore())
    seen = []
    files.upload(report, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    seen.clear()
    files.download("report.md", tmp_path / "copy", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize("kind", ["unsent", "lost", "503"])
def test_an_upload_is_begun_again_from_the_first_byte(report, kind):
    backend = FakeStore()
    backend.transport.fail(kind, "PUT", "/file")
    edges(backend)[0].upload(report)
    assert backend.files["report.md"] == CONTENT


def test_what_is_there_already_is_not_sent_again(report):
    backend = FakeStore(files={"report.md": CONTENT})
    edges(backend)[0].upload(report)
    assert [asked.method for asked in backend.transport.asked] == ["GET"]


def test_a_download_that_breaks_off_once_is_repeated(tmp_path):
    backend = FakeStore(files={"f": CONTENT}, cut=1)
    edges(backend)[0].download("f", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


def test_a_download_that_breaks_off_goes_on_where_it_was(tmp_path):
    backend = FakeStore(files={"f": CONTENT}, blobs={digest_of(CONTENT): CONTENT}, cut=3)
    seen = []
    edges(backend)[0].download("f", tmp_path / "copy", lambda done, total: seen.append((done, total)))
    assert (tmp_path / "copy").read_bytes() == CONTENT
    ranges = [asked.headers.get("Range") for asked in backend.transport.asked]
    half = len(CONTENT) // 2
    assert ranges[:2] == [None, f"bytes={half}-"]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {len(CONTENT)}
    backend.cut = 1
    edges(backend)[0].download_blob(digest_of(CONTENT), tmp_path / "blob")
    assert (tmp_path / "blob").read_bytes() == CONTENT


def test_a_file_that_changes_while_it_is_fetched_arrives_as_one_of_the_two(tmp_path):
    backend = FakeStore(files={"f": CONTENT}, cut=1)
    edges(backend)[0].download("f", tmp_path / "copy", lambda done, total: backend.files.update(f=b"another"))
    assert (tmp_path / "copy").read_bytes() == b"another"


def test_a_store_that_breaks_off_again_and_again_is_followed_as_long_as_it_sends_something(tmp_path):
    content = bytes(range(256)) * 64
    backend = FakeStore(files={"f": content}, cut=12)
    assert edges(backend)[0].download("f", tmp_path / "copy").size == len(content)
    assert (tmp_path / "copy").read_bytes() == content


@pytest.mark.parametrize("trouble", [{"cut": 10_000}, {"damage": True}], ids=["broken off", "damaged"])
def test_what_does_not_arrive_whole_and_right_leaves_what_was_there(tmp_path, trouble):
    backend = FakeStore(files={"f": CONTENT}, **trouble)
    target = tmp_path / "copy"
    target.write_text("before")
    with pytest.raises(TitanUnavailable):
        edges(backend)[0].download("f", target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_not_there_leaves_nothing_behind(tmp_path):
    with pytest.raises(TitanNotFound):
        edges(FakeStore())[0].download("nobody", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_exactly_that_name_is_found():
    backend = FakeStore(files={"a": b"1", "ab": b"2"})
    files, _ = edges(backend)
    assert files.find("a").size == 1
    assert files.find("") is None
    assert [view.name for view in files.list("a")] == ["a", "ab"]
    assert (files.delete("a"), files.delete("a")) == (True, False)


def test_two_artifacts_of_one_name_are_not_mistaken_for_each_other(tmp_path):
    files, values = edges(FakeStore())
    source, target = tmp_path / "report.md", tmp_path / "copy"
    for key, text in (("run:1", "first"), ("run:2", "second")):
        source.write_text(text)
        artifacts.publish(files, values, key, source)
    assert values.get("run:1") == values.get("run:2") == "report.md"
    for key, text in (("run:1", "first"), ("run:2", "second")):
        artifacts.save(files, artifacts.find(values, key), target)
        assert target.read_text() == text


def test_a_name_that_was_registered_by_hand_is_enough(tmp_path):
    files, values = edges(FakeStore(files={"a.txt": b"x"}, values={"k": "a.txt"}))
    artifacts.save(files, artifacts.find(values, "k"), tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"x"


def test_an_artifact_whose_content_is_gone_is_not_replaced_by_another(tmp_path):
    backend = FakeStore()
    files, values = edges(backend)
    source = tmp_path / "report.md"
    source.write_text("mine")
    artifacts.publish(files, values, "k", source)
    backend.blobs.clear()
    artifacts.save(files, artifacts.find(values, "k"), tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"
    backend.files["report.md"] = b"theirs"
    with pytest.raises(TitanNotFound):
        artifacts.save(files, artifacts.find(values, "k"), tmp_path / "copy2")


def test_a_key_of_any_length_can_hold_an_artifact(report):
    files, values = edges(FakeStore())
    artifacts.publish(files, values, "k" * 1024, report)
    assert artifacts.find(values, "k" * 1024).digest == digest_of(CONTENT)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd"])
def test_a_registered_path_never_leads_out_of_the_folder(tmp_path, name):
    assert artifacts.target_of(name, None, tmp_path) == tmp_path / "passwd"


def test_a_project_always_makes_the_same_zip_without_what_is_nobodys_business(tmp_path):
    project = tmp_path / "project"
    for path in ("main.py", "pkg/tool.py", "pkg/__pycache__/tool.pyc", ".git/config", "data/ü.csv"):
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    zip_folder(project, first)
    os.utime(project / "main.py", (1, 1))
    zip_folder(project, second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert sorted(archive.namelist()) == ["data/ü.csv", "main.py", "pkg/tool.py"]


def test_a_folder_is_uploaded_under_the_name_of_the_project(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "main.py").write_text("1")
    backend = FakeStore()
    files, _ = edges(backend)
    assert artifacts.upload_project_folder(files, tmp_path / "demo") == "UPLOAD_SUCCESS"
    assert artifacts.upload_project_folder(files, tmp_path / "demo", "other") == "UPLOAD_SUCCESS"
    assert set(backend.files) == {"demo.zip", "other.zip"}
    missing = tmp_path / "none"
    assert artifacts.upload_project_folder(files, missing) == f"ERROR: File not found at: {missing}"


def sources_of(jobs, files):
    return [submission.source for submission in publish(plan("DAG", jobs), files)]


def test_a_deployed_script_may_be_named_without_having_it(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text("print(1)")
    files, _ = edges(FakeStore())
    assert artifacts.deploy_script(files, script) == "DEPLOY_SUCCESS"
    assert artifacts.read_deployed(files, "worker.py") == b"print(1)"
    assert artifacts.read_deployed(files, "nobody.py") is None


def test_small_scripts_travel_inside_and_big_ones_by_digest_once():
    backend = FakeStore()
    big = "#" * 5_000
    jobs = [TitanJob(str(number), script_content=text) for number, text in enumerate(["1", big, big, "\0"])]
    sources = sources_of(jobs, lambda: edges(backend)[0])
    assert sources[0] == {"inline": {"fileName": "script.py", "content": "1"}}
    assert sources[1] == sources[2] == {"script": {"fileName": "script.py", "digest": digest_of(big.encode())}}
    assert "script" in sources[3]
    assert set(backend.blobs) == {digest_of(big.encode()), digest_of(b"\0")}


def test_small_scripts_need_no_store():
    def no_store():
        raise AssertionError("the store was asked for")

    assert sources_of([TitanJob("a", script_content="1")], no_store)


@pytest.mark.parametrize("has_blob", [True, False], ids=["by upload_project_folder", "by upload_file"])
def test_an_archive_is_found_however_it_was_uploaded(has_blob):
    backend = FakeStore(files={"p.zip": b"zip"}, blobs={digest_of(b"zip"): b"zip"} if has_blob else {})
    (source,) = sources_of([TitanJob("a", "p.zip/main.py", is_archive=True)], lambda: edges(backend)[0])
    assert source == {"archive": {"digest": digest_of(b"zip"), "entrypoint": "main.py"}}
    assert backend.blobs == {digest_of(b"zip"): b"zip"}


def test_an_archive_that_nobody_uploaded_is_named():
    with pytest.raises(ValueError, match=r"job 'a' runs in the archive 'p.zip', which nobody uploaded"):
        sources_of([TitanJob("a", "p.zip/main.py", is_archive=True)], lambda: edges(FakeStore())[0])
