"""The embedded cluster's scheduler: binds pods to simulated nodes."""
