"""The embedded cluster: a local API subset, a scheduler and a kubelet that runs pods as processes."""
