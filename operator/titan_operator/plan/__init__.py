"""Pure decisions: observed values go in, plans come out.

``jobs``, ``dags`` and ``approvals`` plan a key each, ``services`` a job of type Service; ``protections`` judges the
admission policies. ``observed`` is what they are given, ``decisions`` what they answer. Of a job: ``attempts`` and
``progress`` (how attempts end, and what follows), ``waits`` (what it waits for, and how long), ``runs`` (what another
run of its DAG does), ``conditions``. Of what is created: ``pods``, with ``placement``, ``runners`` and ``workspaces``,
and ``deployments``. ``graphs`` checks the graph of a DAG.
"""
