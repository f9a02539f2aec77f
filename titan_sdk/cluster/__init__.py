"""The Kubernetes API as the SDK uses it: which cluster, as whom, its objects, and watching them."""
