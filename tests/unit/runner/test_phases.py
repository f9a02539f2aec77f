"""The runner as a subprocess against a store that keeps the contract: what a user could notice of each phase."""

import base64
import json
import sys
from collections.abc import Callable

import pytest
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess, inline

Start = Callable[..., RunnerProcess]


def test_a_program_that_succeeds_is_recorded_as_published_with_its_whole_log(start: Start, store: LogStore) -> None:
    ending = start(inline("print('one'); print('two')")).finish()

    assert (ending.code, ending.stdout, ending.stderr) == (0, b"one\ntwo\n", b"")
    assert bytes(store.content.log) == b"one\ntwo\n"
    assert ending.words == {"phase": "publish", "exitCode": 0, "reason": "Completed", "message": ""}
    outcome = store.content.outcome
    assert outcome is not None
    assert (outcome["phase"], outcome["exitCode"], outcome["logSize"]) == ("publish", 0, 8)
    assert outcome["startTime"] < outcome["endTime"]
    assert store.content.events[-1] == "outcome"


@pytest.mark.parametrize(
    ("program", "code", "message"),
    [
        ("raise SystemExit(3)", 3, "exit code 3"),
        ("raise ValueError('bad row 7')", 1, "exit code 1: ValueError: bad row 7"),
        ("import os; os.kill(os.getpid(), 9)", 137, "killed by SIGKILL"),
        ("import os; os.abort()", 134, "killed by SIGABRT"),
    ],
)
def test_a_program_that_fails_ends_in_phase_run_with_its_own_code_and_last_line(
    start: Start, store: LogStore, program: str, code: int, message: str
) -> None:
    ending = start(inline(program)).finish()

    assert ending.code == code
    assert ending.words == {"phase": "run", "exitCode": code, "reason": "Error", "message": message}
    assert store.content.outcome is not None
    assert store.content.outcome["exitCode"] == code


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("show.py", "import sys; print(sys.argv[1:])"),
        ("show.sh", "python -c 'import sys; print(sys.argv[1:])' \"$@\""),
    ],
)
def test_arguments_reach_python_and_bash_as_they_are(start: Start, file_name: str, content: str) -> None:
    arguments = ["a b", "", "$HOME", "-x", "ünï"]

    ending = start(inline(content, file_name), *arguments).finish()

    assert ending.stdout.decode() == f"{arguments}\n"


def test_stderr_and_stdout_are_one_log_in_the_order_of_writing(start: Start, store: LogStore) -> None:
    program = "import sys\nfor n in range(4): print(n, file=sys.stderr if n % 2 else sys.stdout)"

    assert start(inline(program)).finish().stdout == b"0\n1\n2\n3\n"
    assert bytes(store.content.log) == b"0\n1\n2\n3\n"


def test_output_that_is_no_text_arrives_byte_for_byte(start: Start, store: LogStore) -> None:
    program = "import os\nos.write(1, bytes(range(256)) * 3)"

    start(inline(program)).finish()

    assert bytes(store.content.log) == bytes(range(256)) * 3


def test_twenty_megabytes_of_output_arrive_whole_in_pieces(start: Start, store: LogStore) -> None:
    program = "import sys\nfor n in range(20_000): sys.stdout.write(f'{n:0999}\\n')"
    expected = b"".join(b"%0999d\n" % n for n in range(20_000))

    ending = start(inline(program)).finish()

    assert ending.stdout == expected
    assert bytes(store.content.log) == expected
    assert store.content.outcome is not None
    assert store.content.outcome["logSize"] == len(expected)
    assert store.content.appends > 20


def test_the_first_line_is_in_the_store_while_the_program_still_runs(start: Start, store: LogStore) -> None:
    runner = start(inline("import time\nprint('begun')\ntime.sleep(60)"))

    store.content.wait_for_log(b"begun\n")

    assert runner.process.poll() is None


def test_the_program_sees_its_workspace_but_not_the_runner_s_own_variable(start: Start) -> None:
    program = "import os; print(os.getcwd(), os.environ['TITAN_WORKSPACE'], 'TITAN_RUN' in os.environ)"
    runner = start(inline(program))

    workspace = runner.workspace

    assert runner.finish().stdout.decode() == f"{workspace} {workspace} False\n"


def test_the_program_s_python_is_the_runner_s_and_has_the_sdk(start: Start) -> None:
    program = "import sys, titan_sdk; print(sys.executable)"

    assert start(inline(program)).finish().stdout.decode().strip() == sys.executable


def test_scripts_of_one_basename_do_not_share_a_directory(start: Start) -> None:
    program = "import os; print(os.path.dirname(os.path.abspath(__file__)))"

    first, second = (start(inline(program, "task.py")).finish().stdout for _ in range(2))

    assert first != second


def test_what_outlives_the_program_does_not_keep_the_attempt_from_ending(start: Start, store: LogStore) -> None:
    ending = start(inline("sleep 60 &\necho done", "leaves.sh")).finish(seconds=30)

    assert ending.code == 0
    assert bytes(store.content.log) == b"done\n"


def test_the_token_is_read_again_for_every_request_because_it_rotates(start: Start, store: LogStore) -> None:
    runner = start(inline("import time\nprint('begun')\ntime.sleep(1)\nprint('end')"))
    store.content.wait_for_log(b"begun")
    runner.token_file.write_text("second-token")

    assert runner.finish().code == 0
    assert store.content.tokens[0] == "Bearer first-token"
    assert store.content.tokens[-1] == "Bearer second-token"


def test_the_record_names_the_pod_that_the_token_is_bound_to(start: Start, store: LogStore) -> None:
    claims = {"kubernetes.io": {"pod": {"name": "load-1", "uid": "pod-uid"}}}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    runner = start(inline("import time; time.sleep(0.5)"))
    runner.token_file.write_text(f"head.{body}.signature")

    runner.finish()

    assert store.content.outcome is not None
    assert (store.content.outcome["pod"], store.content.outcome["podUID"]) == ("load-1", "pod-uid")


def test_a_pod_that_titan_did_not_make_is_told_so_in_one_sentence(start: Start) -> None:
    ending = start(inline("print(1)"), environment={"TITAN_RUN": "no json"}).finish()

    assert ending.code == 64
    assert ending.stderr.startswith(b"titan: the environment describes no job")
    assert ending.stderr.count(b"\n") == 1
