"""What Kubernetes' own controllers do, as far as Titan's services need it: Deployments get pods, Services get endpoints.

Without ReplicaSets: a Deployment owns its pods directly, and a changed template replaces them all at once.
"""
