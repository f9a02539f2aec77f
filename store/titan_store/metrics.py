"""What Prometheus may know about this process: counted in plain numbers, rendered by its client when it asks.

The client is slow to load and to count with, so only a scrape loads it.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_GROUPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Tally:
    """A histogram: how many observations fell into each bucket, and their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """One observation."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative, as Prometheus has them."""
        total, found = 0, []
        for bound, count in zip((*map(float, self.bounds), "+Inf"), self.counts, strict=True):
            total += count
            found.append((str(bound), float(total)))
        return found


class Metrics:
    """Counts what the handlers, the database and the webhooks report; one for each application, so tests can have many."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._webhooks: Counter[bool] = Counter()
        self._commit_seconds = Tally(_SECONDS)
        self._group_size = Tally(_GROUPS)
        self._followers = 0

    def count_webhook(self, is_taken: bool) -> None:
        """Counts a message to a webhook."""
        self._webhooks[is_taken] += 1

    def count_request(self, method: str, route: str, code: int) -> None:
        """Counts an answered request; the route is a pattern, never what a client made up."""
        self._requests[method, route, code] += 1

    def observe_commit(self, size: int, seconds: float) -> None:
        """Counts a group of writes that was committed or failed."""
        self._group_size.observe(size)
        self._commit_seconds.observe(seconds)

    def count_followers(self, change: int) -> None:
        """Counts a stream that begins (1) or ends (-1)."""
        self._followers += change

    def render(self) -> bytes:
        """The exposition format."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> "Iterator[Metric]":
        """For Prometheus' client."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "titan_store_requests", "Requests by route and status.", labels=["method", "route", "code"]
        )
        for (method, route, code), count in self._requests.items():
            requests.add_metric([method, route, str(code)], count)
        webhooks = CounterMetricFamily("titan_store_webhooks", "Messages about gates to webhooks.", labels=["result"])
        for is_taken, count in self._webhooks.items():
            webhooks.add_metric(["taken" if is_taken else "failed"], count)
        yield requests
        yield webhooks
        for name, text, tally in (
            ("titan_store_commit_seconds", "Duration of a transaction, fsync included.", self._commit_seconds),
            ("titan_store_group_size", "Writes that shared a transaction.", self._group_size),
        ):
            yield HistogramMetricFamily(name, text, buckets=tally.buckets(), sum_value=tally.sum)
        yield GaugeMetricFamily("titan_store_followers", "Open streams of logs and outcomes.", value=self._followers)
