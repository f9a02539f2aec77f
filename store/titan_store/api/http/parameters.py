"""Reading query parameters: a model for each operation, which checks them and describes them in the OpenAPI document.

Keys and names travel in the query and never in the path, because proxies rewrite paths (``%2F``, ``..``, ``//``) and
leave queries alone.
"""

from typing import TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import ConfigDict, ValidationError

from titan_store.api.http.models import Model
from titan_store.errors import BadRequest


class NoQuery(Model):
    """No parameters. Unknown ones are ignored everywhere, as the API server does it."""

    model_config = ConfigDict(extra="ignore")


Query = TypeVar("Query", bound=NoQuery)


def parse_query(raw_path: str, model: type[Query]) -> Query:
    """The parameters of a request line. Raises BadRequest naming the parameter.

    Invalid UTF-8 is refused: replacing it would make two keys one.
    """
    parameters: dict[str, str] = {}
    for part in raw_path.partition("?")[2].split("&"):
        name, _, value = part.partition("=")
        try:
            if "%" in part or "+" in part or not part.isascii():
                name, value = (unquote_to_bytes(text.replace("+", " ")).decode() for text in (name, value))
        except UnicodeError as error:
            raise BadRequest("The query is not percent-encoded UTF-8.") from error
        if name in parameters:
            raise BadRequest(f"The parameter {name} is given twice.")
        if name:
            parameters[name] = value
    try:
        return model.model_validate(parameters)
    except ValidationError as error:
        raise BadRequest(describe(error, "parameter")) from error


def describe(error: ValidationError, what: str) -> str:
    """The first mistake as a sentence."""
    mistake = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(step) for step in mistake["loc"])
    message = mistake["msg"].removeprefix("Value error, ").rstrip(".")
    return f"The {what} {where}: {message}." if where else f"The {what} is wrong: {message}."
