"""Which keys get a pass, when, by how many workers, and whether this process may write at all."""
