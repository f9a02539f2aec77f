"""How quickly things are there: the embedded cluster, and ``import titan_sdk``."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from titan_local.clusters import LocalCluster

REPEATS = 5
FORBIDDEN = ("kubernetes", "pydantic", "aiohttp", "urllib3")


def up_seconds() -> float:
    """Median time of ``titan local up`` to ready, each time with a new state directory."""
    times = []
    for _ in range(REPEATS):
        home = Path(tempfile.mkdtemp(prefix="titan-bench-"))
        cluster = LocalCluster(home / "local")
        try:
            begun = time.perf_counter()
            cluster.up(api_port=0, store_port=0)
            times.append(time.perf_counter() - begun)
        finally:
            cluster.down()
            shutil.rmtree(home, ignore_errors=True)
    return median(times)


def import_seconds() -> float:
    """Median time of ``import titan_sdk`` in a new interpreter, without the interpreter's own start."""
    program = "import time; begun = time.perf_counter(); import titan_sdk; print(time.perf_counter() - begun)"
    return median(float(_python(program)) for _ in range(REPEATS))


def modules_loaded() -> list[str]:
    """Which of the heavy packages ``import titan_sdk`` loads; none of them should be."""
    program = f"import sys, titan_sdk; print(*[name for name in {FORBIDDEN!r} if name in sys.modules])"
    return _python(program).split()


def _python(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
