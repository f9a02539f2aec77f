"""What runs inside a job's pod: fetch the source, run it, ship its log, record its outcome."""
