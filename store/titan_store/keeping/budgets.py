"""A cap on the memory of all request bodies together: beyond it the store refuses requests instead of dying."""

from titan_store.errors import Unavailable


class Budget:
    """Bytes that requests may take."""

    def __init__(self, limit: int) -> None:
        self.free = limit


class Share:
    """What one request has taken; ``release`` it at the request's end."""

    __slots__ = ("_budget", "taken")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.taken = 0

    def take(self, count: int) -> None:
        """Take this many more bytes until the end of the request. Raises Unavailable."""
        if count > self._budget.free:
            raise Unavailable("The store is serving too many big requests at once; try again.")
        self._budget.free -= count
        self.taken += count

    def release(self) -> None:
        """Give everything back."""
        self._budget.free += self.taken
        self.taken = 0
