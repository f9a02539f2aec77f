"""A store in a cluster, and somebody who is signed in."""

from builders.store.fixtures import browser, cluster, store

__all__ = ["browser", "cluster", "store"]
