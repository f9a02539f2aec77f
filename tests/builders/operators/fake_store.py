"""The store's outcomes in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from titan_operator.errors import StoreAway
from titan_operator.plan.observed import Lookup
from titan_operator.records import Outcome
from titan_operator.watching.outcomes import Bookmark, RecordedOutcome, SequenceExpired


@dataclass
class FakeStore:
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    log: list[RecordedOutcome] = field(default_factory=list)
    store_id: str = "one"
    is_away: bool = False
    oldest: int = 0
    """Sequences below are forgotten."""
    asked: list[tuple[str, int]] = field(default_factory=list)

    def record(self, job_uid: str, outcome: Outcome) -> RecordedOutcome:
        """First wins."""
        self.outcomes.setdefault((job_uid, outcome.attempt), outcome)
        told = RecordedOutcome(len(self.log) + 1, job_uid, outcome)
        self.log.append(told)
        return told

    async def look_up(self, namespace: str, job_uid: str, attempt: int) -> Outcome | Lookup:
        self.asked.append((job_uid, attempt))
        if self.is_away:
            return Lookup.UNREACHABLE
        return self.outcomes.get((job_uid, attempt), Lookup.ABSENT)

    async def follow_away(self, namespace: str, job_uid: str, attempt: int) -> Outcome | Lookup:
        """In place of ``look_up``: the stream works, look-ups do not."""
        return Lookup.UNREACHABLE

    async def follow(self, after: int | None) -> AsyncIterator[Bookmark | RecordedOutcome]:
        """What is there already, then the connection breaks."""
        if self.is_away:
            raise StoreAway("the store is away")
        newest = len(self.log)
        if after is not None and not self.oldest <= after <= newest:
            raise SequenceExpired("too old")
        yield Bookmark(newest if after is None else after, self.store_id)
        for told in self.log[newest if after is None else after :]:
            yield told
        raise StoreAway("the connection broke")
