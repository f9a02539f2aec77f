"""The embedded cluster: a local API subset, a scheduler, controllers, and a kubelet that runs pods as processes.

Rooms, each one or several processes::

    running/      a cluster on this machine: state directory, supervisor, ports, readiness, reports
    apiserver/    the API server
    kubelet/      runs pods as process groups on simulated nodes
    scheduler/    binds pods to nodes
    controllers/  Deployments get pods, Services get endpoints

``clusters`` brings a cluster up and takes it down, with ``credentials``, ``roles`` and ``pods``; ``bootstrap`` fills
a new API server. The rest is ground that all rooms stand on: ``kubeconfigs``, ``processes``, ``nodes``,
``daemons``, ``files``.
"""
