"""What the store reads and writes in the cluster beside its callers' rights: namespaces, jobs, gates."""
