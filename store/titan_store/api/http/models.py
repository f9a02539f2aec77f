"""The base of all JSON bodies and query parameters, the types that they share, and the body of a refusal.

``titan_api.kinds.fields`` has the same base. That one reads the docstrings of fields at import, and builds each model at
once; a store that starts has no time for either. Here a model is built when its first request comes, and docstrings
are read when somebody asks for the OpenAPI document (``descriptions``).
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from titan_api.digests import DIGEST

Digest = Annotated[str, StringConstraints(pattern=f"^{DIGEST}$", max_length=71)]
MicroTime = Annotated[str, StringConstraints(max_length=32), Field(json_schema_extra={"format": "date-time"})]
Size = Annotated[int, Field(ge=0)]


def _alias(field: str) -> str:
    """camelCase, with the initialisms of the Kubernetes API conventions (jobID, podUID)."""
    camel = to_camel(field)
    return camel[:-2] + "ID" if field.endswith("_id") else camel


class Model(BaseModel):
    """camelCase outside, frozen, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=_alias, populate_by_name=True, frozen=True, extra="forbid", defer_build=True
    )


class ErrorInfo(Model):
    """What went wrong."""

    code: str
    """For programs."""
    message: str
    """One sentence for people; names the culprit."""
    size: Size | None = None
    """Of LogGap: where the log ends."""


class ErrorBody(Model):
    """Body of every answer from 400 on."""

    error: ErrorInfo
