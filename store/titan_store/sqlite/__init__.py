"""Rows of the store in SQLite.

``database`` is the connection and the group commit, ``schema`` the tables and their migrations, ``limits`` the quotas,
``memories`` what look-ups found until the next write. The other modules are one table or one question each: ``values``,
``sets``, ``files``, ``blobs``, ``logs``, ``outcomes``, ``workspaces``, ``sessions``, ``deliveries``, ``namespaces``.
"""
