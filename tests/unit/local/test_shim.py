"""The parent of a container's process: what it gives the program does not depend on how the cluster was started."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from titan_local.kubelet import shim


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_program_hears_signals_also_where_the_cluster_was_started_by_nohup(
    tmp_path: Path, number: signal.Signals
) -> None:
    deaf = ["sh", "-c", f"trap '' {number.value}; exec \"$@\" {shim.STARTED_DESCRIPTOR}>&1", "sh"]
    program = ["sh", "-c", f"kill -{number.value} $$"]
    command = [*deaf, sys.executable, "-I", "-S", shim.__file__, str(tmp_path), str(tmp_path), *program]
    subprocess.run(command, check=True, timeout=60)
    assert json.loads((tmp_path / shim.EXIT).read_text()) == {"exitCode": 128 + number, "signal": number}
