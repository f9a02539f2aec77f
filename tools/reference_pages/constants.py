"""Labels, annotations, conditions and reasons, from ``titan_api/names.py`` and the sentence under each."""

import ast
from collections.abc import Iterator
from pathlib import Path

from reference_pages.tables import code, prose, render_table
from titan_api import names

INTRODUCTION = """# Labels, conditions, reasons

The strings that the cluster sees. Those in a job's environment have [a page of their own](environment.md).
"""
SECTIONS = (
    ("Labels", "LABEL_", "Titan's labels select; they hold safe values or hashes. Originals are in the specs."),
    ("Annotations", "ANNOTATION_", "Annotations explain. Nothing selects by them."),
    ("Conditions", "CONDITION_", "On TitanDAGs, TitanJobs and TitanApprovals. `kubectl wait --for=condition=…` works."),
    ("Reasons", "REASON_", "The `reason` of a condition or of an attempt. The `message` beside it is a sentence."),
    ("Accounts and audiences", ("SERVICE_ACCOUNT_", "AUDIENCE_", "STORE_"), "Who is who."),
)


def render_page() -> str:
    """The whole page."""
    constants = list(_constants())
    parts = [INTRODUCTION]
    for title, prefixes, introduction in SECTIONS:
        chosen = [(code(value), text) for name, value, text in constants if text and name.startswith(prefixes)]
        parts.append(f"## {title}\n\n{introduction}\n\n{render_table(['', 'meaning'], chosen)}")
    return "\n".join(parts)


def _constants() -> Iterator[tuple[str, str, str]]:
    """Name, value and sentence of each constant that is a text."""
    body = ast.parse(Path(names.__file__).read_text(encoding="utf-8")).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name = statement.target.id
        value = getattr(names, name)
        if isinstance(value, str) and not name.startswith("_"):
            yield name, value, prose(_sentence(following))


def _sentence(statement: ast.stmt | None) -> str:
    """The docstring that follows a constant; some need none."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return ""
