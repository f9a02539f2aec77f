"""Each acknowledgement leaves after the fsync of its bytes: shown by strace, where it is there."""

import shutil
from pathlib import Path

import pytest
from bench.store_syncs import read_trace, trace_writes

SOCKET = "<socket:[1]>"


async def test_no_answer_leaves_before_its_bytes_are_on_the_disk(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not there")
    proof = await trace_writes(tmp_path.resolve(), 3)
    assert proof.answers >= 15
    assert proof.bare == 0
    assert proof.violations == []
    assert {"store.db-wal", "incoming", "files", "logs"} <= proof.syncs.keys()


@pytest.mark.parametrize(
    ("lines", "violations"),
    [
        (["pwrite64(5</d/store.db-wal>, 1)", f'sendto(7{SOCKET}, "HTTP/1.1 204 No'], 1),
        (
            [
                "pwrite64(5</d/store.db-wal>, 1)",
                "fdatasync(5</d/store.db-wal>) = 0",
                f'sendto(7{SOCKET}, "HTTP/1.1 204',
            ],
            0,
        ),
        (["fdatasync(5</d/logs/a>) = 0", "pwrite64(5</d/logs/a>, 1)", f'sendto(7{SOCKET}, "HTTP/1.1 200'], 1),
        (
            [
                'rename("/d/incoming/a", "/d/files/a") = 0',
                "fsync(5</d/files/a>) = 0",
                f'sendto(7{SOCKET}, "HTTP/1.1 201',
            ],
            1,
        ),
        (
            ['rename("/d/incoming/a", "/d/files/a") = 0', "fsync(5</d/files>) = 0", f'sendto(7{SOCKET}, "HTTP/1.1 201'],
            0,
        ),
        (["pwrite64(5</d/a>, 1)", "fsync(5</d/a> <unfinished ...>", f'sendto(7{SOCKET}, "HTTP/1.1 201'], 1),
    ],
)
def test_the_proof_would_find_an_answer_that_came_too_early(lines: list[str], violations: int) -> None:
    trace = [f"10 1700000000.{number:06} {line}\n" for number, line in enumerate(lines)]
    assert len(read_trace(trace, "/d").violations) == violations
