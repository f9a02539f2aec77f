"""Files that jobs left: listed, downloaded whole, and never to a place outside of where somebody wanted them."""

import os

import pytest
from builders.sdk.sdk_store import FakeStore

from titan_sdk.data.files import Files
from titan_sdk.errors import TitanNotFound
from titan_sdk.runs.workspaces import Workspace, find_newest


def entry(content=b"", **fields):
    return {"digest": "sha256:" + "0" * 64, "mode": 0o644, "size": len(content), "job": "uid-1"} | fields


def workspace(backend, **files):
    """A workspace with these files; two underscores stand for a slash."""
    found = {}
    for name, content in files.items():
        digest = Files(backend.store()).upload_blob(content)
        found[name.replace("__", "/")] = entry(content, digest=digest, mode=0o755 if name.startswith("tool") else 0o644)
    return Workspace(Files(backend.store()), {"files": found, "conflicts": ["a"]})


def test_files_are_listed_by_path_and_prefix():
    here = workspace(FakeStore(), b=b"22", a=b"1", dir__c=b"333")
    assert [(file.path, file.size, file.job_uid) for file in here.list()] == [
        ("a", 1, "uid-1"), ("b", 2, "uid-1"), ("dir/c", 3, "uid-1"),
    ]  # fmt: skip
    assert [file.path for file in here.list("dir/")] == ["dir/c"]
    assert here.conflicts == ("a",)


def test_a_file_is_downloaded_to_a_path_or_into_a_folder(tmp_path):
    here = workspace(FakeStore(), dir__c=b"333")
    here.download("dir/c", tmp_path)
    here.download("dir/c", tmp_path / "other")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"c": b"333", "other": b"333"}


def test_all_files_are_downloaded_with_their_folders_and_the_right_to_be_executed(tmp_path):
    here = workspace(FakeStore(), a=b"1", tool=b"#!", dir__sub__c=b"333")
    here.download_all(tmp_path / "new")
    assert (tmp_path / "new/dir/sub/c").read_bytes() == b"333"
    assert os.access(tmp_path / "new/tool", os.X_OK)
    assert not os.access(tmp_path / "new/a", os.X_OK)


def test_a_file_that_nobody_left_is_not_found(tmp_path):
    with pytest.raises(TitanNotFound, match="there is no file 'x' in this workspace"):
        workspace(FakeStore()).download("x", tmp_path)


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/../b", "", "a\0b"])
def test_a_path_that_would_lead_elsewhere_is_refused(path):
    with pytest.raises(TitanNotFound, match="no path inside a workspace"):
        Workspace(Files(FakeStore().store()), {"files": {path: entry()}, "conflicts": []})


def test_the_newest_file_of_a_name_is_found_by_path_or_name():
    backend = FakeStore(left={"out/report": b"1", "later/report": b"22"})
    assert find_newest(backend.store(), "out/report").size == 1
    assert find_newest(backend.store(), "report").size == 2
    assert find_newest(backend.store(), "none") is None
