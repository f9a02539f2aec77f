"""JSON bodies of signing in."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from titan_store.api.http.models import MicroTime, Model

Secret = Annotated[str, StringConstraints(min_length=1, max_length=16_384, strip_whitespace=True)]
Way = Literal["token", "proxy"]


class SessionRequest(Model):
    """How somebody signs in: with one of the two."""

    token: Secret | None = Field(default=None, repr=False)
    """For the store (audience titan-store), or for the API server."""
    code: Secret | None = Field(default=None, repr=False)
    """From POST /v1/session/codes."""

    @model_validator(mode="after")
    def _check_one(self) -> "SessionRequest":
        if (self.token is None) == (self.code is None):
            raise ValueError("give either a token or a code, not both")
        return self


class Session(Model):
    """Who is signed in."""

    user: str
    groups: list[str]
    csrf_token: str
    """For the header X-Titan-CSRF of every change."""
    sign_in: Way
    """Whether a token or a trusted proxy signed the person in."""
    is_shared: bool
    """Whether many people share this identity, which then cannot decide about gates."""
    expire_time: MicroTime


class SessionCode(Model):
    """A code that signs in once."""

    code: str
    expire_time: MicroTime
