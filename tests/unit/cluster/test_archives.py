"""Image archives, and which of them a cluster imports again."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from tools.cluster.archives import write_archive
from tools.cluster.images import Imported, find_stale


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "pause"
    file.write_bytes(b"\x7fELF and so on")
    return file


def test_an_archive_holds_the_program_and_says_to_start_it(tmp_path: Path, program: Path) -> None:
    write_archive(tmp_path / "image.tar", "example/pause:1", program, "x86_64")
    with tarfile.open(tmp_path / "image.tar") as archive:
        entries = {entry.name: archive.extractfile(entry).read() for entry in archive}  # all are files
    manifest = json.loads(entries["manifest.json"])[0]
    configuration = json.loads(entries[manifest["Config"]])
    with tarfile.open(fileobj=io.BytesIO(entries[manifest["Layers"][0]])) as layer:
        entry = layer.getmember("pause")
        content = layer.extractfile(entry).read()
    assert manifest["RepoTags"] == ["example/pause:1"]
    assert configuration["architecture"] == "amd64"
    assert configuration["config"]["Entrypoint"] == ["/pause"]
    assert content == program.read_bytes()
    assert entry.mode & 0o111


def test_the_same_program_makes_the_same_image(tmp_path: Path, program: Path) -> None:
    for name in ("one.tar", "two.tar"):
        write_archive(tmp_path / name, "example/pause:1", program, "x86_64")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


@pytest.mark.parametrize(
    ("why", "stamp", "imported", "present", "stale"),
    [
        ("never seen", "1", {}, {"a:1"}, ["a.tar"]),
        ("imported as it is", "1", {"a.tar": Imported("1", ("a:1",))}, {"a:1", "b:1"}, []),
        ("changed since", "2", {"a.tar": Imported("1", ("a:1",))}, {"a:1"}, ["a.tar"]),
        ("one of its images is gone", "1", {"a.tar": Imported("1", ("a:1", "a:2"))}, {"a:1"}, ["a.tar"]),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_an_archive_is_imported_when_the_cluster_does_not_have_it(
    why: str, stamp: str, imported: dict[str, Imported], present: set[str], stale: list[str]
) -> None:
    assert find_stale({"a.tar": stamp}, imported, frozenset(present)) == stale
