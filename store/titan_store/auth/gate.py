"""The one place that lets a request in: token, right, namespace, and for runners the pod.

The order of refusals is that of the API server: 401 before 403 before 404. When the API server is away, a caller whom
it vouched for a few seconds ago is still served; everybody else gets 503, never 401, because nobody knows.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from titan_api import names
from titan_store.auth.caches import AnswerCache, Monotonic
from titan_store.auth.identities import Attributes, BoundPod, Identity, PodFacts, Reviewer
from titan_store.errors import Forbidden, NotFound, Unauthenticated

POSITIVE_SECONDS = 10.0
"""How soon the store notices a revoked token, a withdrawn right or a deleted namespace."""
NEGATIVE_SECONDS = 2.0
"""How soon a new token or right works, even if it was tried too early."""

ADMITTED_LIMIT = 10_000
PLACES_LIMIT = 1_000
"""Each holds the names of all namespaces."""

SIGN_IN = (
    "With a browser, sign in. The easiest way: type this in a terminal, and the browser opens signed in: "
    "`titan dashboard`. Or paste a token of yours for the cluster, for instance that of a service account: "
    f"`kubectl create token NAME --namespace NAMESPACE --audience {names.AUDIENCE_STORE}`."
)
"""What a person can do about a refusal; the sign-in page says the same words (dashboard/src/app/signInWords.ts)."""

_ANONYMOUS = Identity("system:anonymous")


@dataclass(frozen=True, eq=False)
class Need:
    """What a route asks of its caller. Equal only to itself, so that looking up who was let in costs next to nothing."""

    resource: str
    verb: str
    allows_anonymous: bool = False
    """Also open to callers without a token, in the one namespace that the settings name."""
    group: str = names.STORE_GROUP
    is_for_people: bool = False
    """The caller's token may also be the one for the API server itself: people have no other."""
    is_for_attempts: bool = False
    """The handler will ask ``require_attempt``, so the caller's pod is looked up along with the rest."""

    @cached_property
    def of_person(self) -> "Need":
        """The same for somebody who has signed in with a browser; but only a pod's own token speaks for an attempt."""
        return self if self.is_for_people or self.is_for_attempts else replace(self, is_for_people=True)


def need_of_kind(plural: str, verb: str) -> Need:
    """The right to one of Titan's own kinds, as kubectl would need it."""
    return Need(plural, verb, group=names.GROUP, is_for_people=True)


@dataclass(frozen=True)
class Caller:
    """Somebody who was let in."""

    identity: Identity
    namespace: str
    namespace_uid: str
    pod: PodFacts | None = None
    """Looked up only for needs that ``is_for_attempts``, and only for tokens that are bound to a pod."""


class Gate:
    """Made once per process, because its caches keep the load off the API server."""

    def __init__(self, reviewer: Reviewer, anonymous_namespace: str | None, clock: Monotonic) -> None:
        self._reviewer = reviewer
        self._anonymous_namespace = anonymous_namespace
        self._identities: AnswerCache[bytes, Identity | None] = AnswerCache(_seconds, clock)
        self._people: AnswerCache[bytes, Identity | None] = AnswerCache(_seconds, clock)
        self._rights: AnswerCache[tuple[Identity, Attributes], bool] = AnswerCache(_seconds, clock)
        # By the caller's uid too: the service accounts of a namespace that was made again are new ones,
        # so none of them is ever led to the old namespace's data.
        self._namespaces: AnswerCache[tuple[str, str], str | None] = AnswerCache(_seconds, clock)
        self._pods: AnswerCache[BoundPod, PodFacts | None] = AnswerCache(_seconds, clock)
        self._places: AnswerCache[tuple[Identity, Attributes, frozenset[str]], frozenset[str]] = AnswerCache(
            lambda _: POSITIVE_SECONDS, clock, PLACES_LIMIT
        )
        self._clock = clock
        self._admitted: dict[tuple[str | None, str, Need, str], tuple[Caller, float]] = {}

    async def admit(self, token: str | None, namespace: str, need: Need, name: str = "") -> Caller:
        """Let somebody into a namespace. Raises Unauthenticated, Forbidden, NotFound, Unavailable."""
        key = token, namespace, need, name
        known = self._admitted.get(key)
        if known is not None and self._clock() < known[1]:
            return known[0]
        caller, until = await self._ask(token, namespace, need, name)
        self._admitted.pop(key, None)
        self._admitted[key] = caller, until
        while len(self._admitted) > ADMITTED_LIMIT:
            del self._admitted[next(iter(self._admitted))]
        return caller

    async def admit_known(self, identity: Identity, namespace: str, need: Need, name: str = "") -> Caller:
        """Let somebody in whom a trusted proxy has signed in. Raises Forbidden, NotFound, Unavailable."""
        wanted = Attributes(need.resource, need.verb, namespace, need.group, name)
        _, uid = await asyncio.gather(self.require(identity, wanted), self._namespace_uid(identity, namespace))
        return Caller(identity, namespace, uid)

    async def _ask(self, token: str | None, namespace: str, need: Need, name: str) -> tuple[Caller, float]:
        """Who it is, and until when that holds: as long as the oldest of the answers that it rests on."""
        if token is None and need.allows_anonymous and namespace == self._anonymous_namespace:
            anonymous_uid = await self._namespace_uid(_ANONYMOUS, namespace)
            return Caller(_ANONYMOUS, namespace, anonymous_uid), self._namespaces.until((_ANONYMOUS.uid, namespace))
        identity, is_person = (
            await self._identify_either(token) if need.is_for_people else (await self._identify(token), False)
        )
        # A pod's identity differs from that of its neighbours by the pod alone, which gives no right.
        subject = _without_pod(identity)
        wanted = Attributes(need.resource, need.verb, namespace, need.group, name)
        # All at once: each answer is a round trip, and the hop from a job to the next waits for them.
        right, uid, pod = await asyncio.gather(
            self.require(subject, wanted),
            self._namespace_uid(subject, namespace),
            self._find_pod(identity if need.is_for_attempts else subject),
            return_exceptions=True,
        )
        if isinstance(right, BaseException):
            raise right
        if isinstance(uid, BaseException):
            raise uid
        if isinstance(pod, BaseException):
            raise pod
        until = [
            (self._people if is_person else self._identities).until(_digest(token)),
            self._rights.until((subject, wanted)),
            self._namespaces.until((subject.uid, namespace)),
        ]
        if pod is not None and identity.pod is not None:
            until.append(self._pods.until(identity.pod))
        return Caller(identity, namespace, uid, pod), min(until)

    async def admit_everywhere(self, token: str | None, need: Need) -> Identity:
        """Let somebody see all namespaces. Raises Unauthenticated, Forbidden, Unavailable."""
        identity = await self._identify(token)
        await self.require(_without_pod(identity), Attributes(need.resource, need.verb, ""))
        return identity

    async def identify(self, token: str | None) -> Identity:
        """Whose token it is, whether made for the store or for the API server. Raises Unauthenticated, Unavailable."""
        return _without_pod((await self._identify_either(token))[0])

    async def is_for_api_server(self, token: str) -> bool:
        """Whether the API server itself accepts the token, so that the store can act for its owner. Raises Unavailable."""
        return await self._people.get(_digest(token), lambda: self._reviewer.review_person(token)) is not None

    async def may(self, subject: Identity, wanted: Attributes) -> bool:
        """Whether somebody has a right. Raises Unavailable."""
        subject = _without_pod(subject)
        return await self._rights.get((subject, wanted), lambda: self._reviewer.review_access(subject, wanted))

    async def require(self, subject: Identity, wanted: Attributes) -> None:
        """Raises Forbidden, Unavailable."""
        if not await self.may(subject, wanted):
            raise Forbidden(describe_refusal(subject, wanted))

    async def find_places(
        self, subject: Identity, wanted: Attributes, namespaces: frozenset[str]
    ) -> frozenset[str] | None:
        """Where somebody has a right; None: everywhere, whatever namespaces there are. Raises Unavailable."""
        if await self.may(subject, replace(wanted, namespace="")):
            return None

        async def ask() -> frozenset[str]:
            ordered = sorted(namespaces)
            questions = (self.may(subject, replace(wanted, namespace=namespace)) for namespace in ordered)
            answers = await asyncio.gather(*questions)
            return frozenset(namespace for namespace, answer in zip(ordered, answers, strict=True) if answer)

        return await self._places.get((subject, wanted, namespaces), ask)

    async def _identify(self, token: str | None) -> Identity:
        if not token:
            raise Unauthenticated(f"The request carries no token (Authorization: Bearer, or X-Titan-Token). {SIGN_IN}")
        identity = await self._identities.get(_digest(token), lambda: self._reviewer.review_token(token))
        if identity is None:
            raise Unauthenticated(f"The token is not valid for the audience {names.AUDIENCE_STORE}.")
        return identity

    async def _identify_either(self, token: str | None) -> tuple[Identity, bool]:
        """Identify by the store's audience or else by the API server's; True: it was the latter."""
        try:
            return await self._identify(token), False
        except Unauthenticated:
            if not token:
                raise
        identity = await self._people.get(_digest(token), lambda: self._reviewer.review_person(token))
        if identity is None:
            raise Unauthenticated(f"The token is valid neither for the API server nor for {names.AUDIENCE_STORE}.")
        return identity, True

    async def _find_pod(self, identity: Identity) -> PodFacts | None:
        pod = identity.pod
        return await self._pods.get(pod, lambda: self._reviewer.get_pod(pod.namespace, pod.name)) if pod else None

    async def _namespace_uid(self, subject: Identity, namespace: str) -> str:
        key = subject.uid, namespace
        uid = await self._namespaces.get(key, lambda: self._reviewer.get_namespace_uid(namespace))
        if uid is None:
            raise NotFound("NamespaceNotFound", f"There is no namespace {namespace}.")
        return uid


def require_attempt(caller: Caller, job: str, attempt: int) -> None:
    """Only the pod of an attempt may speak for it. Raises Forbidden."""
    pod = caller.identity.pod
    if pod is None or pod.namespace != caller.namespace:
        raise Forbidden(f"Only a token that is bound to a pod of namespace {caller.namespace} may do this.")
    if caller.pod is None or caller.pod.uid != pod.uid:
        raise Forbidden(f"The pod {pod.name} that this token is bound to is gone.")
    found = caller.pod.labels.get(names.LABEL_JOB_UID), caller.pod.labels.get(names.LABEL_ATTEMPT)
    if found != (job, str(attempt)):
        raise Forbidden(f"The pod {pod.name} does not run attempt {attempt} of job {job}.")


def describe_refusal(subject: Identity, wanted: Attributes) -> str:
    """One sentence that says what somebody may not do."""
    where = f"in namespace {wanted.namespace}" if wanted.namespace else "in all namespaces"
    what = f"{wanted.resource}.{wanted.group}" if wanted.group else wanted.resource
    return f"{subject.username} may not {wanted.verb} {what} {where}."


def _without_pod(identity: Identity) -> Identity:
    return Identity(identity.username, identity.uid, identity.groups) if identity.pod else identity


def _digest(token: str | None) -> bytes:
    return hashlib.sha256((token or "").encode()).digest()


def _seconds(answer: object) -> float:
    return POSITIVE_SECONDS if answer else NEGATIVE_SECONDS
