"""The reference pages that are made from the code, so that they cannot tell of anything else."""
