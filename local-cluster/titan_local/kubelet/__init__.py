"""The embedded cluster's kubelet: runs pods as process groups on simulated nodes.

Of a pod: ``workers`` (its life, one worker each), ``volumes``, ``probes``, ``statuses``. Of a container: ``launches``
(what is started), ``environment``, ``processes`` (its runs), ``shim`` (the parent of its process), ``sessions``
(finding and ending its processes), ``listeners`` (whose process has a port). Of the node: ``registration`` and
``logs``.
"""
