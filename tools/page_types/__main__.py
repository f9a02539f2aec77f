"""`python -m tools.page_types`: write `dashboard/src/api/schema.ts`."""

import json
import sys
import tempfile
from pathlib import Path

from titan_store.api.catalog import OPERATIONS
from titan_store.api.http import openapi

from tools.dashboard import modules, nodes
from tools.dashboard.errors import DashboardError
from tools.dashboard.nodes import Node
from tools.page_types.answers import select_answers

GENERATOR = Path(__file__).resolve().parent
TARGET = GENERATOR.parent.parent / "dashboard/src/api/schema.ts"
HEADER = "// Generated from the store's OpenAPI document by tools/page_types (make generate); do not edit.\n\n"
BANNER_END = " */\n\n"
"""The generator's own header ends so."""
OPTIONS = ("--root-types", "--root-types-no-schema-prefix")
"""A type for each schema, under the schema's name."""


def main() -> int:
    """Writes, or says in one sentence why not."""
    try:
        node = nodes.obtain(GENERATOR / "package.json")
        modules.install(GENERATOR, node)
        TARGET.write_text(HEADER + _generate(node), encoding="utf-8")
    except DashboardError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _generate(node: Node) -> str:
    with tempfile.TemporaryDirectory() as temporary:
        document, types = Path(temporary) / "openapi.json", Path(temporary) / "schema.ts"
        document.write_text(json.dumps(select_answers(openapi.build(OPERATIONS))))
        command = ("exec", "--offline", "--", "openapi-typescript", str(document), "--output", str(types), *OPTIONS)
        done = node.run(GENERATOR, *command)
        if done.returncode:
            raise DashboardError(f"openapi-typescript failed:\n{done.stdout}")
        return types.read_text(encoding="utf-8").partition(BANNER_END)[2]


if __name__ == "__main__":
    sys.exit(main())
