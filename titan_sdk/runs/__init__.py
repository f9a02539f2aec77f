"""What became of a submission: finding, explaining, waiting, steering, deciding gates."""
