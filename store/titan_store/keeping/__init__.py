"""What storage promises its callers, and what holds for every backend: blobs, workspaces, memory, wake-ups."""
