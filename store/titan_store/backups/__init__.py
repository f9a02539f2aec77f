"""A data directory as one file, taken while the store runs, and back again."""
