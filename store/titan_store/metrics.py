"""What Prometheus may know of this process; a registry per application, so that tests can have many."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_GROUPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """Told by the middleware and by the database."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._requests = Counter(
            "titan_store_requests", "Requests by route and status.", ["method", "route", "code"], registry=registry
        )
        self._commit_seconds = Histogram(
            "titan_store_commit_seconds",
            "Duration of a transaction, fsync included.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._group_size = Histogram(
            "titan_store_group_size", "Writes that shared a transaction.", buckets=_GROUPS, registry=registry
        )
        self._followers = Gauge("titan_store_followers", "Open streams of logs and outcomes.", registry=registry)

    def count_request(self, method: str, route: str, code: int) -> None:
        """A request was answered; the route is a pattern, never what a client made up."""
        self._requests.labels(method, route, str(code)).inc()

    def observe_commit(self, size: int, seconds: float) -> None:
        """A group of writes was committed, or failed."""
        self._group_size.observe(size)
        self._commit_seconds.observe(seconds)

    def count_followers(self, change: int) -> None:
        """A stream begins (1) or ends (-1)."""
        self._followers.inc(change)

    def render(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
