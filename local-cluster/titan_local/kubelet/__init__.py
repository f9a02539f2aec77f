"""The embedded cluster's kubelet: runs pods as process groups on simulated nodes."""
