"""Prometheus metrics of the operator, in a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """All metrics of one operator process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.queue_depth = Gauge("titan_queue_depth", "Keys that wait for a pass.", registry=registry)
        self.oldest_waiting = Gauge(
            "titan_queue_oldest_waiting_seconds", "Age of the key that waits longest.", registry=registry
        )
        self.event_age = Gauge("titan_last_event_age_seconds", "Age of the last watch event.", registry=registry)
        self.objects = Gauge("titan_cached_objects", "Objects in the cache.", ["kind"], registry=registry)
        self.leader = Gauge("titan_leader", "1 while this operator may write.", registry=registry)
        self.store_connected = Gauge(
            "titan_store_connected", "1 while the store's outcomes are followed.", registry=registry
        )
        self._passes = Histogram(
            "titan_pass_seconds", "Seconds per pass.", ["kind", "result"], buckets=_SECONDS, registry=registry
        )
        self._calls = Counter(
            "titan_api_calls", "Calls by verb and code; 0: no answer.", ["verb", "kind", "code"], registry=registry
        )
        self._call_seconds = Histogram(
            "titan_api_call_seconds", "Seconds per call.", ["verb"], buckets=_SECONDS, registry=registry
        )
        self.outcomes = Counter("titan_outcomes", "Outcomes reported by the store.", registry=registry)
        self.resyncs = Counter("titan_resyncs", "Complete lists compared with the cache.", ["kind"], registry=registry)

    def api_call(self, verb: str, kind: str, code: int, seconds: float) -> None:
        """One request to the API server."""
        self._calls.labels(verb, kind, str(code)).inc()
        self._call_seconds.labels(verb).observe(seconds)

    def passed(self, kind: str, result: str, seconds: float) -> None:
        """One pass; ``result`` is done or failed."""
        self._passes.labels(kind, result).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)
