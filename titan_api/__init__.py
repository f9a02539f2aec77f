"""The contract between everything in Titan: what its parts must agree on, each thing said once.

Names and defaults
    ``names`` (every string that the cluster sees, and how objects are called), ``defaults`` (defaults and limits),
    ``profiles`` (what a requirement means in a cluster), ``job_fields`` (what can be said of a job, from which TitanJob's
    checks, manifests, YAML keys, options, tools and the models' bounds are derived).
Spellings
    ``quantities``, ``times``, ``digests``, ``likeness`` (whether an object is as it was asked for), ``publications``
    (under which keys published files are registered), ``json_types``.
Models
    ``kinds``: the three kinds ``jobs``, ``dags`` and ``approvals``, of the ``fields`` that they share; ``crds`` derives
    the CustomResourceDefinitions. This room alone imports pydantic.
Views
    ``views``: what a caller sees of an object.
Rules, all pure
    ``parents`` (when a child goes on, what stops it), ``verdicts`` (what decisions at a gate amount to), ``situations``
    and ``reasons`` (what holds a job up), ``retries``, ``runs`` (DAGs of one agent run), ``copies`` (a DAG once more).

Every package but the runner imports this one; it imports pydantic and the standard library only. Everything but the
models runs on Python 3.9 without pydantic, because the SDK brings it into users' images.
"""
