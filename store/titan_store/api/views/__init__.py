"""The routes that the dashboard reads: the cluster as one viewer may see it."""
