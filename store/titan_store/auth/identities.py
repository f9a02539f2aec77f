"""Who calls, according to the API server, and the questions that the store asks about callers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from titan_api import names

SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:"


@dataclass(frozen=True)
class BoundPod:
    """The pod that a token is bound to; the token is void once the pod is gone."""

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
    """The questions about callers that the store asks the API server. All raise Unavailable when it does not answer."""

    async def review_token(self, token: str) -> Identity | None:
        """TokenReview for the store's audience; None: the token is not valid here."""

    async def review_person(self, token: str) -> Identity | None:
        """TokenReview for the API server's own audience, whose tokens people have; None: the token is not valid."""

    async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
        """SubjectAccessReview."""

    async def get_namespace_uid(self, name: str) -> str | None:
        """None: there is no such namespace."""

    async def get_pod(self, namespace: str, name: str) -> PodFacts | None:
        """None: there is no such pod."""
