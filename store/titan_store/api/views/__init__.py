"""The routes that the dashboard reads: the cluster as one viewer may see it.

A table: one page or panel a module (``overviews``, ``dags``, ``graph``, ``job``, ``events``, ``manifests``,
``left_files``, ``runs``, ``services``, ``approvals``, ``rights``, ``changes``), which ``catalog`` lists. ``queries``,
``documents``, ``job_documents`` and ``artifacts`` are what they share.
"""
