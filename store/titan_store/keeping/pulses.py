"""Wakes those who follow a log or the stream of outcomes, within the process and without polling.

A follower takes a ticket, *then* looks at what is stored, then waits for the ticket: whatever is stored after the
look wakes it. All followers of one thing share one future, so a thousand of them cost one.
"""

import asyncio
from collections.abc import Hashable
from weakref import WeakValueDictionary


class Pulse:
    """One thing that people wait for."""

    def __init__(self) -> None:
        self._ticket: asyncio.Future[None] | None = None

    def take_ticket(self) -> asyncio.Future[None]:
        """Resolved by the next ``wake``; shared, so it must not be cancelled."""
        if self._ticket is None:
            self._ticket = asyncio.get_running_loop().create_future()
        return self._ticket

    def wake(self) -> None:
        """Something has changed."""
        if self._ticket is not None:
            self._ticket.set_result(None)
            self._ticket = None


class Pulses:
    """A pulse per key, for as long as somebody holds it; all beat when the process is about to end."""

    def __init__(self) -> None:
        self._pulses: WeakValueDictionary[Hashable, Pulse] = WeakValueDictionary()
        self.is_closing = False
        """Followers end their answers when they see it."""

    def of(self, key: Hashable) -> Pulse:
        """The pulse of the key; hold it while waiting."""
        pulse = self._pulses.get(key)
        if pulse is None:
            self._pulses[key] = pulse = Pulse()
        return pulse

    def wake(self, key: Hashable) -> None:
        """Wake whoever waits for the key."""
        pulse = self._pulses.get(key)
        if pulse is not None:
            pulse.wake()

    def close(self) -> None:
        """Wake everybody, and tell them to leave."""
        self.is_closing = True
        for pulse in list(self._pulses.values()):
            pulse.wake()
