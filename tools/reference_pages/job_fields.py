"""The fields of a job: TitanJob's arguments and the keys of the YAML form, from their one description."""

import inspect
import json

from reference_pages.tables import code, render_table
from titan_api.job_fields import FIELDS, JobField, Shape
from titan_sdk import TitanJob

SHAPES_IN_YAML = {
    Shape.TEXTS: "a list, or one",
    Shape.PAIRS: "a mapping",
}


def render_arguments() -> str:
    """Two tables: the arguments that may stand by position, and those by keyword only."""
    parameters = inspect.signature(TitanJob).parameters.values()
    positional = [FIELDS[one.name] for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    by_keyword = [FIELDS[one.name] for one in parameters if one.kind is one.KEYWORD_ONLY]
    tables = (render_table(["argument", "default", ""], map(_argument, fields)) for fields in (positional, by_keyword))
    return "\nBy keyword only:\n\n".join(tables)


def render_keys() -> str:
    """One table."""
    keyed = [field for field in FIELDS.values() if field.key is not None]
    return render_table(["key", "default", ""], map(_key, keyed))


def _argument(field: JobField) -> tuple[str, str, str]:
    parameter = inspect.signature(TitanJob).parameters[field.name]
    if parameter.default is inspect.Parameter.empty:
        return code(field.name), "", field.help
    default = field.default if field.default is not None else parameter.default
    return code(field.name), code(repr(default).replace("'", '"')), field.help


def _key(field: JobField) -> tuple[str, str, str]:
    words = [field.key_help or field.help, SHAPES_IN_YAML.get(field.shape)]
    has_default = field.default is not None and field.key_help is None
    return code(field.key), code(json.dumps(field.default)) if has_default else "", "; ".join(filter(None, words))
