"""The embedded cluster's API server: the subset of the Kubernetes API that Titan and kubectl need.

Rooms, each importing only from those after it::

    http/         from request to answer
    identity/     who calls, and what they may do
    persistence/  objects in SQLite
    rules/        what a real API server refuses, fills in and renders: pure functions

``app`` puts a request through them. ``objects`` has the verbs on one object, with ``admission`` and ``catalog``;
``lifecycle`` runs what happens by itself: ``collector`` (dependents of deleted owners) and ``namespaces``.
"""
