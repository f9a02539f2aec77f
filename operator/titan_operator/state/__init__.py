"""What the operator knows: the cache of records, what is derived from it, and what is expected of writes under way."""
