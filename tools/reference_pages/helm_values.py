"""The values of the Helm chart, from its schema and its defaults."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from reference_pages.tables import code, prose, render_table
from titan_api.json_types import Json

CHART = Path(__file__).parent.parent.parent / "charts" / "titan"
INTRODUCTION = """# Helm values

Every value of `charts/titan`. Another one is refused, and so is a wrong one, with the path of the field:

```text
Error: values don't meet the specifications of the schema(s) in the following chart(s):
titan:
- at '/store/replicas': maximum: got 2, want 1
```

[Configure](../operate/configure.md) shows what is often changed.
"""
HEADERS = ["value", "default", ""]


def render_page() -> str:
    """The whole page: a table for what stands alone, and a section for each group."""
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    fields = {name: field for name, field in schema["properties"].items() if name != "global"}
    alone = [
        row for name, field in fields.items() if "properties" not in field for row in _rows(name, field, values[name])
    ]
    sections = [
        f"## `{name}`\n\n{render_table(HEADERS, _rows(name, field, values[name]))}"
        for name, field in fields.items()
        if "properties" in field
    ]
    return "\n".join([INTRODUCTION, render_table(HEADERS, alone), *sections])


def _rows(path: str, field: Json, default: Any) -> Iterator[tuple[str, str, str]]:
    """One for each leaf, or for the whole where its parts are explained together."""
    if "properties" not in field or "description" in field:
        yield code(path), _default(default), prose(field["description"])
    if "properties" in field:
        for name, child in field["properties"].items():
            if "$ref" not in child:
                yield from _rows(f"{path}.{name}", child, default.get(name) if isinstance(default, dict) else None)


def _default(value: Any) -> str:
    if value in (None, ""):
        return ""
    return code(value if isinstance(value, str) else json.dumps(value))
