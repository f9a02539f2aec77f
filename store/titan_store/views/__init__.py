"""What people see of the cluster, computed from a cache that is kept only while somebody looks.

``cached`` is the cache: slim records of the cluster's objects. ``following`` fills it, ``changes`` tells what changed in
it, ``memos`` remembers what was computed from it. ``graph`` folds a DAG's graph. The other modules are pure functions
of records, one question each: ``capacities``, ``comments``, ``listings``, ``pages``, ``queues``, ``situations``,
``stages``. ``audiences`` limits who looks on.
"""
