"""Whether the API server itself proves who decides about gates: are its admission policies in force?

Asked before a decision is counted, and regularly; each change is logged once and wakes every gate that is open.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from titan_api import names
from titan_api.json_types import Raw
from titan_api.verdicts import FINAL_VERDICTS
from titan_kube.errors import APIError, Forbidden, NotFound
from titan_operator.clocks import Clock
from titan_operator.cluster.gateway import KIND_POLICY, KIND_POLICY_BINDING, Gateway
from titan_operator.plan.observed import Protection
from titan_operator.records import ApprovalRecord, Key
from titan_operator.state.cache import Cache

log = logging.getLogger(__name__)

PERIOD_SECONDS = 30.0
"""Pause between reads of the policies."""
MISSING_PERIOD_SECONDS = 5.0
"""The same while policies that are required are not in force: gates wait for them."""
FRESH_SECONDS = 2.0
"""Where policies are required, they are read again before a decision is counted if the last read is older."""

SELECTORS = ("resourceRules", "excludeResourceRules", "namespaceSelector", "objectSelector")
"""Parts of a binding that would leave some gates without protection."""


class Protections:
    """Reads the policies and remembers them. Passes that ask at the same time share one read."""

    def __init__(
        self, gateway: Gateway, cache: Cache, clock: Clock, wake: Callable[[Iterable[Key]], None], *, is_required: bool
    ) -> None:
        self._gateway = gateway
        self._cache = cache
        self._clock = clock
        self._wake = wake
        self._is_required = is_required
        self._lock = asyncio.Lock()
        self._known: Protection | None = None
        self._looked = 0.0

    async def current(self) -> Protection:
        """What is known, recent enough to count decisions. Raises APIError if nothing is known and nobody answers."""
        async with self._lock:
            age = self._clock.monotonic() - self._looked
            if self._known is None or age > (FRESH_SECONDS if self._is_required else PERIOD_SECONDS):
                await self._look()
            assert self._known is not None
            return self._known

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                is_missing = self._is_required and bool((await self.current()).missing)
            except APIError as error:
                log.info("the admission policies cannot be read: %s", error)
                is_missing = True
            await self._clock.sleep(MISSING_PERIOD_SECONDS if is_missing else PERIOD_SECONDS)

    async def _look(self) -> None:
        try:
            found = Protection(await self._find_missing(), self._is_required)
        except APIError as error:
            if self._known is None:
                raise
            log.info("the admission policies cannot be read: %s", error)
            return
        self._looked = self._clock.monotonic()
        if found != self._known:
            self._known = found
            self._tell(found)
            self._wake(self._open_gates())

    def _tell(self, found: Protection) -> None:
        if found.missing and found.is_required:
            log.error(
                "approvals is Require, but %s: no decision about a gate counts until that is fixed", found.missing
            )
        elif found.is_required:
            log.warning("the admission policies are in force: decisions about gates count")
        else:
            log.info("the admission policies: %s", found.missing or "in force")

    def _open_gates(self) -> list[Key]:
        return [
            record.key
            for record in self._cache.records()
            if isinstance(record, ApprovalRecord) and record.status.phase not in FINAL_VERDICTS
        ]

    async def _find_missing(self) -> str:
        for name in names.POLICIES:
            policy = await self._get(KIND_POLICY, name)
            binding = await self._get(KIND_POLICY_BINDING, name)
            flaw = policy if isinstance(policy, str) else _flaw_of_policy(name, policy["spec"])
            flaw = flaw or (binding if isinstance(binding, str) else _flaw_of_binding(name, binding["spec"]))
            if flaw:
                return flaw
        return ""

    async def _get(self, kind: str, name: str) -> Raw | str:
        """The object, or what is wrong with it."""
        try:
            return await self._gateway.get(kind, "", name)
        except NotFound:
            return f"the {kind} {name} is missing"
        except Forbidden:
            return f"the operator may not read the {kind} {name}"


def _flaw_of_policy(name: str, spec: Any) -> str:
    if spec.get("failurePolicy", "Fail") != "Fail":
        return f"the {KIND_POLICY} {name} does not have failurePolicy Fail"
    return ""


def _flaw_of_binding(name: str, spec: Any) -> str:
    if spec.get("policyName") != name:
        return f"the {KIND_POLICY_BINDING} {name} binds another policy"
    if "Deny" not in (spec.get("validationActions") or ()):
        return f"the {KIND_POLICY_BINDING} {name} does not deny"
    selection = spec.get("matchResources") or {}
    if any(selection.get(part) for part in SELECTORS):
        return f"the {KIND_POLICY_BINDING} {name} excludes some objects by matchResources"
    return ""
