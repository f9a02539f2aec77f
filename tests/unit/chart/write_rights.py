"""Write the golden file of RBAC anew: ``PYTHONPATH=tests .venv/bin/python tests/unit/chart/write_rights.py``."""

import sys
from pathlib import Path

import yaml
from builders.kubernetes.charts import render_set

sys.path.insert(0, str(Path(__file__).parent))
from test_rights import GOLDEN, granted

HEADER = (
    "# Who may do what after helm install with the default values (test_rights.py compares; write_rights.py writes).\n"
)

if __name__ == "__main__":
    GOLDEN.write_text(HEADER + yaml.safe_dump(granted(render_set("minimal")), width=110), encoding="utf-8")
