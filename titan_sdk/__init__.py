"""Titan on Kubernetes: the Python SDK."""
