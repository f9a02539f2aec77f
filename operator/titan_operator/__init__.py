"""The operator: observes Titan's objects, plans, executes.

Rooms, each importing only from those after it (``pyproject.toml`` lints the order)::

    watching/   how the operator learns of changes: kopf and what keeps it in check, lists, the store's outcomes
    passes/     when a key is looked at: queue, workers, leader election
    cluster/    what the operator asks of the API server, and the few things that it keeps in order there
    state/      the cache, and the indexes that each change updates
    plan/       the decisions: pure functions from observed values to plans
    records/    slim, frozen records of objects, parsed from JSON and rendered back

``reconcile`` is the recipe of one pass, ``observe`` and ``execute`` are its two ends. ``application`` wires the parts,
``process`` runs them, ``replicas`` starts and stops them with the Lease.
"""
