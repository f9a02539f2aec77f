"""A Reviewer that needs no API server: who may do what is said by the test."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from titan_store.auth.identities import Attributes, BoundPod, Identity, PodFacts
from titan_store.errors import Unavailable

from titan_api import names

NAMESPACE = "team"
NAMESPACE_UID = "11111111-2222-3333-4444-555555555555"
JOB = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
CLIENT, RUNNER, OPERATOR, STRANGER = "client-token", "runner-token", "operator-token", "stranger-token"
ALICE, BOB = "alice-token", "bob-token"
"""People: their tokens are for the API server."""


class FakeReviewer:
    """Knows a client, the runner of attempt 1 of JOB, the operator, and a stranger without rights."""

    def __init__(self) -> None:
        client = Identity("system:serviceaccount:team:titan-client", "client-uid")
        self.identities = {
            CLIENT: client,
            OPERATOR: Identity("system:titan:operator", "operator-uid"),
            STRANGER: Identity("stranger", "stranger-uid"),
            ALICE: Identity("alice@example.com", "alice-uid", ("leads", "staff")),
            BOB: Identity("bob@example.com", "bob-uid", ("staff",)),
        }
        self.people = {ALICE, BOB}
        """Tokens for the API server's own audience only."""
        self.for_the_store = {CLIENT, RUNNER}
        """Tokens for the store's audience only."""
        self.cluster_wide = {"system:titan:operator"}
        self.may_decide = {"alice@example.com", "bob@example.com"}
        self.may_decide_about: dict[str, str] = {}
        """Names of gates by people who may decide about that one alone."""
        self.asked: list[tuple[str, Attributes]] = []
        """Who wanted to do what with gates."""
        self.may_do_nothing = {"stranger"}
        self.refused: set[tuple[str, str, str]] = set()
        """User, verb and resource that are refused whatever else is said here."""
        self.namespaces = {NAMESPACE: NAMESPACE_UID, "other": "99999999-2222-3333-4444-555555555555"}
        self.pods: dict[tuple[str, str], PodFacts] = {}
        self.questions: Counter[str] = Counter()
        self.is_away = False
        self.add_runner(RUNNER, JOB, 1)

    def add_runner(self, token: str, job: str, attempt: int, namespace: str = NAMESPACE) -> None:
        """A pod, and the token that is bound to it."""
        name = f"pod-{job[:8]}-{attempt}"
        labels = {names.LABEL_JOB_UID: job, names.LABEL_ATTEMPT: str(attempt)}
        self.pods[namespace, name] = PodFacts(f"uid-of-{name}", labels)
        pod = BoundPod(namespace, name, f"uid-of-{name}")
        self.identities[token] = Identity(f"system:serviceaccount:{namespace}:titan-job", "job-uid", (), pod)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeReviewer"]:
        """As ``build_app`` wants it."""
        yield self

    async def review_token(self, token: str) -> Identity | None:
        await self._answer("token")
        return None if token in self.people else self.identities.get(token)

    async def review_person(self, token: str) -> Identity | None:
        await self._answer("person")
        return None if token in self.for_the_store else self.identities.get(token)

    async def review_access(self, identity: Identity, attributes: Attributes) -> bool:
        await self._answer("access")
        refused = identity.username, attributes.verb, attributes.resource
        if identity.username in self.may_do_nothing or refused in self.refused:
            return False
        if attributes.group == names.GROUP:
            self.asked.append((identity.username, attributes))
            if attributes.verb != names.APPROVE_VERB or identity.username in self.may_decide:
                return True
            return bool(attributes.name) and self.may_decide_about.get(identity.username) == attributes.name
        if attributes.group == "":
            return True
        own = identity.username.startswith(f"system:serviceaccount:{attributes.namespace}:")
        return own or identity.username in self.cluster_wide

    async def get_namespace_uid(self, name: str) -> str | None:
        await self._answer("namespace")
        return self.namespaces.get(name)

    async def get_pod(self, namespace: str, name: str) -> PodFacts | None:
        await self._answer("pod")
        return self.pods.get((namespace, name))

    async def _answer(self, question: str) -> None:
        self.questions[question] += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise Unavailable("The API server does not answer.")
