"""What jobs leave to each other, with real runners against a real store."""

import asyncio
import hashlib
import io
import itertools
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from builders.runner.attempts import SHOW, Attempts, attempts_on_a_store, writes
from builders.store.reviewers import JOB

pytestmark = pytest.mark.asyncio(loop_scope="module")
_BASES = itertools.count(0, 100)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody_s(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Attempts]:
    async with attempts_on_a_store(tmp_path_factory.mktemp("store")) as attempts:
        yield attempts


@pytest.fixture
def attempts(everybody_s: Attempts, tmp_path: Path) -> Attempts:
    return everybody_s.beside(tmp_path, base=next(_BASES))


async def archive(attempts: Attempts, entrypoint: str, **files: str) -> dict[str, Any]:
    """A zip in the store; two underscores stand for a slash, one for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as content:
        for name, text in files.items():
            content.writestr(name.replace("__", "/").replace("_", "."), text)
    digest = f"sha256:{hashlib.sha256(packed.getvalue()).hexdigest()}"
    await attempts.add_blob(packed.getvalue(), digest)
    return {"archive": {"digest": digest, "entrypoint": entrypoint}}


# ---------------------------------------------------------------- from parent to child
async def test_a_child_finds_what_its_parent_wrote_beside_itself_and_in_its_directory(attempts: Attempts) -> None:
    beside = "import os, pathlib\n(pathlib.Path(os.path.dirname(__file__)) / 'beside.txt').write_text('B')\n"
    await attempts.succeed(1, f"{beside}pathlib.Path('here.txt').write_text('H')")

    ran = await attempts.succeed(2, SHOW, 1)

    assert ran.lines == ["beside.txt B", "here.txt H"]


async def test_a_child_imports_a_module_that_its_parent_wrote(attempts: Attempts) -> None:
    await attempts.succeed(1, "open('sibling.py', 'w').write('WORD = 42')")

    assert (await attempts.succeed(2, "import sibling; print(sibling.WORD)", 1)).lines == ["42"]
    assert list(await attempts.files(2)) == ["sibling.py"], "bytecode is not kept"


async def test_grandparents_files_changes_and_deletions_arrive(attempts: Attempts) -> None:
    await attempts.succeed(1, writes(a="1", b="1", deep__er__c="1"))
    await attempts.succeed(2, "import os\nos.remove('a')\nopen('b', 'a').write('2')", 1)

    assert (await attempts.succeed(3, SHOW, 2)).lines == ["b 12", "deep/er/c 1"]


async def test_only_changes_stand_in_a_job_s_own_manifest(attempts: Attempts) -> None:
    await attempts.succeed(1, writes(kept="1", touched="1", rewritten="1", changed="1", gone="1"))
    program = (
        "import os, pathlib\nos.utime('touched')\npathlib.Path('rewritten').write_text('1')\n"
        "stat = os.stat('changed'); pathlib.Path('changed').write_text('2')\n"
        "os.utime('changed', ns=(stat.st_atime_ns, stat.st_mtime_ns))\nos.remove('gone')"
    )
    await attempts.succeed(2, program, 1)

    manifest = (await attempts.outcome(2))["manifest"]

    assert (list(manifest["changed"]), manifest["deleted"]) == (["changed"], ["gone"])


async def test_a_file_that_can_be_executed_stays_so(attempts: Attempts) -> None:
    program = "import os\nopen('tool', 'w').write('#!/bin/sh\\necho tool runs')\nos.chmod('tool', 0o700)"
    await attempts.succeed(1, program)

    ran = await attempts.succeed(2, "import subprocess; subprocess.run(['./tool'], check=True)", 1)

    assert ran.lines == ["tool runs"]
    assert (await attempts.files(1))["tool"]["mode"] == 0o755


async def test_a_change_of_permissions_alone_is_a_change(attempts: Attempts) -> None:
    await attempts.succeed(1, writes(tool="x"))
    await attempts.succeed(2, "import os; os.chmod('tool', 0o755)", 1)

    assert (await attempts.files(2))["tool"]["mode"] == 0o755


@pytest.mark.parametrize("name", ["ünï/später 💾.txt", "line\nbreak", " ", "-rf", "a\\b", "x" * 255])
async def test_names_of_all_kinds_arrive(attempts: Attempts, name: str) -> None:
    await attempts.succeed(1, "import sys, pathlib\n" + writes() + f"path = pathlib.Path({name!r})\n"
        "path.parent.mkdir(exist_ok=True)\npath.write_text('here')")  # fmt: skip

    assert (await attempts.succeed(2, f"print(open({name!r}).read())", 1)).lines == ["here"]


async def test_many_files_and_equal_ones_arrive_whole(attempts: Attempts) -> None:
    program = "import os\nfor n in range(300):\n    open(f'file-{n}', 'wb').write(b'%d' % (n // 3) * 1000)"
    await attempts.succeed(1, program)
    check = "for n in range(300):\n    assert open(f'file-{n}', 'rb').read() == b'%d' % (n // 3) * 1000, n"

    await attempts.succeed(2, check, 1)


async def test_a_big_file_arrives_whole_and_is_sent_once(attempts: Attempts) -> None:
    await attempts.succeed(1, "open('big', 'wb').write(bytes(range(256)) * 4096 * 20)")
    check = "assert open('big', 'rb').read() == bytes(range(256)) * 4096 * 20; open('copy', 'wb').write(open('big', 'rb').read())"

    await attempts.succeed(2, check, 1)

    files = await attempts.files(2)
    assert files["big"]["digest"] == files["copy"]["digest"]


# ---------------------------------------------------------------- what is not kept
async def test_a_job_that_failed_leaves_nothing(attempts: Attempts) -> None:
    await attempts.run(1, writes(a="1") + "raise SystemExit(1)")

    assert "manifest" not in await attempts.outcome(1)
    assert await attempts.files(1) == {}


async def test_a_script_is_not_kept_even_if_it_changes_itself(attempts: Attempts) -> None:
    await attempts.succeed(1, "open(__file__, 'a').write('# changed')")

    assert await attempts.files(1) == {}


async def test_a_script_hides_an_inherited_file_of_its_name_and_leaves_it_to_the_next(attempts: Attempts) -> None:
    await attempts.succeed(1, {"inline": {"fileName": "writer.py", "content": "open('job.py', 'w').write('data')"}})
    assert (await attempts.succeed(2, "print('my own code')", 1)).lines == ["my own code"]

    reader = {"inline": {"fileName": "reader.py", "content": "print(open('job.py').read())"}}

    assert (await attempts.succeed(3, reader, 2)).lines == ["data"]


async def test_links_inside_are_kept_as_copies_and_the_rest_is_named_in_the_log(attempts: Attempts) -> None:
    program = (
        "import os, socket\nos.makedirs('dir'); open('dir/real', 'w').write('R')\n"
        "os.symlink('dir/real', 'inside'); os.symlink('/etc/hostname', 'outside'); os.symlink('nowhere', 'broken')\n"
        "os.symlink('dir', 'folder'); os.mkfifo('pipe')\nos.makedirs('empty/er'); os.link('dir/real', 'hard')"
    )
    await attempts.succeed(1, program)

    assert (await attempts.succeed(2, SHOW, 1)).lines == ["dir/real R", "hard R", "inside R"]
    log = await attempts.log(1)
    assert "'outside' is not kept: it is a link that leads out of the workspace" in log
    assert "'broken' is not kept: it is a link to nothing" in log
    assert "'folder' is not kept: it is a link to a folder" in log
    assert "'pipe' is not kept: it is a pipe" in log


async def test_a_name_that_is_no_text_is_named_in_the_log_and_left_out(attempts: Attempts) -> None:
    await attempts.succeed(1, "open(b'\\xff', 'w'); open('good', 'w')")

    assert list(await attempts.files(1)) == ["good"]
    assert "not UTF-8" in await attempts.log(1)


async def test_what_a_volume_inside_the_workspace_holds_is_not_kept(attempts: Attempts) -> None:
    mounted = attempts.workspace(1) / "mounted"
    mounted.mkdir(parents=True)
    (mounted / "theirs").write_text("x")

    await attempts.succeed(1, "open('mounted/mine', 'w'); open('kept', 'w')")

    assert list(await attempts.files(1)) == ["kept"]


# ---------------------------------------------------------------- conflicts and limits
async def test_of_two_versions_the_later_is_there_and_everybody_is_told(attempts: Attempts) -> None:
    await attempts.succeed(1, writes(same="s", differs="1"))
    await attempts.succeed(2, writes(same="s", differs="2"))

    ran = await attempts.succeed(3, SHOW, 1, 2)

    assert ran.lines[1:] == ["differs 2", "same s"]
    assert ran.lines[0] == "titan: parents left different versions of 'differs'; the later one is here"
    assert (await attempts.outcome(3))["conflicts"] == ["differs"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("for n in range(10_001): open(f'f{n}', 'w')", "10001 new or changed files"),
        ("open('small', 'w')\nfor n in 'ab': open(f'big-{n}', 'wb').truncate(200 * 2**20)", "big-a (200.0 MiB), big-b"),
    ],
)
async def test_beyond_the_limits_the_program_has_failed_and_the_biggest_are_named(
    attempts: Attempts, program: str, words: str
) -> None:
    ran = await attempts.run(1, program)

    outcome = await attempts.outcome(1)
    assert (outcome["phase"], outcome["reason"]) == ("run", "WorkspaceTooLarge"), "a failure of the program's own"
    assert (ran.ending.code, outcome["exitCode"]) == (73, 73)
    assert words in outcome["message"]
    assert words in await attempts.log(1)
    assert await attempts.files(1) == {}


async def test_inherited_files_do_not_count_against_the_limits(attempts: Attempts) -> None:
    await attempts.succeed(1, "for n in range(6_000): open(f'a{n}', 'w')")
    await attempts.succeed(2, "for n in range(6_000): open(f'b{n}', 'w')", 1)

    assert len(await attempts.files(2)) == 12_000


# ---------------------------------------------------------------- archives and modes
async def test_an_archive_s_entry_folder_lies_over_the_workspace(attempts: Attempts) -> None:
    main = (
        "import os, sys, helper\nprint(helper.WORD, open('inherited').read(), open('../shared.txt').read())\n"
        "print(os.getcwd() == os.path.dirname(os.path.abspath(__file__)) == os.environ['TITAN_WORKSPACE'])\n"
        "print(open('config.txt').read()); open('result', 'w').write('R')"
    )
    await attempts.succeed(1, writes(inherited="I") + "open('config.txt', 'w').write('inherited')")
    files = {"app__main_py": main, "app__helper_py": "WORD = 'W'", "app__config_txt": "packed", "shared_txt": "S"}

    ran = await attempts.succeed(2, await archive(attempts, "app/main.py", **files), 1)

    assert ran.lines == ["W I S", "True", "packed"]
    assert sorted(await attempts.files(2)) == ["config.txt", "inherited", "result"]
    assert (await attempts.succeed(3, "print(open('config.txt').read())", 2)).lines == ["inherited"]


async def test_a_file_of_an_archive_that_the_program_changed_is_its_work_and_kept(attempts: Attempts) -> None:
    source = await archive(attempts, "main.py", main_py="open('state.txt', 'a').write('+')", state_txt="0", other="x")
    await attempts.succeed(1, source)

    assert (await attempts.succeed(2, SHOW, 1)).lines == ["state.txt 0+"]


async def test_without_a_workspace_nothing_is_found_and_nothing_kept(attempts: Attempts) -> None:
    ran = await attempts.run(1, writes(a="1") + SHOW, mode="None")

    assert ran.lines == ["a 1"]
    assert await attempts.files(1) == {}


async def test_in_a_shared_volume_scripts_are_private_and_modules_can_be_imported(
    attempts: Attempts, tmp_path: Path
) -> None:
    runner = attempts.start(1, "print(1)", mode="Claim")
    await asyncio.to_thread(runner.finish)
    (runner.workspace / "module.py").write_text("WORD = 'there'")
    assert [path.name for path in runner.workspace.iterdir()] == ["module.py"], "the script was elsewhere"

    own = {"TITAN_WORKSPACE": str(runner.workspace)}
    program = "import os, module; print(module.WORD, os.getcwd() == os.environ['TITAN_WORKSPACE'])"
    second = attempts.start(2, program, mode="Claim", environment=own)
    ending = await asyncio.to_thread(second.finish)

    assert ending.stdout == b"there True\n"
    assert await attempts.files(2) == {}


# ---------------------------------------------------------------- retries and hostile stores
async def test_a_repetition_starts_from_the_same_files(attempts: Attempts) -> None:
    await attempts.succeed(1, writes(a="1"))
    await attempts.run(2, "open('a', 'w').write('spoiled'); open('b', 'w')\nraise SystemExit(1)", 1)

    assert (await attempts.succeed(3, SHOW, 1)).lines == ["a 1"]


async def test_a_parent_that_nobody_knows_fails_the_fetch_and_is_named(attempts: Attempts) -> None:
    ran = await attempts.run(1, "print('ran')", 9)

    assert ran.ending.code == 69
    assert (ran.ending.words["phase"], ran.ending.words["reason"]) == ("fetch", "FetchFailed")
    assert re.search(f"attempt .*9 of job {JOB}", ran.ending.words["message"])
    assert "ran" not in ran.lines


async def test_the_record_names_whose_files_were_found(attempts: Attempts) -> None:
    await attempts.succeed(1, "print(1)")
    await attempts.succeed(2, "print(2)", 1)

    outcome = await attempts.outcome(2)

    assert [(one["job"], one["attempt"] % 100) for one in outcome["inputs"]] == [(JOB, 1)]
    assert "manifest" not in outcome
    assert json.loads(json.dumps(outcome)) == outcome
