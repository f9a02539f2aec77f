"""The embedded cluster's API server: the subset of the Kubernetes API that Titan and kubectl need."""
