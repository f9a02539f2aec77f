"""Running a cluster on this machine: its state directory, processes, ports, readiness and status."""
