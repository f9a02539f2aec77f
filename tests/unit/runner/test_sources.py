"""Phase fetch: the right program, or a sentence; never another program, and nothing outside its directory."""

import io
import stat
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess, inline

Start = Callable[..., RunnerProcess]

DEVICE = (stat.S_IFCHR | 0o666) << 16
LINK = (stat.S_IFLNK | 0o777) << 16


def zip_of(files: dict[str, bytes], attributes: dict[str, int] | None = None) -> bytes:
    """An archive; ``attributes`` are the upper half of Unix modes by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (attributes or {}).get(name, 0o644 << 16)
            archive.writestr(member, content)
    return packed.getvalue()


def archive(store: LogStore, content: bytes, entrypoint: str = "main.py") -> dict[str, Any]:
    return {"archive": {"digest": store.content.add_blob(content), "entrypoint": entrypoint}}


def test_a_script_is_fetched_by_digest_and_keeps_its_name(start: Start, store: LogStore) -> None:
    digest = store.content.add_blob(b"import os; print(os.path.basename(__file__))")

    assert start({"script": {"fileName": "train.py", "digest": digest}}).finish().stdout == b"train.py\n"


def test_an_archive_runs_in_its_entry_s_folder_beside_its_siblings(start: Start, store: LogStore) -> None:
    main = b"import os, helper; print(helper.WORD, os.path.basename(os.getcwd()), os.listdir())"
    files = {"app/": b"", "app/main.py": main, "app/helper.py": b"WORD = 'hi'", "data.txt": b""}

    ending = start(archive(store, zip_of(files), "app/main.py")).finish()

    assert ending.stdout.startswith(b"hi app [")
    assert ending.code == 0


def test_executable_files_of_an_archive_stay_executable(start: Start, store: LogStore) -> None:
    files = {"main.sh": b"./tool", "tool": b"#!/bin/sh\necho tool"}

    ending = start(archive(store, zip_of(files, {"tool": 0o755 << 16}), "main.sh")).finish()

    assert ending.stdout == b"tool\n"


@pytest.mark.parametrize(
    ("files", "attributes", "words"),
    [
        ({"../evil.py": b""}, {}, "the path '../evil.py'"),
        ({"a/../../evil.py": b""}, {}, "the path 'a/../../evil.py'"),
        ({"/etc/evil": b""}, {}, "the path '/etc/evil'"),
        ({"a\\..\\evil": b""}, {}, "the path"),
        ({"link": b"/etc/passwd"}, {"link": LINK}, "a link or a device"),
        ({"null": b""}, {"null": DEVICE}, "a link or a device"),
        ({"a": b"", "a/b": b""}, {}, "both as a file and as a folder"),
        ({f"{n}": b"" for n in range(20_001)}, {}, "more than 20000 files"),
    ],
)
def test_a_hostile_archive_is_refused_naming_the_culprit(
    start: Start, store: LogStore, files: dict[str, bytes], attributes: dict[str, int], words: str
) -> None:
    runner = start(archive(store, zip_of({"main.py": b"print('ran')"} | files, attributes)))
    ending = runner.finish()

    assert ending.code == 126
    assert (ending.words["phase"], ending.words["reason"]) == ("run", "SourceInvalid")
    assert words in ending.words["message"]
    assert words.encode() in bytes(store.content.log)
    assert b"ran" not in ending.stdout
    assert [path.name for path in runner.workspace.parent.rglob("*evil*")] == []


def test_a_bomb_is_refused_by_its_declared_size(start: Start, store: LogStore) -> None:
    packed = bytearray(zip_of({"main.py": b"print(1)", "bomb": b"0" * 1000}))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = (0xF0000000).to_bytes(4, "little")

    ending = start(archive(store, bytes(packed))).finish()

    assert ending.code == 126
    assert "bytes when unpacked" in ending.words["message"]


def test_a_file_that_inflates_beyond_what_it_declares_is_refused(start: Start, store: LogStore) -> None:
    packed = bytearray(zip_of({"main.py": b"print(1)", "bomb": b"0" * 100_000}))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = (10).to_bytes(4, "little")

    assert start(archive(store, bytes(packed))).finish().code == 126


@pytest.mark.parametrize("content", [b"", b"no zip at all", zip_of({"main.py": b"x" * 5000})[:200]])
def test_a_damaged_archive_is_refused_in_a_sentence(start: Start, store: LogStore, content: bytes) -> None:
    ending = start(archive(store, content)).finish()

    assert ending.code == 126
    assert "damaged" in ending.words["message"]
    assert ending.stderr == b""


def test_an_archive_without_its_entry_is_refused_naming_the_entry(start: Start, store: LogStore) -> None:
    ending = start(archive(store, zip_of({"other.py": b""}))).finish()

    assert ending.code == 127
    assert ending.words["message"] == "the archive has no file 'main.py'"


def test_a_blob_of_other_content_than_its_digest_never_runs(start: Start, store: LogStore) -> None:
    digest = store.content.add_blob(b"print('right')")
    store.content.blobs[digest] = b"print('wrong')"

    ending = start({"script": {"fileName": "a.py", "digest": digest}}).finish()

    assert ending.code == 69
    assert ending.words["phase"] == "fetch"
    assert "DigestMismatch" in ending.words["message"]
    assert b"wrong\n" not in ending.stdout
    assert store.content.outcome is not None
    assert store.content.outcome["exitCode"] is None


def test_a_blob_that_does_not_exist_fails_the_fetch_at_once(start: Start, store: LogStore) -> None:
    ending = start({"script": {"fileName": "a.py", "digest": "sha256:" + "0" * 64}}).finish()

    assert ending.code == 69
    assert (ending.words["phase"], ending.words["reason"]) == ("fetch", "FetchFailed")
    assert ending.words["message"] == "no blob sha256:" + "0" * 64


@pytest.mark.parametrize("file_name", ["../a.py", "/a.py", "a//b.py", "./a.py"])
def test_a_file_name_that_leaves_the_directory_is_refused(start: Start, file_name: str) -> None:
    ending = start(inline("print(1)", file_name)).finish()

    assert ending.code == 126
    assert repr(file_name) in ending.words["message"]
