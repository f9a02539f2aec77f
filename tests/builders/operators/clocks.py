"""Time that passes only when a test says so."""

from datetime import datetime, timedelta

from builders.operators.records import NOW


class VirtualClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def advance_to(self, moment: float) -> None:
        self.seconds = max(self.seconds, moment)

    def pass_by(self, seconds: float) -> None:
        """So much time passes, and nothing happens."""
        self.advance_to(self.monotonic() + seconds)
