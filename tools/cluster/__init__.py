"""A real single-node Kubernetes on a plain Linux machine, for tests: `python -m tools.cluster up`.

etcd, API server, controllers, scheduler, kubelet, containerd, kube-proxy and CoreDNS run as plain processes inside
Linux namespaces of their own (network, mounts, processes). Whatever they mount, route or start lives and dies with
these namespaces, so taking the cluster down, or losing the machine's power, leaves nothing behind.
"""
