"""Running a cluster on this machine: its state directory, its processes, its ports, and what can be said of them."""
