"""A real Python 3.9 for the tests: the oldest that jobs' images may have, long gone from current distributions."""
