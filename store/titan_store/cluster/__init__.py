"""What the store reads, watches and writes in the cluster: namespaces, DAGs, jobs, gates, nodes, pods, Events."""
