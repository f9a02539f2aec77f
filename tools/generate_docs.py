"""Write the generated pages of the docs site; ``make verify`` fails when the committed files differ."""

import sys
from pathlib import Path

from reference_pages import commands, constants, helm_values, http_api, kinds, tools

HEADER = "<!-- Generated from the code by tools/generate_docs.py (make generate); do not edit. -->\n\n"
PAGES = {
    "cli.md": commands.render_page,
    "helm-values.md": helm_values.render_page,
    "kinds.md": kinds.render_page,
    "mcp.md": tools.render_page,
    "names.md": constants.render_page,
    "store-api.md": http_api.render_page,
}


def main(folder: Path) -> None:
    """Regenerate every page, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, render in PAGES.items():
        (folder / name).write_text(HEADER + render().rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "site" / "reference")
