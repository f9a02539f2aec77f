"""Who calls, as the API server tells it, and the questions that the store asks about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from titan_api import names

SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:"


@dataclass(frozen=True)
class BoundPod:
    """The pod that a token is bound to: the token dies with it."""

    namespace: str
    name: str
    uid: str


@dataclass(frozen=True)
class Identity:
    """The user of a token."""

    username: str
    uid: str = ""
    groups: tuple[str, ...] = ()
    pod: BoundPod | None = None


@dataclass(frozen=True)
class Attributes:
    """What somebody wants to do: a verb on a resource, by default a virtual one of the group ``store.titan.io``."""

    resource: str
    verb: str
    namespace: str
    """Empty: in all of them."""
    group: str = names.STORE_GROUP
    name: str = ""
    """Empty: any."""


@dataclass(frozen=True)
class PodFacts:
    """What the store must know of a pod."""

    uid: str
    labels: Mapping[str, str] = field(default_factory=dict)


class Reviewer(Protocol):
    """The API server, in the questions that the store has about callers. All raise Unavailable when it is away."""

    async def review_token(self, token: str) -> Identity | None:
        """TokenReview for the store's audience; None: the token is not valid here."""

    async def review_person(self, token: str) -> Identity | None:
        """TokenReview for the API server's own audience: the token that a person shows it; None: it is not valid."""

    async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
        """SubjectAccessReview."""

    async def get_namespace_uid(self, name: str) -> str | None:
        """None: there is no such namespace."""

    async def get_pod(self, namespace: str, name: str) -> PodFacts | None:
        """None: there is no such pod."""
