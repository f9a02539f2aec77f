"""The part of Kubernetes' controllers that Titan's services need: Deployments get pods, Services get endpoints.

Without ReplicaSets: a Deployment owns its pods directly, and a changed template replaces them all at once.
"""
